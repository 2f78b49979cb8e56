import { describe, expect, test } from 'vitest';
import {
	anything,
	copyFile,
	copyTree,
	moveItem,
	ownPrefix,
	removeTree,
	removeTrees,
	writeFile,
	type FromTo
} from '#core/bytes';
import { ok, type Result } from '#core/kernel';
import type { DiskPlace, Rename } from '#core/ports';
import { Ended } from './host/file-changes.ts';
import { createSimRandom, testSeed } from './host/random.ts';
import {
	contentAt,
	createStepWorld,
	entryAt,
	never,
	placeOf,
	randomTree,
	type Content,
	type StepWorld
} from './step-world.ts';
import { isNightly } from '../tier.ts';

const silent = () => undefined;

/** A step over a random world: what it is, what it is on, and the world before it. */
type Trial = {
	readonly kind: 'copy-file' | 'copy-tree' | 'move' | 'remove' | 'write-file';
	readonly world: StepWorld;
	readonly step: FromTo;
	readonly before: Content;
	run(): Promise<Result<unknown, { type: string }>>;
};

type Bend = (world: StepWorld) => void;
const asItIs: Bend = () => undefined;
const asBrowser: Bend = ({ files, changes }) => {
	files.hasInodes = false;
	changes.renamesFolders = false;
	changes.keepsTimes = false;
};

const onSharedBlocks: Bend = ({ changes }) => void (changes.clones = true);

/** `place`, where what lay below `from` lies below `to` by now. */
function carried(place: DiskPlace, { from, to }: Rename): DiskPlace {
	const isBelow = place.root === from.root && from.path.every((name, at) => place.path[at] === name);
	return isBelow ? { root: to.root, path: [...to.path, ...place.path.slice(from.path.length)] } : place;
}

/** Files are flushed once they have their names. */
const namedFirst: Bend = ({ changes }) => {
	const [flush, rename] = [changes.flush.bind(changes), changes.rename.bind(changes)];
	let owed: readonly DiskPlace[] = [];
	changes.flush = (files, folders, signal) => {
		owed = [...owed, ...files];
		return flush([], folders, signal);
	};
	changes.rename = async (moves, signal) => {
		const renamed = await rename(moves, signal);
		const files = owed.map((place) => moves.reduce(carried, place));
		owed = [];
		await flush(files, [], signal);
		return renamed;
	};
};

async function createTrial(seed: number, bend: Bend): Promise<Trial> {
	const random = createSimRandom(seed);
	const world = createStepWorld(random.integer(2 ** 31));
	bend(world);
	const kinds = ['copy-file', 'copy-tree', 'move', 'move', 'remove', 'write-file'] as const;
	const kind = kinds[random.integer(kinds.length)] ?? 'move';
	const isFile = kind === 'copy-file' || kind === 'write-file' || (kind === 'move' && random.chance(0.3));
	const bytes = random.bytes(random.integer(300));
	const tree = isFile ? { item: bytes } : { item: randomTree(random) };
	world.files.put('/a/from', tree);
	world.files.put('/a/to', {});
	world.files.put('/b/to', {});
	const from = placeOf('/a', 'from', 'item');
	const step = {
		step: 'trial',
		from,
		expected: await entryAt(world, from),
		to: placeOf(random.chance(0.75) ? '/b' : '/a', 'to', 'new')
	};
	const proof = { proof: random.chance(0.5) };
	const isTogether = random.chance(0.5);
	const run = async () => {
		switch (kind) {
			case 'copy-file':
				return copyFile(world.deps, step, proof, silent, never);
			case 'copy-tree':
				return copyTree(world.deps, step, proof, silent, never);
			case 'move':
				return moveItem(world.deps, step, silent, never);
			case 'remove':
				if (!isTogether) return removeTree(world.deps, from, anything, never);
				return (await removeTrees(world.deps, placeOf('/a', 'from'), ['item'], anything, never))[0] ?? ok(null);
			case 'write-file':
				return writeFile(world.deps, { step: 'trial', to: step.to, bytes, isFirst: false }, never);
		}
	};
	return { kind, world, step, before: contentAt(world, '/a/from/item'), run };
}

function pathOf({ root, path }: FromTo['to']): string {
	return [root, ...path].join('/');
}

/** What the world must never be, whenever it is looked at. */
function faultsNow({ kind, world, step, before }: Trial): readonly string[] {
	const faults: string[] = [];
	const [source, target] = [contentAt(world, '/a/from/item'), contentAt(world, pathOf(step.to))];
	for (const [path, what] of target) {
		const isOwn = path.split('/').some((name) => name.startsWith(ownPrefix('trial')));
		if (!isOwn && before.get(path) !== what) faults.push(`a half thing at ${path}`);
	}
	if (kind === 'remove') return faults;
	for (const [path, what] of before)
		if (source.get(path) !== what && (kind !== 'move' || target.get(path) !== what)) faults.push(`missing ${path}`);
	return faults;
}

