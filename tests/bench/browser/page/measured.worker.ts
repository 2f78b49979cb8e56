/** The core over the browser's own host, driven by the same workloads as in Node. */
import * as Comlink from 'comlink';
import type { FilesPort, SqlConnection } from '#core/ports';
import { createBrowserHost } from '../../../../src/workers/host/browser-host.ts';
import { putFolder, removeFolder } from '../../../../src/workers/host/folder-handles.ts';
import { drive, type Driver } from '../../../conformance/core-driver.ts';
import { cipherInput, runCipher } from '../../cipher-workload.ts';
import { createMemoryFiles, makeTree } from '../../input/memory-tree.ts';
import { largeInput, timeLarge } from '../../large-workload.ts';
import { timed, type Times } from '../../measure.ts';
import { checkStorage, databaseAs, type Storage } from '../../plain-database.ts';
import { timeFirstSync, type FirstSync } from '../../sync-workload.ts';
import { taggingInput, timeTagging } from '../../tagging-workload.ts';
import { timeQueries, timeScan, type QueryTimes } from '../../search-workload.ts';
import { createLibrary, index } from '../../workload.ts';
import { bareWalk } from './bare-walk.ts';

const host = createBrowserHost();
const folder = 'measured.sdlibrary';

type Library = { readonly driver: Driver; readonly connection: () => SqlConnection };

async function openLibrary(files: FilesPort, storage: Storage): Promise<Library> {
	let connection: SqlConnection | null = null;
	const database = databaseAs(storage, host.database, (opened) => (connection = opened));
	const world = {
		host: { ...host, database, files },
		libraryFolder: () => folder,
		makeFolder: () => Promise.reject(new Error('a benchmark has folders of its own')),
		close: () => Promise.resolve()
	};
	const driver = drive(world, 0, { runsJobs: 'asked' });
	await createLibrary(driver);
	return {
		driver,
		connection: () => {
			if (connection === null) throw new Error('no database is open');
			return connection;
		}
	};
}

async function storedFile(): Promise<File> {
	const root = await navigator.storage.getDirectory();
	const library = await (await root.getDirectoryHandle('libraries')).getDirectoryHandle(folder);
	return (await library.getFileHandle('database.db')).getFile();
}

const { files, slices } = cipherInput();

const measured = {
	/** One run of the workload that compares encrypted with plain storage. */
	async cipher(storage: Storage): Promise<Times> {
		const { driver } = await openLibrary(files, storage);
		const times = await runCipher(driver, slices);
		await driver.core.close();
		const stored = await storedFile();
		checkStorage(storage, new Uint8Array(await stored.slice(0, 16).arrayBuffer()));
		await driver.value('library.remove', {});
		return times;
	},
	/** Asks for one folder of a million. */
	async large(): Promise<Times> {
		const { driver } = await openLibrary(largeInput(), 'encrypted');
		const times = await timeLarge(driver);
		await driver.value('library.remove', {});
		return times;
	},
	/** Says something of 100,000 files at once. */
	async tagging(): Promise<Times> {
		const { driver } = await openLibrary(taggingInput(), 'encrypted');
		const times = await timeTagging(driver);
		await driver.value('library.remove', {});
		return times;
	},
	/** Takes over an index of 100,000 entries, as a device does that has just joined. */
	firstSync(): Promise<FirstSync> {
		return timeFirstSync(host, (number) => `${number}.sdlibrary`);
	},
	/** Walks a folder of the disk, and indexes it for the first time and again; the walk goes first or last. */
	async indexing(handle: FileSystemDirectoryHandle, walksFirst: boolean): Promise<Times> {
		const walk = () => timed(() => bareWalk(handle));
		const walkFirstMs = walksFirst ? await walk() : null;
		const { driver } = await openLibrary(host.files, 'encrypted');
		const root = await putFolder(handle);
		const { ms, location, entries } = await index(driver, root);
		const again = await timed(() => driver.value('index.run', { location: location.id, acceptEmpty: false }));
		await driver.value('library.remove', {});
		await removeFolder(root);
		return { walk: walkFirstMs ?? (await walk()), first: ms, again, entries };
	},
	/** Finds names in a library of `entries`. */
	async search(entries: number): Promise<{ times: QueryTimes; scanMs: number; indexMs: number; usageMs: number }> {
		const { driver, connection } = await openLibrary(createMemoryFiles({ tree: makeTree(2, entries) }), 'encrypted');
		const { ms, location } = await index(driver, 'tree');
		const times = await timeQueries(driver);
		const scanMs = await timeScan(connection());
		const usageMs = await timed(() => driver.value('entries.usage', { entry: location.entry }));
		await driver.value('library.remove', {});
		return { times, scanMs, indexMs: ms, usageMs };
	}
};

export type Measured = typeof measured;

Comlink.expose(measured);
