import { closeSync, constants, fstatSync, lstatSync, openSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname } from 'node:path';
import type * as xattr from '@napi-rs/xattr';
import { descriptors, pathOf } from './open-directory.ts';

const { O_RDONLY, O_DIRECTORY } = constants;

/** The access list of a file or folder as Linux keeps it (acl(5)). */
export const accessList = 'system.posix_acl_access';
/** What new things in a folder get. */
const defaultList = 'system.posix_acl_default';

/** Names and values. Labels that the system puts on what it watches belong to the place, and are none of them. */
export type Attributes = ReadonlyMap<string, Uint8Array>;

const none: Attributes = new Map();
const isLinux = process.platform === 'linux';
type Library = typeof xattr;
// Elsewhere there is no way to name what is open, and on Windows nothing to load.
const library = isLinux ? (createRequire(import.meta.url)('@napi-rs/xattr') as Library) : null;

function isKept(name: string): boolean {
	return name.startsWith('user.') || name === accessList || name === defaultList;
}

/** Whether the name stands for what is open. */
function isOf(name: string, descriptor: number): boolean {
	const [there, here] = [lstatSync(name), fstatSync(descriptor)];
	return there.dev === here.dev && there.ino === here.ino;
}

/**
 * Does something with a name of what is open, as attributes are asked for by name. No link is followed, and the folder
 * is held: only who may rename in that folder itself could put something else there. Null where it is gone, and where
 * its path is not UTF-8.
 */
function withName<T>(descriptor: number, work: (name: string) => T): T | null {
	if (fstatSync(descriptor).isDirectory()) return work(`${descriptors}/${descriptor}/.`);
	const path = pathOf(descriptor);
	if (typeof path !== 'string') return null;
	const folder = openSync(dirname(path), O_RDONLY | O_DIRECTORY);
	try {
		const name = `${descriptors}/${folder}/${basename(path)}`;
		return isOf(name, descriptor) ? work(name) : null;
	} finally {
		closeSync(folder);
	}
}

function quietly<T>(work: () => T): T | null {
	try {
		return work();
	} catch {
		return null;
	}
}

/** What is open as `descriptor` has beside its bytes, rights and times. Empty where the disk keeps no such thing. */
export function readAttributes(descriptor: number): Attributes {
	return (library !== null && quietly(() => read(library, descriptor))) || none;
}

function read({ listAttributesSync, getAttributeSync }: Library, descriptor: number): Attributes | null {
	// Most have none: that is asked for by the quickest name, and believed.
	const path = pathOf(descriptor);
	if (typeof path === 'string' && !listAttributesSync(path).some(isKept)) return none;
	return withName(descriptor, (at) => {
		const names = listAttributesSync(at).filter(isKept);
		const found = new Map<string, Uint8Array>();
		for (const name of names) {
			const value = getAttributeSync(at, name);
			if (value !== null) found.set(name, value);
		}
		return found;
	});
}

/** Gives what is open these attributes, as far as its disk takes them; answers the names of those that it has then. */
export function writeAttributes(descriptor: number, attributes: Attributes): ReadonlySet<string> {
	if (library === null || attributes.size === 0) return new Set();
	const write = (at: string) => [...attributes].filter(([name, value]) => isTaken(library, at, name, value));
	return new Set(quietly(() => withName(descriptor, write))?.map(([name]) => name));
}

/** Many disks take none, none of that kind or none so large: that is no reason not to have the file. */
function isTaken({ setAttributeSync }: Library, path: string, name: string, value: Uint8Array): boolean {
	try {
		setAttributeSync(path, name, value);
		return true;
	} catch {
		return false;
	}
}