/** What the world must be once the step was answered. */
function faultsAtEnd(trial: Trial, outcome: Result<unknown, { type: string }>): readonly string[] {
	const { kind, world, step, before } = trial;
	if (!outcome.ok) return [`ended with ${outcome.failure.type}`];
	const faults = [...faultsNow(trial)];
	const [source, target] = [contentAt(world, '/a/from/item'), contentAt(world, pathOf(step.to))];
	const isGone = kind === 'move' || kind === 'remove';
	if (isGone ? source.size > 0 : source.size !== before.size) faults.push('the source is not as it should be');
	if (kind !== 'remove' && target.size !== before.size) faults.push('the target is not whole');
	for (const disk of ['/a', '/b'])
		for (const path of contentAt(world, disk).keys()) if (path.includes('.atoll-')) faults.push(`left ${path}`);
	return faults;
}

async function endsAt({ world, run }: Trial, at: number): Promise<Result<unknown, { type: string }> | null> {
	world.changes.restart();
	world.changes.endAt = world.changes.operations + at;
	try {
		return await run();
	} catch (error) {
		if (error instanceof Ended) return null;
		throw error;
	}
}

/** Ends one step at a random instant, often again while it recovers, and lets it come to its end. */
async function tryOnce(seed: number, bend: Bend, losesPower: boolean): Promise<readonly string[]> {
	const random = createSimRandom(seed ^ 0x5bd1e995);
	const measured = await createTrial(seed, bend);
	const whole = await measured.run();
	if (!whole.ok) return [`seed ${seed}: not even once: ${whole.failure.type}`];
	const operations = measured.world.changes.operations;
	const trial = await createTrial(seed, bend);
	trial.world.changes.losesPower = losesPower;
	const faults: string[] = [];
	let outcome: Result<unknown, { type: string }> | null = null;
	for (let ends = 1 + random.integer(3); ends > 0 && outcome === null; ends--) {
		outcome = await endsAt(trial, random.integer(operations + 1));
		faults.push(...faultsNow(trial));
	}
	trial.world.changes.restart();
	outcome = await trial.run();
	faults.push(...faultsAtEnd(trial, outcome));
	trial.world.changes.losePower();
	faults.push(...faultsAtEnd(trial, outcome).map((fault) => `after it was answered: ${fault}`));
	return faults.map((fault) => `seed ${seed}, ${trial.kind}: ${fault}`);
}

async function faultsOf(first: number, tries: number, bend: Bend, losesPower: boolean): Promise<readonly string[]> {
	const faults: string[] = [];
	for (let at = 0; at < tries && faults.length < 5; at++) faults.push(...(await tryOnce(first + at, bend, losesPower)));
	return faults;
}

const tries = isNightly ? 10_000 : 500;

describe('a step that ends at any instant', () => {
	const seed = testSeed('file steps');
	test.each([
		['a loss of power', asItIs, true],
		['a kill', asItIs, false],
		['a kill in a browser', asBrowser, false],
		['a loss of power in a browser', asBrowser, true],
		['a loss of power where files share blocks', onSharedBlocks, true]
	] as const)(
		'comes to its end when asked again, with every byte, after %s',
		{ timeout: 600_000 },
		async (_, bend, losesPower) => {
			expect(await faultsOf(seed, tries, bend, losesPower)).toEqual([]);
		}
	);

	test('loses bytes where a flush does nothing, and that is seen', async () => {
		const lies: Bend = ({ changes }) => void (changes.flushes = false);
		expect(await faultsOf(seed, tries, lies, true)).not.toEqual([]);
	});

	test('loses bytes where files are named before they are flushed, and that is seen', async () => {
		expect(await faultsOf(seed, tries, namedFirst, true)).not.toEqual([]);
	});

	test('is seen to leave half a file where a part has its final name', async () => {
		const careless: Bend = ({ files, changes }) => {
			const open = changes.openPart.bind(changes);
			changes.openPart = async (at, mode, signal) => {
				const part = await open(at, mode, signal);
				const final = at.path.with(-1, 'new');
				const isPart = at.path.at(-1) === `${ownPrefix('trial')}part`;
				const found = isPart ? await files.look(at.root, at.path, signal) : null;
				if (!found?.ok || found.value === null) return part;
				await changes.rename([{ from: at, to: { ...at, path: final }, expected: found.value }], signal);
				return part;
			};
		};
		expect(await faultsOf(seed, tries, careless, false)).not.toEqual([]);
	});
});
