import { expect } from 'vitest';
import type { CoreOptions } from '#core';
import type { EntryId, LocationId } from '#core/kernel';
import { addLocation, drive, type Driver } from '../conformance/core-driver.ts';
import type { SimNode, SimTree } from './host/files.ts';
import { createSimHost } from './host/sim-host.ts';
import { createSimWorld } from './world.ts';

/** A few files and folders, no two files of one size. */
export const usual = {
	notes: { 'a.txt': 10, 'b.txt': 20, deep: { er: { 'c.txt': 30 } } },
	other: { 'd.txt': 40 },
	'e.txt': 50
} satisfies SimTree;

export type Disk = {
	/** Whether the disk gives its files numbers: without, it tells of them no more than a browser does. */
	readonly hasInodes: boolean;
	readonly tree?: SimTree;
	readonly seed?: number;
};

/** A library that has indexed `tree` as `/home`. */
export async function prepared({ hasInodes, tree = usual, seed = 1 }: Disk, options: CoreOptions = {}) {
	const host = createSimHost(seed);
	host.files.hasInodes = hasInodes;
	const root = host.files.put('/disk/home', tree);
	const driver = drive(createSimWorld(seed, host), 1, options);
	await driver.value('library.create', { name: 'Home', password: null });
	const location = await addLocation(driver, { root, name: null });
	const index = (of: LocationId = location.id) => driver.value('index.run', { location: of, acceptEmpty: false });
	const id = async (path: string): Promise<EntryId> =>
		(await driver.value('entries.resolve', { path: path.startsWith('/') ? path : `/home/${path}`, from: null })).id;
	await index();
	return { host, root, driver, location, index, id };
}

export async function noFlaws(driver: Driver): Promise<void> {
	expect((await driver.value('library.verify', {})).flaws).toEqual([]);
}

/** Everything below `node`, by its path. */
export function walk(node: SimNode, at = ''): [string, SimNode][] {
	return [...node.children].flatMap(([name, child]) => {
		const path = at === '' ? name : `${at}/${name}`;
		return [[path, child] as [string, SimNode], ...walk(child, path)];
	});
}
