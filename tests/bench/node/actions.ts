import type { Figure } from '../figure.ts';
import { createMemoryFiles, makeFlat, makeTree } from '../input/memory-tree.ts';
import { leastOf, timed, type Times } from '../measure.ts';
import { childOf, index } from '../workload.ts';
import { openNodeLibrary } from './node-library.ts';

const previewEntries = 100_000;
const previewRounds = 5;
const previewMsAsked = 200;

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

export async function measureActions(): Promise<Figure[]> {
	const { folder = NaN, copy = NaN, trash = NaN, rename = NaN, selection = NaN } = await timePreviews();
	return [
		{ name: 'node.actions.preview-folder', measured: folder, unit: 'ms', asked: previewMsAsked },
		{ name: 'node.actions.preview-copy', measured: copy, unit: 'ms', asked: previewMsAsked },
		{ name: 'node.actions.preview-trash', measured: trash, unit: 'ms', asked: previewMsAsked },
		{ name: 'node.actions.preview-rename', measured: rename, unit: 'ms', asked: previewMsAsked },
		{ name: 'node.actions.preview-selection', measured: selection, unit: 'ms' }
	];
}
