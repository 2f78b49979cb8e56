import { execFileSync } from 'node:child_process';
import { closeSync, ftruncateSync, mkdirSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Driver } from '../../conformance/core-driver.ts';
import type { Figure } from '../figure.ts';
import { bestOf, type Times } from '../measure.ts';
import { childOf, index } from '../workload.ts';
import { copyBarely } from './copy-loop.ts';
import { openNodeLibrary, temporaryFolder } from './node-library.ts';
import { timedWithCpu } from './processor-time.ts';

const mib = 1024 * 1024;
const small = { folders: 100, files: 100, sizeBytes: 3_000 };
const smallRounds = 6;
/** Ten thousand million bytes, of which a piece of each stretch is written. */
const sparse = { sizeBytes: 10_000_000_000, pieceBytes: mib, stretchBytes: 40 * mib };
const dense = { sizeBytes: 512 * mib };
const largeRounds = 2;
const asked = 1.3;

function makeSmallFiles(root: string): void {
	for (let folder = 0; folder < small.folders; folder++) {
		const path = join(root, 'many', `folder ${folder}`);
		mkdirSync(path, { recursive: true });
		for (let file = 0; file < small.files; file++)
			writeFileSync(join(path, `file ${file}.txt`), `${folder} ${file} `.padEnd(small.sizeBytes, 'x'));
	}
}

function makeLargeFile(folder: string, stretchBytes: number, sizeBytes: number): void {
	mkdirSync(folder);
	const file = openSync(join(folder, 'file'), 'w');
	for (let offset = 0; offset + sparse.pieceBytes <= sizeBytes; offset += stretchBytes)
		writeSync(file, Buffer.alloc(sparse.pieceBytes, `piece at ${offset} `), 0, sparse.pieceBytes, offset);
	ftruncateSync(file, sizeBytes);
	closeSync(file);
}

async function copyTo(driver: Driver, input: unknown): Promise<void> {
	const plan = await driver.value('actions.preview', { action: 'files.copy', input });
	const begun = await driver.value('actions.commit', { action: 'files.copy', input, plan: plan.id });
	const ended = await driver.value('actions.end', { action: begun.id });
	if (ended.state !== 'done') throw new Error(`the copy is ${ended.state}`);
}

type Names = 'atoll' | 'cp' | 'flushed' | 'loop';

/**
 * A folder `many` that `make` puts into a folder: copied with proof from preview to end, by `cp -a` alone, with what
 * that wrote flushed, and by a bare loop. Each copy is taken away again and what is owed to the disk paid before the next.
 */
async function timeCopies(rounds: number, make: (root: string) => void): Promise<Record<Names, Times>> {
	const { path, remove } = temporaryFolder();
	const [source, target, yardstick] = [join(path, 'source'), join(path, 'target'), join(path, 'yardstick')];
	for (const folder of [source, target, yardstick]) mkdirSync(folder);
	make(source);
	const library = await openNodeLibrary();
	const { driver } = library;
	const { location } = await index(driver, source);
	const { location: into } = await index(driver, target);
	const many = await childOf(driver, location, 'many');
	const input = { entries: [many], folder: into.entry, conflicts: 'keep-both' };
	const flush = () => execFileSync('sync', ['-f', path]);
	const clean = () => {
		for (const folder of [target, yardstick])
			execFileSync('find', [folder, '-mindepth', '1', '-maxdepth', '1', '-exec', 'rm', '-r', '{}', '+']);
		flush();
	};
	const contestant = (work: () => unknown) => async () => {
		clean();
		return timedWithCpu('copy', work);
	};
	const cp = () => execFileSync('cp', ['-a', join(source, 'many'), yardstick]);
	const best = await bestOf(rounds, {
		atoll: contestant(() => copyTo(driver, input)),
		cp: contestant(cp),
		flushed: contestant(() => {
			cp();
			flush();
		}),
		loop: contestant(() => copyBarely(join(source, 'many'), join(yardstick, 'many'), flush))
	});
	await library.close();
	library.remove();
	rmSync(path, { recursive: true });
	remove();
	return best;
}

function figuresOf(what: string, best: Record<Names, Times>): Figure[] {
	const ratio = (other: Names, time = 'copy') => (best.atoll[time] ?? NaN) / (best[other][time] ?? NaN);
	const name = (more: string) => `node.copy.${what}${more}`;
	return [
		{ name: name(''), measured: best.atoll['copy'] ?? NaN, unit: 'ms' },
		{ name: name('-against-cp'), measured: ratio('cp'), unit: 'share', asked, tolerance: 0.5 },
		{ name: name('-against-flushed-cp'), measured: ratio('flushed'), unit: 'share', tolerance: 0.5 },
		{ name: name('-against-loop'), measured: ratio('loop'), unit: 'share' },
		// What is done elsewhere, as by `sync`, counts for neither.
		{ name: name('-against-loop-cpu'), measured: ratio('loop', 'copy-cpu'), unit: 'share', tolerance: 0.5 }
	];
}

/** Copies with proof, which is the only way that a person has. */
export async function measureCopy(): Promise<Figure[]> {
	const { stretchBytes, sizeBytes } = sparse;
	return [
		...figuresOf('small', await timeCopies(smallRounds, makeSmallFiles)),
		...figuresOf(
			'sparse',
			await timeCopies(largeRounds, (root) => makeLargeFile(join(root, 'many'), stretchBytes, sizeBytes))
		),
		...figuresOf(
			'dense',
			await timeCopies(largeRounds, (root) => makeLargeFile(join(root, 'many'), sparse.pieceBytes, dense.sizeBytes))
		)
	];
}
