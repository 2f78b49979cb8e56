/** What is timed on every host, through the commands that an app calls. Runs in Node and in a browser's worker. */
import type { EntryId } from '#core/kernel';
import type { RootRef } from '#core/ports';
import type { Location } from '#core/volumes';
import { addLocation, type Driver } from '../conformance/core-driver.ts';
import { createChance } from './input/random.ts';
import { timed, type Times } from './measure.ts';

/** Rows of one screen with what is drawn ahead of it. */
const screenRows = 60;
const screensPerSlice = 40;
const slices = 6;
/** Words of common and rare names, short and long; typed one after the other. */
const typed = [
	'im',
	'img',
	'report',
	'invoice 20',
	'final draft',
	'zephyr',
	'quartz',
	'index',
	'2019',
	'lib so',
	'q',
	'xyzzy'
];

export async function createLibrary(driver: Driver, password: string | null = null): Promise<void> {
	await driver.value('library.create', { name: 'Measured', password });
}

/** Puts `root` under management and indexes it; gives the time of the indexing alone. */
export async function index(
	driver: Driver,
	root: string
): Promise<{ readonly location: Location; readonly ms: number; readonly entries: number }> {
	const location = await addLocation(driver, { root: root as RootRef, name: null });
	let entries = 0;
	const ms = await timed(async () => {
		const outcome = await driver.value('index.run', { location: location.id, acceptEmpty: false });
		entries = outcome.entries;
	});
	return { location, ms, entries };
}

export async function childOf(driver: Driver, location: Location, name: string): Promise<EntryId> {
	const child = await driver.value('entries.resolve', { path: name, from: location.entry });
	return child.id;
}

/** Reads as browsing does: lists the large `folder`, draws windows of it, types words, asks what `top` holds. In slices. */
export async function read(driver: Driver, folder: EntryId, top: EntryId): Promise<Times> {
	const order = { by: 'name', descending: false } as const;
	const chance = createChance(7);
	const ids = await driver.value('entries.ids', { folder, order });
	const screens = async () => {
		for (let at = 0; at < screensPerSlice; at++) {
			const from = chance.within(0, ids.length - screenRows);
			await driver.value('entries.rows', { ids: [...ids.subarray(from, from + screenRows)] });
		}
	};
	const times: Record<string, number> = {};
	for (let at = 0; at < slices; at++) {
		times[`list#${at}`] = await timed(() => driver.value('entries.ids', { folder, order }));
		times[`rows#${at}`] = await timed(screens);
		times[`usage#${at}`] = await timed(() => driver.value('entries.usage', { entry: top }));
	}
	for (const words of typed)
		times[`search#${words}`] = await timed(() => driver.value('search.first', { text: words, limit: 100 }));
	return times;
}
