import { isAbsolute, sep } from 'node:path';
import { bytesToName, invariant, nameToBytes } from '#core/kernel';

/** Letters of a name that stand for bytes, or that a name read as text shows where its bytes were not UTF-8. */
const needsBytes = /[\ufffd\uef80-\uefff]/;
const forbidden = process.platform === 'win32' ? /[/\\\0]/ : /[/\0]/;

/** A path as this system takes it: text, or bytes where a name is not UTF-8. */
export type DiskPath = string | Buffer;

/** Throws unless `segments` can only lead downwards. */
export function checkSegments(segments: readonly string[]): void {
	for (const segment of segments)
		invariant(
			segment !== '' && segment !== '.' && segment !== '..' && !forbidden.test(segment),
			'a path segment is one plain name'
		);
}

/** Throws unless `root` is an absolute path. */
export function checkRoot(root: string): void {
	invariant(isAbsolute(root) && !root.includes('\0'), 'a root is an absolute path');
}

/** Whether `name`, as text from the system, may hide bytes that are not UTF-8 or that the kernel carries otherwise. */
export function maybeRaw(name: string): boolean {
	return needsBytes.test(name);
}

/** The path of `segments` below `base`; both are names of the kernel. */
export function diskPath(base: string, segments: readonly string[]): DiskPath {
	const path = segments.length === 0 ? base : (base.endsWith(sep) ? base : base + sep) + segments.join(sep);
	return needsBytes.test(path) ? Buffer.from(nameToBytes(path)) : path;
}

/** The path of one more name in the directory at `path`. */
export function childPath(path: DiskPath, name: string): DiskPath {
	if (typeof path === 'string' && !needsBytes.test(name)) return path.endsWith(sep) ? path + name : path + sep + name;
	return Buffer.concat([Buffer.from(path), Buffer.from(sep), Buffer.from(nameToBytes(name))]);
}

/** A path that the system gave as bytes, in names of the kernel. */
export function pathFromBytes(bytes: Uint8Array): string {
	return bytesToName(bytes);
}
