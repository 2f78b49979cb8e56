import { join } from 'node:path';
import { changeTree, insertDirectory, insertNumbered, type NumberedEntry } from '#core/index';
import { findOrInsertTold } from '#core/content';
import { deviceKeys } from '#core/crypto';
import { pinDevice } from '#core/devices';
import { deviceId, entryId, locationId, nameSortKey, type EntryId, type WireValue } from '#core/kernel';
import { createIndexSync, type IndexSync } from '#core/replicas';
import { openDatabase, type Database } from '#core/schema';
import { createNameIndex } from '#core/search';
import { nameThisDevice } from '#core/sync';
import { createNodeHost } from '../../../peer/host/node-host.ts';
import { holds } from '../../conformance/core-world.ts';
import { createSimRandom } from '../../sim/host/random.ts';
import type { Figure } from '../figure.ts';
import { median, timed } from '../measure.ts';
import { temporaryFolder } from './node-library.ts';

const entries = 100_000;
const filesPerFolder = 99;
/** As a session asks for them. */
const batchBytes = 256 * 1024;
/** First sync of 100,000 entries within so many times of what plain inserts of the same rows take (issue 5). */
const askedTimes = 3;
const rowsPerTransaction = 4_000;
const tries = 3;
const ownerId = deviceId('1'.padStart(32, '0'));
const ownerKeys = deviceKeys(new Uint8Array(32));
const never = new AbortController().signal;
const root = entryId(1);
const location = locationId(1);

type Device = { readonly database: Database; readonly sync: IndexSync; readonly close: () => void };

async function openDevice(folder: string, number: number): Promise<Device> {
	const host = createNodeHost({ secretsFolder: join(folder, 'secrets') });
	const connection = await host.database.connect(join(folder, `${number}.sdlibrary`), never);
	if (!connection.ok) throw new Error(connection.failure.type);
	const opened = openDatabase(connection.value, { rawKey: '3c'.repeat(48), where: 'here', expect: 'new' });
	if (!opened.ok) throw new Error(opened.failure.type);
	const database = opened.value;
	const { clock, random } = host;
	const names = createNameIndex(database);
	const named = deviceId(String(number).padStart(32, '0'));
	database.write(() => nameThisDevice(database, named, clock.nowMs()));
	const nothing = () => undefined;
	const told = { onMerged: nothing, onIntroduced: nothing };
	const sync = createIndexSync({ database, clock, random, names, library: 'measured', ...told });
	const owner = { id: ownerId, kind: 'peer', name: 'owner', signingKey: ownerKeys.signing.public } as const;
	if (named !== ownerId) database.write(() => pinDevice(database, owner, [], clock.nowMs()));
	return { database, sync, close: () => connection.value.close() };
}

/** A library of photos in folders of a hundred, every one of which is known by its bytes, most by bytes of its own. */
function fill({ database }: Device): void {
	const random = createSimRandom(5);
	const names = createNameIndex(database);
	const row = (id: EntryId, name: string, kind: 'directory' | 'file', content: number | null, sizeBytes: number) => ({
		id,
		entry: { name, kind, sizeBytes, modifiedMs: 1_700_000_000_000 + random.integer(100_000_000), inode: null },
		sortKey: nameSortKey(name),
		content,
		proven: 0
	});
	const write = (work: Parameters<typeof changeTree<void>>[2]) =>
		holds(database.write(() => changeTree(database, names, work)).ok, 'the rows are written');
	write((tree) => {
		insertNumbered(tree, null, null, [row(root, 'Photos', 'directory', null, 0)]);
		insertDirectory(database, root, location);
		database
			.prepare('INSERT INTO location (id, name, root, entry, addedMs, run, unfinished) VALUES (1, ?, ?, 1, 1, 1, 0)')
			.run(['Photos', '/photos']);
	});
	for (let id = 2; id < entries + 2;) {
		write((tree) => {
			const folder = entryId(id++);
			insertNumbered(tree, root, location, [row(folder, `2024-${folder}`, 'directory', null, 0)]);
			const files: NumberedEntry[] = [];
			for (; files.length < filesPerFolder && id < entries + 2; id++) {
				const sizeBytes = 100_000 + random.integer(10_000_000);
				const told = { identity: random.bytes(32), proof: null, sizeBytes, kind: 'image', type: 'jpeg' } as const;
				const content = findOrInsertTold(database, { ...told, confidence: 100 });
				files.push(row(entryId(id), `IMG_2024_${String(id).padStart(7, '0')}.jpg`, 'file', content, sizeBytes));
			}
			insertNumbered(tree, folder, location, files);
		});
	}
}

