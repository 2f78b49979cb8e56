import Engine from 'better-sqlite3-multiple-ciphers';
import { collectionId, deviceId, driftMaxMs, tagId, type DeviceId, type WireValue } from '#core/kernel';
import { createFacts, operationFinder } from '#core/actions';
import { carrySayings, createMetadataOperations, type MetadataDomain } from '#core/metadata';
import { createSayingsDomain, dump, type SayingsDomain } from '#core/sayings';
import type { SqlConnection } from '#core/ports';
import { openDatabase, type Database } from '#core/schema';
import { nameThisDevice, type MergeRefusal } from '#core/sync';
import { createConnection } from '../../peer/host/connection.ts';
import { createSimClock, type SimClock } from './host/clock.ts';
import type { SimRandom } from './host/random.ts';

type Operation = MetadataDomain['operation'];

/** A library in memory, where there is no cipher. */
export function openMemory(): Database {
	const connection = createConnection(new Engine(':memory:', { timeout: 0 }), () => undefined);
	const plain: SqlConnection = {
		prepare: (sql) => connection.prepare(sql),
		exec: (sql) => (/^PRAGMA (cipher|legacy|key) /.test(sql) ? undefined : connection.exec(sql)),
		get inTransaction() {
			return connection.inTransaction;
		},
		close: () => connection.close()
	};
	const opened = openDatabase(plain, { rawKey: '', where: 'memory', expect: 'new' });
	if (!opened.ok) throw new Error(opened.failure.type);
	return opened.value;
}

export type Peer = {
	readonly device: DeviceId;
	readonly database: Database;
	readonly clock: SimClock;
	domain: SayingsDomain;
	/** Entries of this device by the numbers that it gave them. */
	readonly entries: readonly number[];
	/** Does an operation as the engine does: what of it can be done. Answers what takes it back. */
	act(operation: Operation): Operation | null;
	/** Has a file of this device be known to hold these bytes, or other bytes than before. */
	identify(entry: number, content: string): void;
	/** Has the file that an entry is be gone. */
	remove(entry: number): void;
	dump(): string;
};

export function written<T>(database: Database, work: () => T): T {
	const done = database.write(work);
	if (!done.ok) throw new Error(done.failure.type);
	return done.value;
}

export function identityOf(content: string): Uint8Array {
	const identity = new Uint8Array(32);
	new TextEncoder().encodeInto(content, identity);
	return identity;
}

export function idOf(digit: string): string {
	return digit.repeat(32);
}

const now = 'INSERT INTO entry (id, parent, kind, name, sortKey, sizeBytes) VALUES (?, ?, ?, ?, ?, 10)';

function contentOf(database: Database, content: string): number {
	const identity = identityOf(content);
	const [known] = database.prepare('SELECT id FROM content WHERE identity = ? AND split = 0').column([identity]);
	if (known !== undefined) return Number(known);
	return database
		.prepare(
			`INSERT INTO content (id, identity, split, sizeBytes, kind, type, confidence, proof)
			VALUES ((SELECT content FROM kept_number WHERE identity = ?), ?, 0, 10, 0, '', 0, NULL)`
		)
		.run([identity, identity]).lastId;
}

/** What of an operation can be done now. */
function duePart(database: Database, operation: Operation): Operation | null {
	const found = operationFinder<MetadataDomain>(createMetadataOperations(database))(operation);
	const facts = createFacts();
	if (found.check(operation, facts) !== null) return null;
	return found.part(operation, facts).due;
}

