/** The first sync of an index, for whichever host runs it. */
import { changeTree, insertDirectory, insertNumbered, type NumberedEntry } from '#core/index';
import { findOrInsertTold } from '#core/content';
import { deviceKeys } from '#core/crypto';
import { pinDevice } from '#core/devices';
import { deviceId, entryId, locationId, nameSortKey, type EntryId, type WireValue } from '#core/kernel';
import { createIndexSync, type IndexSync } from '#core/replicas';
import { openDatabase, type Database } from '#core/schema';
import { createNameIndex } from '#core/search';
import { nameThisDevice } from '#core/sync';
import type { Host } from '#core/ports';
import { holds } from '../conformance/core-world.ts';
import { createSimRandom } from '../sim/host/random.ts';
import type { Figure } from './figure.ts';
import { median, timed } from './measure.ts';

const entries = 100_000;
const filesPerFolder = 99;
/** As a session asks for them. */
const batchBytes = 256 * 1024;
/** First sync of 100,000 entries within so many times of what plain inserts of the same rows take (issue 5). */
const askedTimes = 3;
const rowsPerTransaction = 4_000;
/** How often it is measured. */
export const syncTries = 3;
const ownerId = deviceId('1'.padStart(32, '0'));
const ownerKeys = deviceKeys(new Uint8Array(32));
const never = new AbortController().signal;
const root = entryId(1);
const location = locationId(1);

type Device = { readonly database: Database; readonly sync: IndexSync; readonly close: () => void };

export type SyncHost = Pick<Host, 'database' | 'clock' | 'random'>;
/** Milliseconds, and what passed. */
export type FirstSync = {
	readonly syncMs: number;
	readonly plainMs: number;
	readonly bytes: number;
	readonly batches: number;
};

async function openDevice(host: SyncHost, name: string, number: number): Promise<Device> {
	const connection = await host.database.connect(name, never);
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
	if (typeof value === 'string') return new TextEncoder().encode(value).length + 5;
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

/**
 * The first sync of a library, from one database of this host to another, against plain inserts of the same rows; `name`
 * is what the three are called by their numbers.
 */
export async function timeFirstSync(host: SyncHost, name: (number: number) => string): Promise<FirstSync> {
	const open = (number: number) => openDevice(host, name(number), number);
	const owner = await open(1);
	holds(owner.sync.share(ownerKeys.signing).ok, 'the index is shared');
	fill(owner);
	const other = await open(2);
	let sent = { bytes: 0, batches: 0 };
	const syncMs = await timed(() => void (sent = first(owner, other)));
	const [count] = other.database.prepare('SELECT count(*) FROM entry').column();
	holds(count === entries + 1, `all entries came: ${String(count)}`);
	other.close();
	const plain = await open(3);
	const plainMs = await timed(() => insertPlainly(owner, plain));
	for (const device of [owner, plain]) device.close();
	return { syncMs, plainMs, ...sent };
}

/** What some first syncs on a host took. */
export function syncFigures(host: string, all: readonly FirstSync[]): Figure[] {
	const middle = (of: (one: FirstSync) => number) => median(all.map(of));
	const name = (what: string) => `${host}.sync-index.${what}`;
	const share = middle(({ syncMs, plainMs }) => syncMs / plainMs);
	return [
		{ name: name('against-inserts'), measured: share, unit: 'share', asked: askedTimes, tolerance: 0.25 },
		{ name: name('per-entry'), measured: middle(({ bytes }) => bytes / entries), unit: 'bytes', tolerance: 0.05 },
		{ name: name('time'), measured: middle(({ syncMs }) => syncMs), unit: 'ms' },
		{ name: name('inserts'), measured: middle(({ plainMs }) => plainMs), unit: 'ms' },
		{ name: name('batches'), measured: middle(({ batches }) => batches), unit: 'count' }
	];
}