/** About what a batch is on the wire: its texts and bytes, and what says where each begins. */
function wireBytes(value: WireValue): number {
	if (value instanceof Uint8Array) return value.length + 5;
	if (typeof value === 'string') return Buffer.byteLength(value) + 5;
	if (Array.isArray(value)) return value.reduce((sum: number, one: WireValue) => sum + wireBytes(one), 3);
	if (typeof value === 'object' && value !== null)
		return Object.entries(value).reduce((sum, [key, one]) => sum + key.length + 1 + wireBytes(one), 1);
	return typeof value === 'number' ? 5 : 1;
}

function first(from: Device, to: Device): { readonly bytes: number; readonly batches: number } {
	const sent = { bytes: 0, batches: 0 };
	for (;;) {
		const next = from.sync.domain.next(to.sync.domain.have(), batchBytes);
		if (next === null) return sent;
		if (!next.ok) throw new Error(next.failure.type);
		sent.bytes += wireBytes(next.value.batch);
		sent.batches++;
		const merged = to.sync.domain.merge(ownerId, next.value.batch);
		if (!merged.ok) throw new Error(merged.failure.type);
	}
}

const copied = ['content', 'entry', 'directory', 'closure', 'location'];

/** Every row that the owner has, written one by one by plain statements, its name into the index of names as well. */
function insertPlainly(from: Device, to: Device): void {
	for (const table of copied) {
		const rows = from.database.prepare(`SELECT * FROM ${table}`).all();
		const columns = Object.keys(rows[0] ?? {});
		const insert = to.database.prepare(
			`INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`
		);
		const names = createNameIndex(to.database);
		for (let at = 0; at < rows.length; at += rowsPerTransaction)
			to.database.write(() => {
				for (const row of rows.slice(at, at + rowsPerTransaction)) {
					insert.run(Object.values(row));
					if (table === 'entry') names.add(entryId(row['id']), String(row['name']));
				}
			});
	}
}

/** The first sync of a library, from one database on this disk to another, against plain inserts of the same rows. */
export async function measureSyncIndex(): Promise<Figure[]> {
	const times: { sync: number; plain: number }[] = [];
	let sent = { bytes: 0, batches: 0 };
	for (let round = 0; round < tries; round++) {
		const { path, remove } = temporaryFolder();
		const [owner, other, plain] = [await openDevice(path, 1), await openDevice(path, 2), await openDevice(path, 3)];
		holds(owner.sync.share(ownerKeys.signing).ok, 'the index is shared');
		fill(owner);
		const syncMs = await timed(() => void (sent = first(owner, other)));
		const plainMs = await timed(() => insertPlainly(owner, plain));
		const count = other.database.prepare('SELECT count(*) FROM entry').column()[0];
		holds(count === entries + 1, `all entries came: ${String(count)}`);
		times.push({ sync: syncMs, plain: plainMs });
		for (const device of [owner, other, plain]) device.close();
		remove();
	}
	const share = median(times.map(({ sync, plain }) => sync / plain));
	return [
		{ name: 'node.sync-index.against-inserts', measured: share, unit: 'share', asked: askedTimes, tolerance: 0.25 },
		{ name: 'node.sync-index.per-entry', measured: sent.bytes / entries, unit: 'bytes', tolerance: 0.05 },
		{ name: 'node.sync-index.time', measured: median(times.map(({ sync }) => sync)), unit: 'ms' },
		{ name: 'node.sync-index.inserts', measured: median(times.map(({ plain }) => plain)), unit: 'ms' },
		{ name: 'node.sync-index.batches', measured: sent.batches, unit: 'count' }
	];
}
