import { realpathSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { err, ok, type Result } from '#core/kernel';
import type { AnyFailure } from './failure.ts';
import { folderArgument } from './find-place.ts';
import type { OpenLibrary } from './open-library.ts';
import { rootRef } from './root-ref.ts';
import type { Shell } from './shell.ts';

/** One of the things that `files.ingest` is told of. */
type Item = {
	readonly name: string;
	readonly kind: 'directory' | 'file' | 'symlink';
	readonly parent: number | null;
	readonly sizeBytes: number;
	readonly modifiedMs: number | null;
	readonly path?: readonly string[];
};

const order = { by: 'name', descending: false } as const;
/** All paths of this disk lie below it. */
const top = rootRef('/');

/** Adds what lies in a folder, where `only` is not another name; a folder before what lies in it. */
async function readFolder(
	library: OpenLibrary,
	items: Item[],
	path: readonly string[],
	parent: number | null,
	only: string | null
): Promise<Result<null, AnyFailure>> {
	const { commands, context } = library;
	const listed = await commands['disk.list']({ root: top, path, order }, context());
	if (!listed.ok) return listed;
	for (const { name, kind, sizeBytes, modifiedMs } of listed.value.rows) {
		if (kind === 'other' || (only !== null && name !== only)) continue;
		const own = [...path, name];
		items.push({
			name,
			kind,
			parent,
			sizeBytes: sizeBytes ?? 0,
			modifiedMs,
			...(parent === null ? { path: own } : {})
		});
		if (kind !== 'directory') continue;
		const below = await readFolder(library, items, own, items.length - 1, null);
		if (!below.ok) return below;
	}
	return ok(null);
}

function realFolder(path: string): string | null {
	try {
		return realpathSync(dirname(path));
	} catch {
		return null;
	}
}

/** What the paths of the disk name, folders with all that lies in them. */
export async function readOutside(
	library: OpenLibrary,
	command: string,
	texts: readonly string[],
	{ folder }: Shell
): Promise<Result<{ readonly source: typeof top; readonly items: readonly Item[] }, AnyFailure>> {
	const items: Item[] = [];
	for (const text of texts) {
		const path = folderArgument(text, folder);
		const above = path.includes('\0') ? null : realFolder(path);
		const before = items.length;
		if (above !== null) {
			const segments = join(above, '/').split('/').filter(Boolean);
			const read = await readFolder(library, items, segments, null, basename(path));
			if (!read.ok) return read;
		}
		if (items.length === before)
			return err({ type: 'UsageWrong', command, problem: `There is nothing at ${text} on the disk.` });
	}
	return ok({ source: top, items });
}