/** A library of a device in memory, with `files` entries whose bytes are not known; its domain is asked first by tests. */
export function createPeer(name: string, files: number, startMs = Date.UTC(2026, 0, 1)): Peer {
	const database = openMemory();
	const clock = createSimClock(startMs);
	const device = deviceId(idOf(name));
	const entries = Array.from({ length: files }, (_, at) => at + 2);
	written(database, () => {
		nameThisDevice(database, device, startMs);
		database.prepare(now).run([1, null, 0, 'root', 'root']);
		for (const id of entries) database.prepare(now).run([id, 1, 1, `file ${id}`, `file ${id}`]);
		database.prepare('INSERT INTO directory (entry, location, run) VALUES (1, 1, 1)').run();
	});
	const find = operationFinder<MetadataDomain>(createMetadataOperations(database));
	return {
		device,
		database,
		clock,
		entries,
		domain: createSayingsDomain({ database, clock, onMerged: () => undefined }),
		act: (operation) =>
			written(database, () => {
				const due = duePart(database, operation);
				if (due === null) return null;
				const { work } = find(due);
				if (work.is !== 'rows') throw new Error('what is said of files changes rows');
				return work.apply(due);
			}),
		identify: (entry, content) =>
			written(database, () => {
				const row = database.prepare('SELECT content FROM entry WHERE id = ?').get([entry]);
				if (row === undefined) return;
				const before = row['content'];
				const number = contentOf(database, content);
				database.prepare('UPDATE entry SET content = ? WHERE id = ?').run([number, entry]);
				if (before !== number) carrySayings(database, typeof before === 'number' ? -before : entry, -number);
			}),
		remove: (entry) =>
			written(database, () => {
				const [content] = database.prepare('SELECT content FROM entry WHERE id = ?').column([entry]);
				if (content === undefined) return;
				database.prepare('DELETE FROM entry WHERE id = ?').run([entry]);
				if (content === null) database.prepare('INSERT OR IGNORE INTO gone_target (target) VALUES (?)').run([entry]);
			}),
		dump: () => {
			const text = database.read(() => dump(database));
			if (!text.ok) throw new Error(text.failure.type);
			return text.value;
		}
	};
}

/** What `to` lacks of what `from` has, a batch at a time, until it lacks nothing or refuses. */
export function bring(from: Peer, to: Peer, bytesMax = 4_096): MergeRefusal | null {
	for (;;) {
		const next = from.domain.next(to.domain.have(), bytesMax);
		if (next === null) return null;
		if (!next.ok) return next.failure;
		const merged = to.domain.merge(from.device, next.value.batch);
		const isFuture = !merged.ok && merged.failure.type === 'BatchFromTheFuture';
		from.domain.answered?.(next.value.have, merged.ok ? null : isFuture ? 'future' : 'wrong');
		if (!merged.ok) return merged.failure;
	}
}

export function bringAll(peers: readonly Peer[]): void {
	for (let round = 0; round < peers.length; round++)
		for (const from of peers) for (const to of peers) if (from !== to) bring(from, to);
}

const tags = ['1', '2', '3'].map(idOf);
const collections = ['5', '6'].map(idOf);
const contents = ['one', 'two', 'three'];

function some<T>(random: SimRandom, items: readonly T[]): T {
	const item = items[random.integer(items.length)];
	if (item === undefined) throw new Error('a list to choose from has something in it');
	return item;
}

function drawTag(random: SimRandom, id: string): Operation {
	const look = { name: `tag ${random.integer(50)}`, icon: 'tag', privacy: 'normal' } as const;
	const colour = some(random, ['grey', 'red'] as const);
	return { kind: 'metadata.restore-tag', tag: { id: tagId(id), colour, ...look }, relations: [], targets: [] };
}

function drawCollection(random: SimRandom, id: string): Operation {
	const named = { id: collectionId(id), name: `collection ${random.integer(50)}` };
	return { kind: 'metadata.restore-collection', collection: named, members: [] };
}

/** An operation such as people ask for; much of it comes to nothing. */
export function drawOperation(random: SimRandom, { database, entries }: Peer): unknown {
	const [tag, other, collection] = [some(random, tags), some(random, tags), some(random, collections)];
	const chosen = entries.filter(() => random.chance(0.4));
	const row = database.prepare('SELECT name, colour, icon, privacy FROM tag WHERE key = ?').get([tag]);
	const listed = database.prepare('SELECT name FROM collection WHERE key = ?').get([collection]);
	const name = `name ${random.integer(50)}`;
	const relation = some(random, ['parent', 'synonym']);
	const [first, second] = relation === 'synonym' && tag > other ? [other, tag] : [tag, other];
	const mark = some(random, ['favourite', 'rating', 'colour', 'note']);
	const entry = some(random, entries);
	const said = database
		.prepare(
			`SELECT coalesce((SELECT ${mark} FROM mark WHERE target = iif(entry.content IS NULL, entry.id, -entry.content)),
			${mark === 'colour' || mark === 'note' ? `''` : '0'}) AS value FROM entry WHERE id = ?`
		)
		.get([entry]);
	const value = { favourite: random.integer(2), rating: random.integer(6), colour: 'red', note: name }[mark];
	const draws: readonly (() => unknown)[] = [
		() => drawTag(random, tag),
		() => drawTag(random, other),
		() => row && { kind: 'metadata.edit-tag', tag, from: row, to: { ...row, name }, ties: [], unties: [] },
		() => row && { kind: 'metadata.delete-tag', tag: { id: tag, ...row }, relations: [], targets: 0 },
		() =>
			row &&
			tag !== other && { kind: 'metadata.merge-tags', tag: { id: tag, ...row }, into: other, adds: [], targets: 0 },
		() => tag !== other && { kind: 'metadata.relate-tags', relation, tag: first, other: second },
		() => tag !== other && { kind: 'metadata.unrelate-tags', relation, tag: first, other: second },
		() => ({ kind: 'metadata.tag-entries', tag, entries: chosen }),
		() => ({ kind: 'metadata.tag-entries', tag: other, entries: chosen }),
		() => ({ kind: 'metadata.untag-entries', tag, entries: chosen }),
		() => said && { kind: 'metadata.mark-entries', mark, from: said['value'], to: value, entries: [entry] },
		() => drawCollection(random, collection),
		() => listed && { kind: 'metadata.rename-collection', collection, from: listed['name'], to: name },
		() => listed && { kind: 'metadata.delete-collection', collection: { id: collection, ...listed }, members: 0 },
		() => ({ kind: 'metadata.collect-entries', collection, members: chosen.map((id, at) => [id, at + 1]) }),
		() => ({ kind: 'metadata.uncollect-entries', collection, members: chosen.map((id) => [id, 0]) })
	];
	// Most of what is asked for is what can be said again and again.
	return some(random, random.chance(0.2) ? draws : draws.filter((_, at) => [7, 9, 10, 14, 15].includes(at)))();
}

