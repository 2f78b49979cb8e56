import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Driver } from '../../conformance/core-driver.ts';
import type { Figure } from '../figure.ts';
import { createMemoryFiles, makeFlat, makeTree } from '../input/memory-tree.ts';
import { bestOf, leastOf, timed, type Times } from '../measure.ts';
import { childOf, index } from '../workload.ts';
import { openNodeLibrary, temporaryFolder } from './node-library.ts';

const previewEntries = 100_000;
const previewRounds = 5;
const previewMsAsked = 200;
const copied = { folders: 100, files: 100, sizeBytes: 3_000 };
const copyRounds = 3;
const copyAsked = 1.3;

/** What a person waits for before a plan is shown: of one large folder, and of moving all that lies in it as a selection. */
async function timePreviews(): Promise<Times> {
	const files = createMemoryFiles({ flat: makeFlat(3, previewEntries), other: makeTree(1, 100) });
	const library = await openNodeLibrary({ files });
	const { driver } = library;
	const { location } = await index(driver, 'flat');
	const { location: other } = await index(driver, 'other');
	const large = await childOf(driver, location, 'Large');
	const order = { by: 'name', descending: false } as const;
	const all = [...(await driver.value('entries.ids', { folder: large, order }))];
	const preview = async (entries: readonly number[]) => {
		const input = { entries, folder: other.entry };
		const plan = await driver.value('actions.preview', { action: 'files.move', input });
		if (plan.counts.operations !== entries.length) throw new Error(JSON.stringify(plan.blocked.at(0)));
	};
	const times: Times[] = [];
	const others = {
		copy: ['files.copy', { entries: [large], folder: other.entry }],
		trash: ['files.trash', { entries: [large] }],
		rename: ['files.rename', { renames: [{ entry: large, name: 'Larger' }] }]
	} as const;
	for (let round = 0; round < previewRounds; round++) {
		const time: Record<string, number> = { folder: await timed(() => preview([large])) };
		for (const [name, [action, input]] of Object.entries(others))
			time[name] = await timed(() => driver.value('actions.preview', { action, input }));
		times.push(time);
	}
	const selection = await timed(() => preview(all));
	await library.close();
	library.remove();
	return { ...leastOf(times), selection };
}

function makeSmallFiles(root: string): void {
	for (let folder = 0; folder < copied.folders; folder++) {
		const path = join(root, 'many', `folder ${folder}`);
		mkdirSync(path, { recursive: true });
		for (let file = 0; file < copied.files; file++)
			writeFileSync(join(path, `file ${file}.txt`), `${folder} ${file} `.padEnd(copied.sizeBytes, 'x'));
	}
}

async function copyTo(driver: Driver, input: unknown): Promise<void> {
	const plan = await driver.value('actions.preview', { action: 'files.copy', input });
	const begun = await driver.value('actions.commit', { action: 'files.copy', input, plan: plan.id });
	const ended = await driver.value('actions.end', { action: begun.id });
	if (ended.state !== 'done') throw new Error(`the copy is ${ended.state}`);
}

/** Small files copied with proof from preview to end, against `cp -a` alone and with what it wrote flushed. */
async function timeCopies() {
	const { path, remove } = temporaryFolder();
	const [source, target, yardstick] = [join(path, 'source'), join(path, 'target'), join(path, 'yardstick')];
	for (const folder of [source, target, yardstick]) mkdirSync(folder);
	makeSmallFiles(source);
	const library = await openNodeLibrary();
	const { driver } = library;
	const { location } = await index(driver, source);
	const { location: into } = await index(driver, target);
	const many = await childOf(driver, location, 'many');
	const input = { entries: [many], folder: into.entry, conflicts: 'keep-both' };
	const cp = async (flush: boolean) => {
		rmSync(join(yardstick, 'many'), { recursive: true, force: true });
		execFileSync('sync', ['-f', yardstick]);
		return {
			copy: await timed(() => {
				execFileSync('cp', ['-a', join(source, 'many'), yardstick]);
				if (flush) execFileSync('sync', ['-f', yardstick]);
			})
		};
	};
	const best = await bestOf(copyRounds, {
		atoll: async () => ({ copy: await timed(() => copyTo(driver, input)) }),
		cp: () => cp(false),
		flushed: () => cp(true)
	});
	await library.close();
	library.remove();
	remove();
	return { atoll: best.atoll['copy'] ?? NaN, cp: best.cp['copy'] ?? NaN, flushed: best.flushed['copy'] ?? NaN };
}

export async function measureActions(): Promise<Figure[]> {
	const { folder = NaN, copy = NaN, trash = NaN, rename = NaN, selection = NaN } = await timePreviews();
	const { atoll, cp, flushed } = await timeCopies();
	return [
		{ name: 'node.actions.preview-folder', measured: folder, unit: 'ms', asked: previewMsAsked },
		{ name: 'node.actions.preview-copy', measured: copy, unit: 'ms', asked: previewMsAsked },
		{ name: 'node.actions.preview-trash', measured: trash, unit: 'ms', asked: previewMsAsked },
		{ name: 'node.actions.preview-rename', measured: rename, unit: 'ms', asked: previewMsAsked },
		{ name: 'node.actions.preview-selection', measured: selection, unit: 'ms' },
		{ name: 'node.actions.copy', measured: atoll, unit: 'ms' },
		{ name: 'node.actions.copy-against-cp', measured: atoll / cp, unit: 'share', asked: copyAsked, tolerance: 0.5 },
		{ name: 'node.actions.copy-against-flushed-cp', measured: atoll / flushed, unit: 'share', tolerance: 0.5 }
	];
}
