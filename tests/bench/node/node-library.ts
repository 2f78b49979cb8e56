import { openSync, closeSync, mkdtempSync, readSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FilesPort, SqlConnection } from '#core/ports';
import { createNodeHost } from '../../../peer/host/node-host.ts';
import { noVolumes } from '../input/memory-tree.ts';
import { drive, type Driver } from '../../conformance/core-driver.ts';
import { checkStorage, databaseAs, type Storage } from '../plain-database.ts';
import { createLibrary } from '../workload.ts';
import { withoutNames } from './without-names.ts';

const folders = new Set<string>();
process.on('exit', () => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

/** A folder that is gone when `remove` was called or the process ends. */
export function temporaryFolder(): { readonly path: string; readonly remove: () => void } {
	const path = mkdtempSync(join(tmpdir(), 'atoll-bench-'));
	folders.add(path);
	return {
		path,
		remove: () => {
			rmSync(path, { recursive: true, force: true });
			folders.delete(path);
		}
	};
}

export type NodeLibrary = {
	readonly driver: Driver;
	/** The open database, for yardsticks of plain SQL. */
	readonly connection: () => SqlConnection;
	/** The database's size, once closed. */
	readonly sizeBytes: () => number;
	readonly close: () => Promise<void>;
	readonly remove: () => void;
};

function firstBytes(path: string): Uint8Array {
	const bytes = new Uint8Array(16);
	const file = openSync(path, 'r');
	readSync(file, bytes);
	closeSync(file);
	return bytes;
}

/** A new library on this machine's disk. `files` replaces the disk as what is indexed; `isNameless` writes no names. */
export async function openNodeLibrary(
	options: {
		readonly files?: FilesPort;
		readonly storage?: Storage;
		readonly password?: string;
		readonly isNameless?: boolean;
	} = {}
): Promise<NodeLibrary> {
	const { path, remove } = temporaryFolder();
	const storage = options.storage ?? 'encrypted';
	const host = createNodeHost({ secretsFolder: join(path, 'secrets') });
	const library = join(path, 'measured.sdlibrary');
	let connection: SqlConnection | null = null;
	const disk = options.isNameless === true ? withoutNames(host.database) : host.database;
	const database = databaseAs(storage, disk, (opened) => (connection = opened));
	const driver = drive(
		{
			host: { ...host, database, ...(options.files ? { files: options.files, volumes: noVolumes } : {}) },
			libraryFolder: () => library
		},
		0,
		// What is measured is what was asked for.
		{ runsJobs: 'asked' }
	);
	await createLibrary(driver, options.password ?? null);
	const file = join(library, 'database.db');
	return {
		driver,
		connection: () => {
			if (connection === null) throw new Error('no database is open');
			return connection;
		},
		sizeBytes: () => statSync(file).size,
		close: async () => {
			await driver.core.close();
			checkStorage(storage, firstBytes(file));
		},
		remove
	};
}