function isOperation(operation: unknown): operation is Operation {
	return typeof operation === 'object' && operation !== null && 'kind' in operation;
}

/** Something that happens on a device: what a person asks for, an undoing, or what its index finds. */
export function live(random: SimRandom, peer: Peer, undoable: Operation[]): void {
	if (random.chance(0.1)) return peer.identify(some(random, peer.entries), some(random, contents));
	if (random.chance(0.03)) return peer.remove(some(random, peer.entries));
	if (random.chance(0.1)) {
		const back = undoable.pop();
		if (back !== undefined) peer.act(back);
		return;
	}
	const operation = drawOperation(random, peer);
	if (!isOperation(operation)) return;
	const back = peer.act(operation);
	if (back !== null) undoable.push(back);
}

export type Sent = { readonly from: Peer; readonly to: Peer; readonly batch: WireValue };

/** A run: devices live, drift and meet over a network that drops, repeats, reorders and parts them. */
export function runSchedule(random: SimRandom, peers: readonly Peer[], steps: number): Sent[] {
	const undoable = peers.map((): Operation[] => []);
	const [flying, sent]: [Sent[], Sent[]] = [[], []];
	let parted: readonly Peer[] = [];
	const skewsMs = peers.map(() => 0);
	let trueMs = peers[0]?.clock.nowMs() ?? 0;
	const [first] = peers;
	if (first !== undefined && random.chance(0.7)) {
		for (const tag of tags) first.act(drawTag(random, tag));
		for (const id of collections) first.act(drawCollection(random, id));
		bringAll(peers);
	}
	for (let step = 0; step < steps; step++) {
		const at = random.integer(peers.length);
		const [from, to] = [some(random, peers), some(random, peers)];
		if (random.chance(0.05)) parted = peers.filter(() => random.chance(0.5));
		trueMs += random.integer(5_000);
		// A clock may jump, forward and back, as far as two may differ.
		if (random.chance(0.2)) skewsMs[at] = random.integer(driftMaxMs) - driftMaxMs / 2;
		for (const [of, { clock }] of peers.entries()) clock.setNow(trueMs + (skewsMs[of] ?? 0));
		if (random.chance(0.5)) {
			const [peer, mine] = [peers[at], undoable[at]];
			if (peer !== undefined && mine !== undefined) live(random, peer, mine);
		} else if (random.chance(0.6) && from !== to && parted.includes(from) === parted.includes(to)) {
			const next = from.domain.next(to.domain.have(), 200 + random.integer(2_000));
			if (next?.ok) {
				const one = { from, to, batch: next.value.batch };
				sent.push(one);
				if (!random.chance(0.2)) flying.push(one);
				if (random.chance(0.2)) flying.push(one);
			}
		} else if (flying.length > 0) {
			const [one] = flying.splice(random.integer(flying.length), 1);
			const merged = one?.to.domain.merge(one.from.device, one.batch);
			if (merged !== undefined && !merged.ok) throw new Error(`refused: ${JSON.stringify(merged.failure)}`);
		}
	}
	for (const { clock } of peers) clock.setNow(trueMs);
	return sent;
}
