import { createHash } from 'node:crypto';
import {
	cpSync,
	existsSync,
	lstatSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	statSync,
	writeFileSync
} from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { atollProgram, createHome, libraryIn, type Home } from './home.ts';
import { seeded } from './kills.ts';
import { buildProgram, type Sabotage } from './program.ts';
import { isNightly } from '../tier.ts';
import { testSeed } from '../sim/host/random.ts';

const kills = isNightly ? 500 : 3;
const seed = testSeed('kills of actions');

/** A filesystem in memory that every Linux has; one that is the home's own proves nothing of moves between two. */
const otherFilesystem = '/dev/shm';
const tree = { folders: 12, files: 40, largeBytes: 6_000_000 };

/** Every file below `folder` by its path, with the hash of its bytes; bins and what is being made as well. */
function contentsOf(folder: string): Map<string, string> {
	const found = new Map<string, string>();
	for (const path of readdirSync(folder, { recursive: true, encoding: 'utf8' }).toSorted()) {
		if (!lstatSync(join(folder, path)).isFile()) continue;
		found.set(
			path,
			createHash('sha256')
				.update(readFileSync(join(folder, path)))
				.digest('hex')
		);
	}
	return found;
}

/** Makes files that all differ, small and large, below `tree` in `folder`. */
function makeFiles(folder: string, random: () => number): void {
	for (let number = 0; number < tree.folders; number++) {
		const path = join(folder, 'tree', `folder ${number}`, 'below');
		mkdirSync(path, { recursive: true });
		const sizeBytes = number % 3 === 0 ? tree.largeBytes : 20_000;
		writeFileSync(join(path, '..', 'large.bin'), Buffer.alloc(sizeBytes, `${number} ${random()}`));
		for (let file = 0; file < tree.files; file++)
			writeFileSync(join(path, `file ${file}.txt`), `${number} ${file} ${random()}`.repeat(1 + file * 20));
	}
}

async function run(home: Home, ...args: string[]) {
	const ended = await home.runHere(args);
	if (ended.code !== 0) throw new Error(`seed ${seed}: atoll ${args.join(' ')}: ${ended.out} ${ended.err}`);
	return ended.out;
}

type Work = {
	readonly name: string;
	readonly args: readonly string[];
	/** Where `tree` is in the end: in the folder that it was in, in the other, or in a bin. */
	readonly ends: readonly ('source' | 'target' | 'bin')[];
	/** Whether everything lies in the other folder too at first. */
	readonly isTwice?: true;
};

const works: readonly Work[] = [
	{ name: 'copy', args: ['cp', '/source/tree', '/target'], ends: ['source', 'target'] },
	{ name: 'move', args: ['mv', '/source/tree', '/target'], ends: ['target'] },
	{ name: 'bring', args: ['bring', 'source/tree', '/target'], ends: ['source', 'target'] },
	{ name: 'trash', args: ['rm', '/source/tree'], ends: ['bin'] },
	// One more round whatever comes of it: its steps are renamings into the trash, as those of the one before.
	...(isNightly
		? [{ name: 'dedupe', args: ['dedupe', '--keep', '/source'], ends: ['source'], isTwice: true } as const]
		: [])
];

type Round = {
	readonly home: Home;
	readonly source: string;
	readonly target: string;
	readonly whole: Map<string, string>;
	readonly isTwice: boolean;
};

/** What is wrong with the disks right after a kill: bytes that are gone, or a final name with other bytes. */
function faultsOf({ source, target, whole }: Round): string[] {
	const faults: string[] = [];
	const [there, come] = [contentsOf(source), contentsOf(target)];
	const everywhere = new Set([...there.values(), ...come.values()]);
	for (const [path, hash] of whole) if (!everywhere.has(hash)) faults.push(`${path}: its bytes are gone`);
	for (const [path, hash] of come) {
		// What is being made says so in its name, or lies in a folder that does.
		if (!/(^|\/)\.atoll-/.test(path) && whole.get(path) !== hash) faults.push(`${path} is there half-written`);
	}
	return faults;
}

