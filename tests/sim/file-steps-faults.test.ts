import { describe, expect, test } from 'vitest';
import { copyFile, copyFiles, copyTree, moveItem, moveItems, ownPrefix } from '#core/bytes';
import { patternBytes } from '../vectors/blake3.ts';
import type { Folding } from './host/files.ts';
import { createSimRandom, testSeed } from './host/random.ts';
import { contentAt, createStepWorld, entryAt, never, placeOf, type StepWorld } from './step-world.ts';
import { isNightly } from '../tier.ts';

const silent = () => undefined;
const proof = { proof: true };

async function between(world: StepWorld, name = 'item', target = name, root = '/b', step = 'one') {
	const from = placeOf('/a', 'from', name);
	return { step, from, expected: await entryAt(world, from), to: placeOf(root, 'to', target) };
}

function createWorld(tree: Parameters<StepWorld['files']['put']>[1], seed = 1): StepWorld {
	const world = createStepWorld(seed);
	world.files.put('/a/from', tree);
	world.files.put('/b/to', {});
	return world;
}

function ownNames(world: StepWorld): readonly string[] {
	return ['/a', '/b'].flatMap((disk) => [...contentAt(world, disk).keys()].filter((path) => path.includes('.atoll-')));
}

describe('what happens to a source meanwhile', () => {
	test('a file that is written to while it is copied has no copy', async () => {
		const world = createWorld({ item: patternBytes(500) });
		world.files.beforeRead = (path, offset) => {
			if (path.at(-1) === 'item' && offset > 200) world.files.overwrite('/a/from/item', patternBytes(500, 1));
		};
		const copied = await copyFile(world.deps, await between(world), proof, silent, never);
		expect(copied).toMatchObject({
			ok: false,
			failure: { type: 'SourceChanged', place: placeOf('/a', 'from', 'item') }
		});
		expect([...contentAt(world, '/b/to').keys()]).toEqual(['']);
	});

	test('what comes into a folder, or is changed, while it is moved stays and is told', async () => {
		const tree = { a: patternBytes(90), b: patternBytes(80), inner: { c: patternBytes(70) } };
		const world = createWorld({ item: tree });
		const mark = world.changes.openPart.bind(world.changes);
		world.changes.openPart = async (at, mode, signal) => {
			if (at.path.at(-1) === `${ownPrefix('one')}moved`) {
				world.files.overwrite('/a/from/item/a', patternBytes(90, 5));
				world.files.put('/a/from/item/inner', { late: patternBytes(60) });
			}
			return mark(at, mode, signal);
		};
		const moved = await moveItem(world.deps, await between(world), silent, never);
		if (!moved.ok) throw new Error(moved.failure.type);
		expect(moved.value.left.map(({ path }) => path.slice(2).join('/')).toSorted()).toEqual([
			'',
			'a',
			'inner',
			'inner/late'
		]);
		expect([...contentAt(world, '/a/from/item').keys()].toSorted()).toEqual(['', 'a', 'inner', 'inner/late']);
		expect([...contentAt(world, '/b/to/item').keys()].toSorted()).toEqual(['', 'a', 'b', 'inner', 'inner/c']);
		expect(ownNames(world)).toEqual([]);
	});

	test('pipes and what cannot be looked at stay, and are told', async () => {
		const world = createWorld({ item: { pipe: null, file: 3, denied: patternBytes(4) } });
		world.files.at('/a/from/item/denied').fault = 'denied';
		const moved = await moveItem(world.deps, await between(world), silent, never);
		if (!moved.ok) throw new Error(moved.failure.type);
		expect(moved.value.left.map(({ path }) => path.slice(2).join('/')).toSorted()).toEqual(['', 'denied', 'pipe']);
		expect([...contentAt(world, '/b/to/item').keys()].toSorted()).toEqual(['', 'file']);
		expect([...contentAt(world, '/a/from/item').keys()].toSorted()).toEqual(['', 'denied', 'pipe']);
	});
});

