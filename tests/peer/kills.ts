import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createHome, follow, libraryIn, type Going, type Home } from './home.ts';

export type Programs = {
	/** The shipped command line, which is killed in every other round and looks at the damage in all. */
	readonly atoll: string;
	/** `acks.ts`, which is killed in the rounds between. */
	readonly acks: string;
};

/** What a series of kills did. */
export type Toll = {
	readonly kills: number;
	/** Kills that left a part of the rows behind. */
	readonly midIndex: number;
	/** Kills in the middle of a commit: its journal was left behind. */
	readonly midCommit: number;
	/** Faults found in a library afterwards, each in words. */
	readonly faults: readonly string[];
	/** Rows that were acknowledged and are gone. */
	readonly lost: number;
	/** The most directories that one kill of `acks.ts` made for nothing: read, and not committed. */
	readonly wastedMax: number;
	/** The slowest opening after a kill, process start included. */
	readonly openMsMax: number;
};

type Shape = { readonly folders: number; readonly files: number };
/** What is indexed: enough for several batches, so that there is something to go on with. */
export const treeShape: Shape = { folders: 300, files: 60 };

/** A small generator (mulberry32), so that a seed names a whole series. */
export function seeded(seed: number): () => number {
	let state = seed >>> 0;
	return () => {
		state = (state + 0x6d2b79f5) >>> 0;
		let mixed = Math.imul(state ^ (state >>> 15), state | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
	};
}

/** Makes `folders` directories of `files` empty files each below `tree`. */
export function makeTree(home: Home, { folders, files }: Shape): void {
	for (let folder = 0; folder < folders; folder++) {
		const path = home.path('tree', `folder ${folder}`);
		mkdirSync(path, { recursive: true });
		for (let file = 0; file < files; file++)
			writeFileSync(`${path}/a file of folder ${folder}, number ${file}.txt`, '');
	}
}

function sizeOf(path: string): number {
	return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

/**
 * Kills `going` while a commit writes the database, after `growths` that it lets pass. Polls without giving up the
 * thread: a commit takes a millisecond or two.
 */
function killInCommit(going: Going, library: string, growths: number): void {
	const database = join(library, 'database.db');
	const endMs = performance.now() + 5_000;
	let [size, left] = [sizeOf(database), growths];
	while (performance.now() < endMs) {
		const now = sizeOf(database);
		if (now > size && left-- === 0) break;
		size = now;
	}
	going.child.kill('SIGKILL');
}

async function killAtRandom(going: Going, waitMs: number): Promise<void> {
	await Promise.race([new Promise((resolve) => setTimeout(resolve, waitMs)), going.ended]);
	going.child.kill('SIGKILL');
}

type Seen = { readonly rows: number; readonly files: number; readonly fault: string | null; readonly openMs: number };

/** Opens the library with the shipped program and looks at all of it. */
async function look(home: Home): Promise<Seen> {
	const startedMs = performance.now();
	const used = await home.run(['du', '/tree', '--json']);
	const openMs = performance.now() - startedMs;
	if (used.code !== 0) return { rows: 0, files: 0, fault: `du: ${used.err.trim()}`, openMs };
	const { total } = JSON.parse(used.out);
	const verified = await home.run(['verify', '--json']);
	const fault = verified.code === 0 ? null : `verify: ${verified.out.trim()} ${verified.err.trim()}`;
	return { rows: total.files + total.folders, files: total.files, fault, openMs };
}

async function makeLibrary(home: Home): Promise<void> {
	rmSync(libraryIn(home), { recursive: true, force: true });
	for (const args of [
		['init', libraryIn(home), '--no-password'],
		['add', 'tree']
	]) {
		const ended = await home.run(args);
		if (ended.code !== 0) throw new Error(ended.err);
	}
}

function startAcks(home: Home, program: string): Going {
	const args = [program, libraryIn(home), home.path('.config', 'atoll', 'secrets')];
	return follow(spawn(process.execPath, args, { env: { HOME: home.folder }, stdio: ['ignore', 'pipe', 'pipe'] }));
}

/**
 * Kills a process that indexes `kills` times, each at a moment that `seed` chooses and half of them in a commit, and
 * looks at the library after each, as long as `goOn` says so. A library that is complete or broken makes room for a
 * new one.
 */
export async function killSeries(
	programs: Programs,
	kills: number,
	seed: number,
	goOn: (faults: readonly string[]) => boolean = () => true
): Promise<Toll> {
	const random = seeded(seed);
	const shape = treeShape;
	const entries = shape.folders * (shape.files + 1);
	const home = await createHome(programs.atoll);
	const faults: string[] = [];
	let [lost, midIndex, midCommit, openMsMax] = [0, 0, 0, 0];
	let [wastedMax, filesBefore, acknowledged] = [0, 0, 0];
	try {
		makeTree(home, shape);
		await makeLibrary(home);
		for (let kill = 0; kill < kills && goOn(faults); kill++) {
			const withAcks = kill % 2 === 0;
			const going = withAcks ? startAcks(home, programs.acks) : home.start(['index']);
			if (random() < 0.5) killInCommit(going, libraryIn(home), Math.floor(random() * 6));
			else await killAtRandom(going, random() * 600);
			const { out } = await going.ended;
			if (existsSync(join(libraryIn(home), 'database.db-journal'))) midCommit++;
			acknowledged = Math.max(acknowledged, ...Array.from(out.matchAll(/^rows (\d+)$/gm), ([, rows]) => Number(rows)));

			const seen = await look(home);
			openMsMax = Math.max(openMsMax, seen.openMs);
			if (seen.fault !== null) faults.push(`kill ${kill}: ${seen.fault}`);
			else if (seen.rows < acknowledged) {
				lost += acknowledged - seen.rows;
				faults.push(`kill ${kill}: ${seen.rows} rows of ${acknowledged} acknowledged`);
			}
			if (seen.rows > 0 && seen.rows < entries) midIndex++;
			const listings = out.match(/^listed$/gm)?.length ?? 0;
			if (withAcks && seen.fault === null)
				wastedMax = Math.max(wastedMax, listings - (seen.files - filesBefore) / shape.files);
			[acknowledged, filesBefore] = [seen.rows, seen.files];
			if (seen.fault !== null || seen.rows === entries) {
				await makeLibrary(home);
				[acknowledged, filesBefore] = [0, 0];
			}
		}
		const last = await home.run(['index']);
		const whole = await look(home);
		if (last.code !== 0 || whole.fault !== null || whole.rows !== entries)
			faults.push(`at the end: ${whole.rows} of ${entries} rows; ${whole.fault ?? last.err}`);
	} finally {
		home.remove();
	}
	return {
		kills,
		midIndex,
		midCommit,
		faults,
		lost,
		wastedMax: Math.round(wastedMax),
		openMsMax: Math.round(openMsMax)
	};
}
