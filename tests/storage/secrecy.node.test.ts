import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, watch, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SqliteModule } from '@journeyapps/wa-sqlite/dist/mc-wa-sqlite.mjs';
import Engine from 'better-sqlite3-multiple-ciphers';
import { describe, expect, test, vi } from 'vitest';
import type { SqlConnection } from '#core/ports';
import { LibraryVfs, type SyncFile, type VfsSources } from '../../src/workers/host/sqlite/library-vfs.ts';
import { keyed } from '../conformance/database.ts';
import { never, thrownBy, valueOf } from '../conformance/expectation.ts';
import { createSimClock } from '../sim/host/clock.ts';
import { SimDisk } from '../sim/host/disk.ts';
import { createSimRandom } from '../sim/host/random.ts';
import { createSimDatabase, createSimEngine } from '../sim/host/sim-host.ts';
import { openKeyed, places } from './engines.ts';

vi.setConfig({ testTimeout: 60_000 });

const marker = 'Nautilus-pompilius-marker';

/** What may be in no file: a name of the person, SQL, and the mark of a database in the clear. */
const telltales = [marker, marker.toLowerCase(), 'SQLite format 3', 'CREATE TABLE', 'shelf'];

function tellingFiles(files: ReadonlyMap<string, Uint8Array>): string[] {
	return [...files].flatMap(([name, bytes]) =>
		telltales.filter((telltale) => Buffer.from(bytes).includes(telltale)).map((telltale) => `${name}: ${telltale}`)
	);
}

/** Bits of chance per byte: 8 is noise. */
function entropy(bytes: Uint8Array): number {
	const counts = new Float64Array(256);
	for (const byte of bytes) counts[byte] = (counts[byte] ?? 0) + 1;
	return counts.reduce(
		(sum, count) => (count === 0 ? sum : sum - (count / bytes.length) * Math.log2(count / bytes.length)),
		0
	);
}

/** Rows enough that sorting them outgrows any small cache. */
function fill(connection: SqlConnection, rows = 8_000): void {
	connection.exec(`
		CREATE TABLE shelf (id INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT;
		CREATE VIRTUAL TABLE words USING fts5 (name);
		WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${rows})
		INSERT INTO shelf SELECT i, printf('%08d ${marker} %0150d', (i * 7919) % ${rows}, i) FROM n;
		INSERT INTO words (rowid, name) SELECT id, name FROM shelf WHERE id < 500`);
}

for (const [name, makePlace] of Object.entries(places)) {
	describe(`bytes at rest on ${name}`, () => {
		test('hold no name, no SQL and no mark of a database, at any time of a transaction', async () => {
			const place = makePlace();
			valueOf(await place.port.writeHeader(place.folder, new TextEncoder().encode('{}'), never));
			const connection = await openKeyed(place);
			fill(connection);
			// A transaction larger than the cache: pages are on disk before it commits, and the old ones in the journal.
			connection.exec('PRAGMA cache_size = 50');
			connection.exec('BEGIN IMMEDIATE');
			connection.exec('UPDATE shelf SET name = name || name');
			expect(place.files().get('database.db-journal')?.length).toBeGreaterThan(100_000);
			expect(tellingFiles(place.files())).toEqual([]);
			connection.exec('COMMIT');
			const copy = valueOf(await place.port.snapshot(place.folder, connection, never));
			expect(tellingFiles(place.files())).toEqual([]);
			await copy.close();
			connection.exec('DELETE FROM shelf WHERE id % 3 = 0');
			connection.exec('VACUUM');
			connection.close();
			expect(tellingFiles(place.files())).toEqual([]);
			expect(entropy(place.files().get('database.db') ?? new Uint8Array(1))).toBeGreaterThan(7.99);
			place.dispose();
		});

		test('without the key all of it would show (negative control)', async () => {
			const place = makePlace();
			const connection = valueOf(await place.port.connect(place.folder, never));
			fill(connection);
			connection.close();
			expect(tellingFiles(place.files())).toEqual(expect.arrayContaining([`database.db: ${marker}`]));
			expect(entropy(place.files().get('database.db') ?? new Uint8Array(1))).toBeLessThan(7);
			place.dispose();
		});
	});
}

const sortingProgram = new URL('./sort.child.ts', import.meta.url).pathname;
const sorting = 'SELECT name FROM shelf ORDER BY name DESC';