/** Where the tree lies now, whole and by the names that it had. */
function whereIsIt({ source, target, whole }: Round): string[] {
	const isWhole = (found: ReadonlyMap<string, string>, above: string) =>
		[...whole].every(([path, hash]) => found.get(join(above, path)) === hash);
	const [there, come] = [contentsOf(source), contentsOf(target)];
	const bins = [...new Set([...there.keys()].flatMap((path) => /^\.atoll-trash\/[^/]+/.exec(path) ?? []))];
	const left = [...there.keys(), ...come.keys()].filter((path) => /(^|\/)\.atoll-(?!trash\/)/.test(path));
	return [
		...(isWhole(there, '') ? ['source'] : []),
		...(isWhole(come, '') ? ['target'] : []),
		...(bins.some((bin) => isWhole(there, bin)) ? ['bin'] : []),
		...left
	];
}

/** Whether the disks show that an action has begun on them. */
function isBegun({ source, target, isTwice }: Pick<Round, 'source' | 'target' | 'isTwice'>): boolean {
	if ([source, target].some((folder) => existsSync(join(folder, '.atoll-trash')))) return true;
	return !isTwice && readdirSync(target).length > 0;
}

type Going = ReturnType<Home['start']>;

/** Resolves once `args` has begun on the disks or has ended. */
async function begin(
	round: Pick<Round, 'home' | 'source' | 'target' | 'isTwice'>,
	args: readonly string[]
): Promise<Going> {
	const going = round.home.start(args);
	while (going.child.exitCode === null && !isBegun(round)) await new Promise((resolve) => setImmediate(resolve));
	return going;
}

/** Kills what goes on after so long, unless it has ended before. Answers whether it was killed. */
async function killAfter(going: Going, afterMs: number): Promise<boolean> {
	await Promise.race([new Promise((resolve) => setTimeout(resolve, afterMs)), going.ended]);
	going.child.kill('SIGKILL');
	return (await going.ended).code === null;
}

async function stateOf(home: Home): Promise<string | null> {
	const { actions } = JSON.parse(await run(home, 'history', '--json'));
	// Before it comes that the folders were added.
	return actions.find(({ action }: { action: string }) => action.startsWith('files.'))?.state ?? null;
}

/** A new library over the two folders, with a tree in the source that nobody has touched. */
async function prepareRound(
	at: Pick<Round, 'home' | 'source' | 'target'>,
	random: () => number,
	isTwice = false
): Promise<Round> {
	const { home, source, target } = at;
	rmSync(libraryIn(home), { recursive: true, force: true });
	for (const folder of [source, target]) {
		mkdirSync(folder, { recursive: true });
		for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true });
	}
	makeFiles(source, random);
	if (isTwice) cpSync(source, target, { recursive: true });
	await run(home, 'init', libraryIn(home), '--no-password');
	await run(home, 'add', source, '--name', 'source');
	await run(home, 'add', target, '--name', 'target');
	await run(home, 'index');
	return { ...at, whole: contentsOf(source), isTwice };
}

