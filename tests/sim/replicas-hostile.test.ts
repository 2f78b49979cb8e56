import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { MergeRefusal } from '#core/sync';
import type { LibraryId, WireValue } from '#core/kernel';
import type { Batch, BatchEntry } from '../../src/lib/core/replicas/schema.ts';
import { sign, signedToWire, wireToSigned } from '../../src/lib/core/replicas/signed.ts';
import { batchToWire, wireToBatch } from '../../src/lib/core/replicas/wire-batch.ts';
import { isNightly } from '../tier.ts';
import { createSimRandom, testSeed } from './host/random.ts';
import { carried, createDevice, deviceIdOf, keyOf, library, pull, type Device } from './replica-world.ts';

const file = (text: string) => new TextEncoder().encode(text);

let good: Device;
let bad: Device;
/** What the bad device would say next, if it were not bad. */
let honest: Batch;

function everything({ database }: Device): string {
	return ['entry', 'closure', 'directory', 'location', 'volume', 'content', 'replica', 'replica_doubt', 'index_change']
		.map((table) => JSON.stringify(database.prepare(`SELECT * FROM ${table}`).all([])))
		.join('\n');
}

beforeAll(async () => {
	good = await createDevice(1, 101);
	bad = await createDevice(2, 102);
	good.host.files.put('/disk/home', { 'mine.txt': file('mine'), own: { 'too.txt': file('too') } });
	bad.host.files.put('/disk/home', {
		a: { b: { c: file('c') } },
		d: { e: file('e') },
		many: Object.fromEntries(Array.from({ length: 30 }, (_, at) => [`${at}.txt`, file(String(at))]))
	});
	for (const device of [good, bad]) {
		device.share();
		await device.add('/disk/home');
		await device.read(true);
	}
	pull(good, bad);
	bad.host.files.put('/disk/home/d', { 'new.txt': file('new') });
	await bad.read(true);
	const next = bad.rooms.indexSync.domain.next(good.rooms.indexSync.domain.have(), 10_000);
	honest = (next?.ok ? wireToBatch(wireToSigned(next.value.batch)?.said)?.batch : undefined) as Batch;
});

afterAll(async () => {
	await good.close();
	await bad.close();
});

function numberOf(name: string): number {
	return Number(bad.database.prepare('SELECT id FROM entry WHERE name = ?').column([name])[0]);
}

const entry = (number: number, parent: number, more: Partial<BatchEntry> = {}): BatchEntry => ({
	number,
	parent,
	kind: 'directory',
	isDamaged: false,
	name: `n${number}`,
	sizeBytes: 0,
	modifiedMs: 1,
	content: null,
	...more
});

function say(
	change: Partial<Batch>,
	from = bad.id,
	owner = from,
	of: string = library,
	signedBy = bad.id
): MergeRefusal | null {
	const signed = sign(keyOf(signedBy), 'batch', batchToWire(of, owner, { ...honest, ...change }));
	const merged = good.rooms.indexSync.domain.merge(from, carried(signedToWire('batch', signed)));
	return merged.ok ? null : merged.failure;
}