describe('a disk that fails', () => {
	const spoil = (bytes: Uint8Array) => bytes.map((byte, at) => (at === 40 ? byte ^ 1 : byte));

	test('and writes other bytes than it was given is found out by proof', async () => {
		for (const [name, tree] of Object.entries({ file: patternBytes(300), folder: { a: patternBytes(300) } })) {
			const world = createWorld({ item: tree });
			world.changes.written = spoil;
			const moved = await moveItem(world.deps, await between(world), silent, never);
			expect(moved, name).toMatchObject({ ok: false, failure: { type: 'CopyDiffers' } });
			expect(contentAt(world, '/a/from/item').size).toBeGreaterThan(0);
			expect(contentAt(world, '/b/to/item').size).toBe(0);
		}
	});

	test('and is not found out without, which is what proof is for', async () => {
		const world = createWorld({ item: patternBytes(300) });
		world.changes.written = spoil;
		const copied = await copyFile(world.deps, await between(world), { proof: false }, silent, never);
		expect(copied.ok).toBe(true);
		expect(contentAt(world, '/b/to/item')).not.toEqual(contentAt(world, '/a/from/item'));
	});

	test('for want of room leaves the source, and nothing of its own', async () => {
		for (const item of [patternBytes(5_000), { a: patternBytes(900), b: { c: patternBytes(5_000) } }])
			for (const renamesFolders of [true, false]) {
				const world = createWorld({ item });
				world.changes.renamesFolders = renamesFolders;
				world.changes.capacityBytes = 3_000;
				const before = contentAt(world, '/a/from');
				const moved = await moveItem(world.deps, await between(world), silent, never);
				expect(moved).toMatchObject({ ok: false, failure: { type: 'NoSpace', retry: 'soon' } });
				expect(contentAt(world, '/a/from')).toEqual(before);
				expect([...contentAt(world, '/b/to').keys()]).toEqual(['']);
				world.changes.capacityBytes = Infinity;
				expect((await moveItem(world.deps, await between(world), silent, never)).ok).toBe(true);
				expect(contentAt(world, '/b/to').size).toBe(before.size);
			}
	});
});

/** Names that some disk takes for another of them. */
const twins = [
	'a',
	'A',
	'b',
	'B',
	'é',
	'e\u0301',
	'É',
	'E\u0301',
	'ß',
	'ss',
	'Straße',
	'STRASSE',
	'ﬁ',
	'fi',
	'İ',
	'i',
	'ı',
	'I'
];
const foldings: readonly Folding[] = ['case', 'normal', 'case-and-normal'];

/** What of `names` is on a disk after each was put there, and what was refused as taken; every byte of both. */
async function putAll(seed: number) {
	const random = createSimRandom(seed);
	const names = twins.filter(() => random.chance(0.4));
	const folding = foldings[random.integer(foldings.length)] ?? 'case';
	const way = (['copy', 'move', 'tree'] as const)[random.integer(3)] ?? 'copy';
	// Some alike: then only their names tell that they are two.
	const bytesOf = new Map(names.map((name) => [name, random.chance(0.4) ? Uint8Array.of(7) : random.bytes(9)]));
	const world = createStepWorld(seed);
	world.files.putFolding('/b', folding);
	world.files.put('/a/from', { item: Object.fromEntries(bytesOf) });
	world.files.put('/b/to', {});
	if (random.chance(0.5)) world.changes.renamesFolders = false;
	if (random.chance(0.5)) world.files.hasInodes = false;
	return { world, names, way, bytesOf, folding };
}

type Put = Awaited<ReturnType<typeof putAll>>;

async function stepsOf({ world, names }: Put) {
	return Promise.all(
		names.map(async (name, at) => {
			const from = placeOf('/a', 'from', 'item', name);
			const to = placeOf('/b', 'to', name);
			return { step: `step-${at}`, from, expected: await entryAt(world, from), to, isFirst: true };
		})
	);
}

function contents(world: StepWorld, path: string): readonly string[] {
	return [...contentAt(world, path)].filter(([, what]) => what.startsWith('file')).map(([, what]) => what);
}