describe('temporary files', () => {
	/** Names that came and went in a peer's folder for temporary files while it sorted. */
	async function temporaries(...options: readonly string[]): Promise<string[]> {
		const base = mkdtempSync(join(tmpdir(), 'atoll-'));
		const folder = join(base, 'temporary');
		mkdirSync(folder);
		const seen: string[] = [];
		const watcher = watch(folder, (_event, name) => seen.push(String(name)));
		// The engine opens and unlinks at once: only the system's own record of events shows it.
		execFileSync(process.execPath, [sortingProgram, join(base, 'one.sdlibrary'), ...options], {
			env: { ...process.env, SQLITE_TMPDIR: folder }
		});
		writeFileSync(join(folder, 'end'), '');
		while (!seen.includes('end')) await once(watcher, 'change');
		watcher.close();
		rmSync(base, { recursive: true, force: true });
		return seen.filter((name) => name !== 'end');
	}

	test('are not made by the peer, whatever is sorted', async () => {
		expect(await temporaries()).toEqual([]);
	});

	test('are made by the peer without the prelude (negative control)', async () => {
		expect((await temporaries('file')).length).toBeGreaterThan(0);
	});

	test('cannot be made in the browser: the disk under SQLite refuses', async () => {
		const place = places.WebAssembly();
		const connection = await openKeyed(place);
		fill(connection);
		connection.exec('PRAGMA cache_size = 20');
		expect(connection.prepare(sorting).column().length).toBe(8_000);
		connection.exec('PRAGMA temp_store = FILE');
		expect(thrownBy(() => connection.prepare(sorting).column())).toMatchObject({ code: 'io' });
		expect(connection.prepare('SELECT count(*) FROM shelf').column()).toEqual([8_000]);
		connection.close();
	});

	test('would hold names in the clear in the browser (negative control)', async () => {
		const kept: Uint8Array[] = [];
		const engine = await createSimEngine({ createVfs: (module, sources) => new GrantingVfs(module, sources, kept) });
		const port = createSimDatabase(new SimDisk(createSimRandom(1)), createSimClock(), engine);
		const connection = keyed(valueOf(await port.connect('one', never)));
		fill(connection);
		connection.exec('PRAGMA cache_size = 20; PRAGMA temp_store = FILE');
		connection.prepare(sorting).column();
		expect(kept.some((bytes) => Buffer.from(bytes).includes(marker))).toBe(true);
		connection.close();
	});
});

/** A disk that grants temporary files, and shows us what is written to them. */
class GrantingVfs extends LibraryVfs {
	readonly #memory: SqliteModule;
	readonly #kept: Uint8Array[];

	constructor(module: SqliteModule, sources: VfsSources, kept: Uint8Array[]) {
		super(module, sources);
		this.#memory = module;
		this.#kept = kept;
	}

	override xOpen(vfs: number, name: number, file: number, flags: number, flagsOut: number): number {
		if (name !== 0) return super.xOpen(vfs, name, file, flags, flagsOut);
		const path = `/temporary-${file}`;
		this.admit(path, recording(this.#kept));
		const pointer = this.#memory._malloc(path.length + 1);
		this.#memory.HEAPU8.set(new TextEncoder().encode(`${path}\0`), pointer);
		return super.xOpen(vfs, pointer, file, flags, flagsOut);
	}
}

/** A file in memory that also tells what is written to it. */
function recording(kept: Uint8Array[]): SyncFile {
	let bytes = new Uint8Array(0);
	return {
		read(into, { at }) {
			const part = bytes.subarray(at, at + into.length);
			into.set(part);
			return part.length;
		},
		write(from, { at }) {
			kept.push(from.slice());
			if (at + from.length > bytes.length) {
				const grown = new Uint8Array(at + from.length);
				grown.set(bytes);
				bytes = grown;
			}
			bytes.set(from, at);
			return from.length;
		},
		truncate: (size) => void (bytes = bytes.slice(0, size)),
		flush: () => undefined,
		getSize: () => bytes.length,
		close: () => undefined
	};
}

describe('ways around the cipher', () => {
	test('`serialize` gives decrypted bytes (why nobody may call it)', () => {
		const folder = mkdtempSync(join(tmpdir(), 'atoll-'));
		const database = new Engine(join(folder, 'x.db'), { timeout: 0 });
		database.exec("PRAGMA cipher = 'sqlcipher'; PRAGMA legacy = 4; PRAGMA key = 'secret'; CREATE TABLE t (a)");
		if (!('serialize' in database) || typeof database.serialize !== 'function')
			throw new Error('the engine has changed');
		expect(Buffer.from(database.serialize()).includes('SQLite format 3')).toBe(true);
		database.close();
		rmSync(folder, { recursive: true, force: true });
	});

	test('are called nowhere in the product', () => {
		const top = new URL('../../', import.meta.url).pathname;
		const sources = ['src', 'peer'].flatMap((folder) =>
			readdirSync(join(top, folder), { recursive: true, withFileTypes: true })
				.filter(
					(entry) => entry.isFile() && /\.(ts|svelte|js|mjs)$/.test(entry.name) && !entry.name.endsWith('.test.ts')
				)
				.map((entry) => join(entry.parentPath, entry.name))
		);
		expect(sources.length).toBeGreaterThan(40);
		const calls = /\b(_sqlite3_serialize|_sqlite3_backup_init)\b|\.(serialize|backup|loadExtension)\(/;
		expect(sources.filter((path) => calls.test(readFileSync(path, 'utf8')))).toEqual([]);
		expect(calls.test('database.serialize()')).toBe(true);
	});
});
