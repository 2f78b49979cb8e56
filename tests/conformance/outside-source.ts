import type { AnyOperation } from '#core';
import type { RootRef } from '#core/ports';
import { patternBytes } from '../vectors/blake3.ts';
import type { World, WorldFolder } from './core-world.ts';

/** One of the things that `files.ingest` is told of. */
export type Item = {
	readonly name: string;
	readonly kind: 'directory' | 'file';
	readonly parent: number | null;
	readonly sizeBytes: number;
	readonly modifiedMs: number | null;
};

/** A folder that is no part of the library. */
export type Source = { readonly folder: WorldFolder; readonly root: RootRef; readonly items: readonly Item[] };

async function readItems({ host }: World, root: RootRef): Promise<Item[]> {
	const items: Item[] = [];
	const read = async (path: readonly string[], parent: number | null): Promise<void> => {
		for await (const page of host.files.list(root, path, new AbortController().signal)) {
			if (!page.ok) throw new Error(page.failure.type);
			for (const { name, kind, sizeBytes, modifiedMs } of page.value.entries) {
				if (kind !== 'file' && kind !== 'directory') continue;
				items.push({ name, kind, parent, sizeBytes, modifiedMs });
				if (kind === 'directory') await read([...path, name], items.length - 1);
			}
		}
	};
	await read([], null);
	return items;
}

/** A source that has names in common with the folders of the library, and some of its own. */
export async function makeSource(world: World): Promise<Source> {
	const folder = await world.makeFolder();
	await folder.write(['new', 'one.txt'], patternBytes(1_000, 1));
	await folder.write(['new', 'below', 'two.bin'], patternBytes(70_000, 2));
	await folder.makeDirectory(['new', 'empty']);
	await folder.write(['deep', 'er', 'leaf.bin'], patternBytes(5_000, 4));
	await folder.write(['deep', 'er', 'another.bin'], patternBytes(20, 5));
	await folder.write(['file 1.txt'], patternBytes(301, 7));
	await folder.write(['n1'], patternBytes(40, 8));
	await folder.write(['n2', 'n3'], 0);
	return { folder, root: folder.root, items: await readItems(world, folder.root) };
}

/** What an operation brings: each name below its target, with what it is. */
export function broughtBy(
	{ items }: Source,
	{ path, to }: Extract<AnyOperation, { readonly kind: 'ingest-entry' }>
): { readonly path: readonly string[]; readonly is: string }[] {
	const pathOf = ({ parent, name }: Item): readonly string[] => {
		const holder = parent === null ? undefined : items[parent];
		return holder === undefined ? [name] : [...pathOf(holder), name];
	};
	return items.flatMap((item) => {
		const own = pathOf(item);
		if (!path.every((name, at) => own[at] === name)) return [];
		const is = item.kind === 'file' ? `file:${item.sizeBytes}` : item.kind;
		return [{ path: [to.name, ...own.slice(path.length)], is }];
	});
}
