import { collectionId, entryId, tagId, type CollectionId, type EntryId, type TagId } from '#core/kernel';
import { addIndexed, drive, type Driver } from '../conformance/core-driver.ts';
import type { SimTree } from './host/files.ts';
import { createSimHost, type SimHost } from './host/sim-host.ts';
import { createSimWorld } from './world.ts';

/** Different bytes for each text, and the same for the same. */
export function bytesOf(text: string): Uint8Array {
	return new TextEncoder().encode(text);
}

/** A library with one location, indexed; files are read when that is asked for. */
export async function prepared(tree: SimTree, host: SimHost = createSimHost(1)) {
	const root = host.files.put('/files/tree', tree);
	const driver = drive(createSimWorld(1, host), 1, { runsJobs: 'asked' });
	await driver.value('library.create', { name: 'Home', password: null });
	const location = await addIndexed(driver, root);
	return {
		host,
		root,
		driver,
		location,
		index: () => driver.value('index.run', { location: location.id, acceptEmpty: true }),
		identify: () => driver.value('content.identify', { location: location.id }),
		at: async (path: string): Promise<EntryId> =>
			(await driver.value('entries.resolve', { path: `/${location.name}/${path}`, from: null })).id
	};
}

/** Looks at a plan and does it. */
export async function act(driver: Driver, action: string, input: unknown) {
	const { id: plan } = await driver.value('actions.preview', { action, input });
	return driver.value('actions.commit', { action, input, plan });
}

/** Takes the latest action back, or the latest taking back, and answers what could not be. */
export async function undo(driver: Driver, redo = false) {
	const action = await driver.value('actions.latest', { redo });
	const request = { action: 'actions.undo', input: { action } };
	const plan = await driver.value('actions.preview', request);
	if (plan.counts.operations > 0) await driver.value('actions.commit', { ...request, plan: plan.id });
	return plan.blocked.map(({ why }) => why);
}

export async function createTag(driver: Driver, digit: string, more: object = {}): Promise<TagId> {
	const id = tagId(digit.repeat(32));
	await act(driver, 'metadata.create-tag', { id, name: `tag ${digit}`, ...more });
	return id;
}

export async function createCollection(driver: Driver, digit: string, more: object = {}): Promise<CollectionId> {
	const id = collectionId(digit.repeat(32));
	await act(driver, 'metadata.create-collection', { id, name: `collection ${digit}`, ...more });
	return id;
}

export async function saidOf(driver: Driver, entry: EntryId) {
	const [sayings] = await driver.value('metadata.of', { entries: [entry] });
	return sayings;
}

/** The tags of an entry; those that hang on its bytes with a star. */
export async function tagsOf(driver: Driver, entry: EntryId): Promise<string[]> {
	const sayings = await saidOf(driver, entry);
	return (sayings?.tags ?? []).map(({ name, byContent }) => `${name}${byContent ? '*' : ''}`);
}

export async function tagged(driver: Driver, tag: TagId): Promise<EntryId[]> {
	return [...(await driver.value('metadata.tagged', { tag }))].map(entryId);
}
