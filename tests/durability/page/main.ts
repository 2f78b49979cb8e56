/**
 * A page that the tests drive from outside through `window.probe`. `?core=client` has the app's own client,
 * `?core=commander` chooses its command ids itself, anything else starts no core and leaves the library alone.
 */
import { putFolder } from '#client/folder-handles.ts';
import { createClient, type Client } from '#client/mod.ts';
import type { Failure } from '#core/kernel';
import { Commander, newCommand, type Answer } from './commander.ts';
import { readTree, toSizes, type Ask } from './dump.ts';
import { plant } from './plant.ts';
import { recode } from './recode.ts';
import { Storm } from './storm.ts';
import * as storedFiles from './stored-files.ts';

type Call = (name: string, input: unknown, signal: AbortSignal) => Promise<Answer>;

const wanted = new URLSearchParams(location.search).get('core');
const client = wanted === 'client' ? createClient() : null;
const commander = wanted === 'commander' ? new Commander() : null;

function present<T>(value: T | null): T {
	if (value === null) throw new Error('this page was opened without it');
	return value;
}

/** The folder of the private file system that is called `name`, as if the person had picked it. */
async function pick(name: string): Promise<string> {
	return putFolder(await (await navigator.storage.getDirectory()).getDirectoryHandle(name));
}

/** Resolves with the reference of the folder that is dropped next. */
function nextDrop(): Promise<string> {
	return new Promise((resolve, reject) => {
		document.addEventListener('dragover', (event) => event.preventDefault());
		document.addEventListener(
			'drop',
			(event) => {
				event.preventDefault();
				const handle = event.dataTransfer?.items[0]?.getAsFileSystemHandle();
				if (handle === undefined) reject(new Error('nothing was dropped'));
				else handle.then((given) => putFolder(given as FileSystemDirectoryHandle)).then(resolve, reject);
			},
			{ once: true }
		);
	});
}

const call: Ask = (name, input) =>
	commander === null
		? (present(client).call as unknown as Call)(name, input, new AbortController().signal)
		: commander.send(name, input, newCommand());

/** Opens the library of this device and lists its first location: how long after the page was asked for, in ms. */
async function openToListing(): Promise<number> {
	const value = async <T>(name: string, input: unknown) => {
		const answer = await call(name, input);
		if (!answer.ok) throw new Error(`${name}: ${JSON.stringify(answer.failure)}`);
		return answer.value as T;
	};
	await value('library.unlock', { by: 'device' });
	const [first] = await value<{ entry: number }[]>('locations.list', {});
	await value('entries.ids', { folder: first?.entry ?? 1, order: { by: 'name', descending: false } });
	return performance.now();
}

const probe = {
	get client(): Client {
		return present(client);
	},
	get commander(): Commander {
		return present(commander);
	},
	call,
	openToListing,
	/** Everything below `folder` as `path → size`. */
	sizes: async (folder: number): Promise<Record<string, number>> => {
		const read = await readTree(call, folder);
		if (!read.ok) throw new Error(JSON.stringify(read.failure));
		return toSizes(read.value);
	},
	/** The same, or the failure that stopped reading. */
	trySizes: async (folder: number): Promise<Record<string, number> | Failure> => {
		const read = await readTree(call, folder);
		return read.ok ? toSizes(read.value) : read.failure;
	},
	plant,
	pick,
	nextDrop,
	/** Never ends. */
	recode: () => void recode(call),
	dropped: null as Promise<string> | null,
	storm: null as Storm | null,
	Storm,
	storedFiles
};

export type Probe = typeof probe;

declare global {
	interface Window {
		probe: Probe;
	}
}

window.probe = probe;
