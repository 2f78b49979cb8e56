import { lstatSync, realpathSync } from 'node:fs';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import { err, ok, type EntryId, type Result } from '#core/kernel';
import type { EntryRow } from '#core/index';
import type { Location } from '#core/volumes';
import { diskPath as pathForDisk } from '../host/disk-path.ts';
import type { AnyFailure } from './failure.ts';
import type { OpenLibrary } from './open-library.ts';
import { parsePrinted } from './print.ts';

/** An entry and where it is: in the library (`path`) and on this machine's disk (`diskPath`). */
export type EntryPlace = {
	readonly row: EntryRow;
	readonly location: Location;
	readonly path: string;
	readonly diskPath: string;
};

/** What a path means: the list of locations, or an entry of one. */
export type Place = { readonly entry: null } | { readonly entry: EntryPlace };

/** Whether the disk has something at `path`, which may hold names that are not UTF-8. */
function isOnDisk(path: string): boolean {
	return lstatSync(pathForDisk(path, []), { throwIfNoEntry: false }) !== undefined;
}

/**
 * The absolute path of a folder that a person named. Node gives arguments as text, so a name that is not UTF-8
 * can only be typed in its printed form (`\xff`), which is tried where the text itself names nothing.
 */
export function folderArgument(text: string, folder: string): string {
	const typed = resolve(folder, text);
	const printed = parsePrinted(text);
	return printed === null || isOnDisk(typed) ? typed : resolve(folder, printed);
}

/** Where `row` is: found by walking up to its location. Null when a run removed it just now. */
export async function placeOf(
	library: OpenLibrary,
	locations: readonly Location[],
	entry: EntryId
): Promise<Result<EntryPlace | null, AnyFailure>> {
	const trail = await library.commands['entries.trail']({ entry }, library.context());
	if (!trail.ok) return trail;
	const [root, ...below] = trail.value;
	const row = trail.value.at(-1);
	const location = locations.find((known) => known.entry === root?.id);
	if (row === undefined || location === undefined) return ok(null);
	const names = below.map(({ name }) => name);
	return ok({
		row,
		location,
		path: `/${[location.name, ...names].join('/')}`,
		diskPath: join(location.root, ...names)
	});
}

/** The part of `path` below `root`, or null when it does not lie in it. */
function partBelow(root: string, path: string): string | null {
	const part = relative(root, path);
	return part === '..' || part.startsWith(`..${sep}`) || isAbsolute(part) ? null : part.split(sep).join('/');
}

/** The same file by its path without symlinks in its folders; null where the disk has none. */
function withoutLinks(path: string): string | null {
	try {
		return realpathSync(path);
	} catch {
		return null;
	}
}

async function entryAt(
	library: OpenLibrary,
	locations: readonly Location[],
	text: string
): Promise<Result<EntryRow | null, AnyFailure>> {
	const { commands, context } = library;
	if (text.startsWith('/')) {
		const found = await commands['entries.resolve']({ path: text, from: null }, context());
		if (found.ok) return found;
		if (found.failure.type !== 'PathMissing') return found;
	}
	// The innermost location first, as one may lie in another.
	const nearest = locations.toSorted((a, b) => b.root.length - a.root.length);
	for (const path of [text, withoutLinks(text)]) {
		for (const { root, entry } of path === null ? [] : nearest) {
			const below = partBelow(root, path ?? '');
			if (below === null) continue;
			const found = await commands['entries.resolve']({ path: below, from: entry }, context());
			if (found.ok) return found;
			if (found.failure.type !== 'PathMissing') return found;
		}
	}
	return ok(null);
}

/**
 * What `text` names: `/` all locations, `/<location>/a/b` an entry, else a path of the disk inside an indexed
 * folder (a relative one from the current folder), and what begins with `atoll://` an address. The forms that `ls` prints are understood as well.
 */
export async function findPlace(
	library: OpenLibrary,
	text: string,
	folder: string
): Promise<Result<Place, AnyFailure>> {
	if (/^\/+$/.test(text)) return ok({ entry: null });
	const locations = await library.commands['locations.list']({}, library.context());
	if (!locations.ok) return locations;
	if (/^atoll:\/\//i.test(text)) return addressedPlace(library, locations.value, text);
	const printed = parsePrinted(text);
	for (const form of printed === null ? [text] : [text, printed]) {
		const row = await entryAt(library, locations.value, form.startsWith('/') ? form : resolve(folder, form));
		if (!row.ok) return row;
		if (row.value === null) continue;
		const place = await placeOf(library, locations.value, row.value.id);
		if (!place.ok) return place;
		if (place.value !== null) return ok({ entry: place.value });
	}
	return err(missingPlace(locations.value, text, folder));
}

async function addressedPlace(
	library: OpenLibrary,
	locations: readonly Location[],
	address: string
): Promise<Result<Place, AnyFailure>> {
	const row = await library.commands['addresses.resolve']({ address }, library.context());
	if (!row.ok) return row;
	const place = await placeOf(library, locations, row.value.id);
	if (!place.ok) return place;
	return place.value === null ? err({ type: 'EntryMissing' }) : ok({ entry: place.value });
}

function missingPlace(locations: readonly Location[], text: string, folder: string): AnyFailure {
	const path = text.startsWith('/') ? text : resolve(folder, text);
	const isInside = locations.some(({ name, root }) => {
		const [first] = path.split('/').filter((segment) => segment !== '');
		return first === name || partBelow(root, path) !== null;
	});
	return isInside ? { type: 'PathMissing', path, nearest: null } : { type: 'PathNotIndexed', path };
}
