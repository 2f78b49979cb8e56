import { expect, vi } from 'vitest';
import type { Client } from '#client/mod.ts';
import type { EntryId } from '#core/kernel';
import { Explorer } from '#ui/files/explorer.svelte.ts';
import { App } from '#ui/shell/app.svelte.ts';
import { addIndexed, drive, nextCommand, type Driver } from '../conformance/core-driver.ts';
import { createSimWorld } from './world.ts';

/** A browser's storage in which nothing is kept: a page looks there for the folders that a person has picked. */
function emptyStorage() {
	const answer = (result: unknown) => {
		const asked = { result, onsuccess: () => undefined };
		queueMicrotask(() => asked.onsuccess());
		return asked;
	};
	const transaction = () => {
		const begun = { objectStore: () => ({ get: () => answer(undefined) }), oncomplete: () => undefined };
		queueMicrotask(() => begun.oncomplete());
		return begun;
	};
	return { open: () => answer({ transaction, close: () => undefined }) };
}

function clientOf({ core }: Driver): Client {
	const own: Partial<Client> = {
		connection: { state: 'leader', reason: null, isNetworkAsked: false },
		call: (name, input, signal) => {
			const call = core.commands[name] as (...given: unknown[]) => Promise<never>;
			return call(input, { signal, command: nextCommand() });
		},
		onEvent: (listener) => core.subscribe(listener),
		onMoved: () => () => undefined
	};
	return own as Client;
}

/** Where the explorer of a test goes: nowhere. */
export const nowhere = { go: () => undefined, rewrite: () => undefined };

/** A page that shows a folder called Papers with these files, their rows loaded, the core simulated. Stubs globals. */
export async function openAppPage(files: readonly (readonly string[])[]) {
	vi.stubGlobal('indexedDB', emptyStorage());
	vi.stubGlobal('FileSystemDirectoryHandle', class {});
	vi.stubGlobal('window', { showDirectoryPicker: () => undefined });
	const world = createSimWorld(1);
	const driver = drive(world, 1);
	await driver.value('library.create', { name: 'Library', password: null });
	const folder = await world.makeFolder();
	for (const path of files) await folder.write([...path], 10);
	const { entry } = await addIndexed(driver, folder.root, 'Papers');
	const app = new App(clientOf(driver));
	const address = { folder: entry, row: null, at: null, order: null, isMap: false };
	const explorer = new Explorer(app, nowhere, address);
	app.abilities.rows = explorer;
	await vi.waitFor(() => expect([app.folders.all.length, explorer.trail.value?.length]).toEqual([1, 1]));
	await vi.waitFor(() => expect(explorer.listing?.loaded).toBe(true));
	const { listing } = explorer;
	listing?.want(0, listing.length);
	await vi.waitFor(() => expect(listing?.rowAt(listing.length - 1)).toBeTruthy());
	/** The entry that a path stands for. */
	const at = async (path: string): Promise<EntryId> =>
		(await driver.value('entries.resolve', { path: `/Papers/${path}`, from: null })).id;
	return { app, explorer, at };
}
