import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { createMemoryFiles, makeFlat } from '../input/memory-tree.ts';
import { index } from '../workload.ts';
import { openNodeLibrary, temporaryFolder } from './node-library.ts';

export const password = 'blue harbour kettle';
/** What the folder under management is called in the app. */
export const locationName = 'Measured';

const made = new Map<number, Promise<string>>();

async function make(entries: number): Promise<string> {
	const files = createMemoryFiles({ [locationName]: makeFlat(3, entries) });
	const library = await openNodeLibrary({ files, password });
	await index(library.driver, locationName);
	const path = join(temporaryFolder().path, `${entries}.tar`);
	const output = openSync(path, 'w');
	await library.driver.value('library.export', { write: async (chunk) => void writeSync(output, chunk) });
	closeSync(output);
	await library.close();
	library.remove();
	return path;
}

/** The backup of a library with one folder `Large` of `entries` files, and `Small` beside it; made once in a run. */
export function backupOf(entries: number): Promise<string> {
	const known = made.get(entries) ?? make(entries);
	made.set(entries, known);
	return known;
}