test(
	`${kills} kills of copies, moves to another filesystem, removals and what is brought in: no byte is missing, no file is half-written, each is done in the end`,
	{ timeout: 60_000 + kills * 20_000 },
	async () => {
		const random = seeded(seed);
		const home = await createHome(await atollProgram());
		const target = mkdtempSync(join(otherFilesystem, 'atoll-kills-'));
		expect(statSync(target).dev, 'two filesystems').not.toBe(statSync(home.folder).dev);
		const source = home.path('source');
		let [killed, midway, ended] = [0, 0, 0];
		/** How long each takes when nothing is in its way: to its first change of a disk, and from there. */
		const tookMs = new Map<string, readonly [number, number]>();

		const fresh = ({ isTwice }: Work) => prepareRound({ home, source, target }, random, isTwice);

		async function checkEnd(round: Round, { name, ends, isTwice }: Work): Promise<void> {
			const when = `${name}, seed ${seed}, kill ${killed}`;
			expect(await stateOf(home), when).toBe('done');
			expect(whereIsIt(round), when).toEqual(ends);
			const left = [...contentsOf(round.target).keys()].filter((path) => !path.startsWith('.atoll-trash/'));
			if (isTwice) expect(left, when).toEqual([]);
			for (const place of ['/source', '/target']) await run(home, 'verify', place);
			await run(home, 'verify');
			ended++;
		}

		try {
			for (const work of works) {
				const round = await fresh(work);
				const startMs = performance.now();
				const going = await begin(round, [...work.args, '--yes']);
				const begunMs = performance.now();
				expect((await going.ended).code, work.name).toBe(0);
				tookMs.set(work.name, [begunMs - startMs, performance.now() - begunMs]);
				await checkEnd(round, work);
			}
			while (killed < kills) {
				const work = works[Math.floor(random() * works.length)] ?? works[0];
				if (work === undefined) break;
				const round = await fresh(work);
				const [untilMs, thenMs] = tookMs.get(work.name) ?? [0, 0];
				for (let args: readonly string[] = [...work.args, '--yes']; killed < kills;) {
					// Some before anything is done; one that goes on has to come that far first.
					const isEarly = random() < 0.2;
					const going = isEarly ? home.start(args) : await begin(round, args);
					const startsMs = isEarly ? 0 : args[0] === 'jobs' ? untilMs : 0;
					if (!(await killAfter(going, startsMs + random() * (isEarly ? untilMs : thenMs)))) break;
					killed++;
					expect(faultsOf(round), `${work.name}, seed ${seed}, kill ${killed}`).toEqual([]);
					const state = await stateOf(home);
					if (state === 'running') midway++;
					// One that was never begun is begun once more.
					if (state !== null) args = ['jobs', 'resume'];
					if (state === 'done' || random() < 0.5) break;
				}
				if ((await stateOf(home)) === null) await run(home, ...work.args, '--yes');
				expect((await home.run(['jobs', 'resume'])).code, `${work.name}, seed ${seed}`).toBe(0);
				await checkEnd(round, work);
			}
		} finally {
			home.remove();
			rmSync(target, { recursive: true, force: true });
		}
		console.log(`seed ${seed}: ${killed} kills, ${midway} in the middle of an action; ${ended} ended whole`);
		expect(midway, 'kills that hit an action').toBeGreaterThan(isNightly ? kills / 5 : 0);
	}
);

/** A program that lets go of a source as soon as it has been written elsewhere, before that is flushed, proved and named. */
const hasty: Sabotage = {
	file: 'src/lib/core/bytes/copy-parts.ts',
	changes: {
		'for (const copy of copies) going.push({ copy, hashed: await writePart(deps, copy, bench, onBytes, signal) });': `
		for (const copy of copies) {
			going.push({ copy, hashed: await writePart(deps, copy, bench, onBytes, signal) });
			await deps.changes.remove(copy.from, copy.expected, signal);
		}`
	}
};

test(
	'a source that goes before its copy is whole and proved is found out (negative control)',
	{ timeout: 120_000 },
	async () => {
		const home = await createHome(await buildProgram('peer/main.ts', hasty));
		const target = mkdtempSync(join(otherFilesystem, 'atoll-kills-'));
		const source = home.path('source');
		try {
			const round = await prepareRound({ home, source, target }, seeded(seed));
			const going = home.start(['mv', '/source/tree', '/target', '--yes']);
			// Until something has gone that nothing has the name of yet.
			const first = join(source, 'tree', 'folder 0', 'large.bin');
			while (going.child.exitCode === null && existsSync(first)) await new Promise((resolve) => setImmediate(resolve));
			going.child.kill('SIGKILL');
			expect((await going.ended).code, 'killed in the middle').toBeNull();
			await home.run(['jobs', 'resume']);
			expect(faultsOf(round).join('\n')).toMatch(/its bytes are gone/);
		} finally {
			home.remove();
			rmSync(target, { recursive: true, force: true });
		}
	}
);