async function faultsOfNames(seed: number, bend: (world: StepWorld) => void): Promise<readonly string[]> {
	const put = await putAll(seed);
	const { world, names, way, bytesOf } = put;
	bend(world);
	const wanted = [...bytesOf.values()].map((bytes) => `file ${bytes.join(' ')}`).toSorted();
	const told = `seed ${seed}: ${way} of ${names.join(' ')} to ${put.folding}`;
	if (way === 'tree') {
		const moved = await moveItem(world.deps, await between(world), silent, never);
		const at = moved.ok ? '/b/to/item' : '/a/from/item';
		const isWhole = contents(world, at).toSorted().join() === wanted.join();
		const isClean = moved.ok || (moved.failure.type === 'NameTaken' && contentAt(world, '/b/to').size === 1);
		return isWhole && isClean ? [] : [`${told}: ${moved.ok ? 'moved' : moved.failure.type}`];
	}
	const steps = await stepsOf(put);
	const outcomes =
		way === 'copy'
			? await copyFiles(world.deps, steps, proof, silent, never)
			: await moveItems(world.deps, steps, silent, never);
	const failed = steps.filter((_, at) => !outcomes[at]?.ok);
	const faults = outcomes.flatMap((one) =>
		one.ok || one.failure.type === 'NameTaken' ? [] : [`${told}: ${one.failure.type}`]
	);
	const made = contents(world, '/b/to');
	if (made.length + failed.length !== names.length)
		faults.push(`${told}: ${made.length} made, ${failed.length} refused`);
	const kept = [
		...made,
		...failed.map(({ from }) => [...contentAt(world, [from.root, ...from.path].join('/')).values()].join())
	];
	if (kept.toSorted().join() !== wanted.join()) faults.push(`${told}: other bytes`);
	return faults;
}

describe('a disk that takes two names for one', () => {
	const seed = testSeed('names that fold');
	const faultsOf = async (bend: (world: StepWorld) => void) => {
		const faults: string[] = [];
		const sets = isNightly ? 10_000 : 400;
		for (let at = 0; at < sets && faults.length < 5; at++) faults.push(...(await faultsOfNames(seed + at, bend)));
		return faults;
	};

	test('loses neither, and says which it could not take', { timeout: 600_000 }, async () => {
		expect(await faultsOf(() => undefined)).toEqual([]);
	});

	test('is seen to lose one where a new file is opened over another', async () => {
		const careless = ({ changes }: StepWorld) => {
			const open = changes.openPart.bind(changes);
			changes.openPart = async (at, mode, signal) => {
				const opened = await open(at, mode, signal);
				return opened.ok || opened.failure.type !== 'NameTaken' ? opened : open(at, 'again', signal);
			};
		};
		expect(await faultsOf(careless)).not.toEqual([]);
	});
});

test('a name may change its case on a disk that takes both for one', async () => {
	for (const hasInodes of [true, false]) {
		const world = createStepWorld(1);
		world.files.hasInodes = hasInodes;
		world.files.putFolding('/b', 'case');
		world.files.put('/b/to', { item: patternBytes(30), Folder: { inner: 1 } });
		for (const [name, other] of [
			['item', 'ITEM'],
			['Folder', 'folder']
		] as const) {
			const from = placeOf('/b', 'to', name);
			const step = { step: 'one', from, expected: await entryAt(world, from), to: placeOf('/b', 'to', other) };
			expect((await moveItem(world.deps, step, silent, never)).ok).toBe(true);
		}
		expect([...contentAt(world, '/b/to').keys()].toSorted()).toEqual(['', 'ITEM', 'folder', 'folder/inner']);
	}
});

test('a copy keeps links as links', async () => {
	const world = createWorld({ item: { link: 'somewhere else', deep: { up: '..' } } });
	const copied = await copyTree(world.deps, await between(world), proof, silent, never);
	expect(copied.ok).toBe(true);
	expect(contentAt(world, '/b/to/item')).toEqual(contentAt(world, '/a/from/item'));
});
