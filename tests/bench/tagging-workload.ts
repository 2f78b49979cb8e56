/** What a person says of 100,000 files at once, for whichever host runs it. */
import { tagId } from '#core/kernel';
import type { FilesPort } from '#core/ports';
import { nextCommand, type Driver } from '../conformance/core-driver.ts';
import type { Figure } from './figure.ts';
import { createMemoryFiles, makeFlat } from './input/memory-tree.ts';
import { timed, type Times } from './measure.ts';
import { childOf, index } from './workload.ts';

const entries = 100_000;
/** The most that a person waits for, from the key to what is durable. */
const askedMs = 2_000;

export function taggingInput(): FilesPort {
	return createMemoryFiles({ flat: makeFlat(3, entries) });
}

/** Tags everything in one folder, favours it, and takes both back; each as its plan and its commit. */
export async function timeTagging(driver: Driver): Promise<Times> {
	const { location } = await index(driver, 'flat');
	const folder = await childOf(driver, location, 'Large');
	const list = await timed(() => driver.value('entries.ids', { folder, order: { by: 'name', descending: false } }));
	const tag = tagId('1'.repeat(32));
	const commit = async (action: string, input: unknown) => {
		const { id: plan } = await driver.value('actions.preview', { action, input });
		const { id } = await driver.value('actions.commit', { action, input, plan }, { command: nextCommand() });
		return id;
	};
	await commit('metadata.create-tag', { id: tag, name: 'Holiday' });
	const files = { folder };
	let tagging = await commit('metadata.create-collection', { id: '2'.repeat(32), name: 'Best' });
	const preview = await timed(() =>
		driver.value('actions.preview', { action: 'metadata.tag-files', input: { tag, files } })
	);
	const put = await timed(async () => {
		tagging = await commit('metadata.tag-files', { tag, files });
	});
	const count = await timed(() => driver.value('metadata.tags', {}));
	const find = await timed(() => driver.value('metadata.tagged', { tag }));
	const favour = await timed(() => commit('metadata.set-favourite', { files, value: 1 }));
	const undo = await timed(() => commit('actions.undo', { action: tagging }));
	return { list, preview, tag: put, count, find, favour, undo };
}

export function taggingFigures(host: string, times: Times): Figure[] {
	const asked: Readonly<Record<string, number>> = { tag: askedMs, favour: askedMs, undo: askedMs };
	const told = Object.entries(times).map(([what, measured]): Figure => {
		const most = asked[what];
		const figure: Figure = { name: `${host}.tagging.${what}`, measured, unit: 'ms' };
		return most === undefined ? figure : { ...figure, asked: most };
	});
	// Both go over every row of the folder: the one reads and sorts them, the other reads, plans twice and writes.
	const share = (times['tag'] ?? NaN) / (times['list'] ?? NaN);
	return [...told, { name: `${host}.tagging.tag-against-list`, measured: share, unit: 'share' }];
}