describe('a hostile device changes nothing', () => {
	test.each<[string, () => MergeRefusal | null]>([
		['says what another device has', () => say({}, bad.id, deviceIdOf(3))],
		['says what this device has', () => say({}, bad.id, good.id)],
		['is this device, says it', () => say({ from: null }, good.id)],
		['signs what another device has', () => say({}, bad.id, bad.id, library, deviceIdOf(3))],
		['speaks of another library', () => say({}, bad.id, bad.id, 'cd'.repeat(16) as LibraryId)],
		['has a folder lie in itself', () => say({ entries: [entry(numberOf('a'), numberOf('b'))] })],
		['makes a ring of two', () => say({ entries: [entry(900, 901), entry(901, 900)] })],
		[
			'puts a folder below its own',
			() => say({ entries: [entry(numberOf('b'), numberOf('d')), entry(numberOf('d'), numberOf('b'))] })
		],
		['puts an entry into a file', () => say({ entries: [entry(900, numberOf('c'))] })],
		['puts an entry nowhere', () => say({ entries: [entry(900, 899)] })],
		['makes the folder of a location an entry', () => say({ entries: [entry(1, numberOf('a'))] })],
		['turns a folder into a file', () => say({ entries: [entry(numberOf('a'), 1, { kind: 'file' })] })],
		[
			'gives a location the folder of another entry',
			() =>
				say({
					places: {
						volumes: [],
						locations: [
							{
								number: 9,
								name: 'x',
								entry: numberOf('a'),
								modifiedMs: 1,
								addedMs: 1,
								indexedMs: null,
								volume: null,
								pathInVolume: null,
								logicalClass: null,
								claim: 0,
								claimSaid: 0
							}
						]
					}
				})
		],
		['names an entry of another by a number beyond its own', () => say({ entries: [entry(2 ** 40 + 1, 1)] })],
		['gives a name that is a path', () => say({ entries: [entry(900, 1, { name: '../../x' })] })],
		['gives no name', () => say({ entries: [entry(900, 1, { name: '' })] })],
		['gives a name that is for what has none', () => say({ entries: [entry(900, 1, { name: '\u0000901' })] })],
		[
			'has files of more bytes than there are',
			() =>
				say({
					entries: [
						entry(900, 1, { kind: 'file', sizeBytes: 2 ** 51 }),
						entry(901, 1, { kind: 'file', sizeBytes: 2 ** 51 })
					]
				})
		],
		[
			'nests without end',
			() => say({ entries: Array.from({ length: 600 }, (_, at) => entry(900 + at, at === 0 ? 1 : 899 + at)) })
		],
		['tells of a change beyond its last', () => say({ to: { ...honest.to, seq: honest.head + 5 } })]
	])('%s', (_what, attack) => {
		const before = everything(good);
		expect(attack()).not.toBeNull();
		expect(everything(good)).toBe(before);
	});

	test('a replay, and what does not follow, changes nothing and is no offence', () => {
		const before = everything(good);
		expect(say({ from: honest.to })).toBeNull();
		expect(
			say({ from: null, head: 0, to: { ...honest.to, seq: 0, reached: 4 }, span: { after: 0, last: 4 } })
		).toBeNull();
		expect(everything(good)).toBe(before);
	});

	test(
		'bytes by chance, and batches bent by chance, never end in a defect and never touch what is not theirs',
		() => {
			const seed = testSeed('hostile batches');
			const random = createSimRandom(seed);
			const own = good.dump(good.id);
			const wire = batchToWire(library, bad.id, { ...honest, entries: [...honest.entries, entry(900, 1)] });
			for (let tries = isNightly ? 50_000 : 400; tries > 0; tries--) {
				const isWhole = random.chance(0.2);
				const signed = signedToWire('batch', sign(keyOf(bad.id), 'batch', isWhole ? wire : bend(carried(wire))));
				const bent = isWhole ? bend(carried(signed)) : signed;
				const merged = good.rooms.indexSync.domain.merge(bad.id, bent);
				if (merged.ok) expect(good.flaws()).toEqual([]);
			}
			expect(good.dump(good.id)).toBe(own);
			expect(good.flaws()).toEqual([]);

			function bend(value: WireValue): WireValue {
				if (value instanceof Uint8Array) {
					if (random.chance(0.6)) return value;
					if (random.chance(0.2)) return random.bytes(random.integer(40));
					const bytes = value.slice(0, random.chance(0.2) ? random.integer(value.length + 1) : value.length);
					if (bytes.length > 0) bytes[random.integer(bytes.length)] = random.integer(256);
					return bytes;
				}
				if (Array.isArray(value)) return value.map(bend);
				if (typeof value === 'object' && value !== null)
					return Object.fromEntries(
						Object.entries(value).map(([key, inside]) => [key, random.chance(0.9) ? inside : bend(inside)])
					);
				const others: WireValue[] = [null, -1, 0, 1, 2 ** 53 - 1, 1.5, '', 'a/b', true, [], {}];
				return random.chance(0.5) ? value : (others[random.integer(others.length)] ?? null);
			}
		},
		isNightly ? 1_800_000 : 60_000
	);

	test('control: what is said honestly is merged, whatever was said before', async () => {
		bad.host.files.put('/disk/home/d', { 'newer.txt': file('newer') });
		await bad.read(true);
		const before = everything(good);
		expect(pull(good, bad)).toBeNull();
		expect(everything(good)).not.toBe(before);
		// The wrong that it said of itself in the right place is its own affair.
		bad.database.connection.exec('UPDATE index_share SET prunedSeq = (SELECT max(seq) FROM index_change)');
		bad.host.files.put('/disk/home/d', { 'newest.txt': file('newest') });
		await bad.read(true);
		bad.database.connection.exec('UPDATE index_share SET prunedSeq = (SELECT max(seq) FROM index_change)');
		expect(pull(good, bad)).toBeNull();
		expect(good.dump(bad.id)).toBe(bad.dump(bad.id));
	});
});
