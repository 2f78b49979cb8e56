import { isAbsolute } from 'node:path';
import { invariant } from '#core/kernel';
import type { RootRef } from '#core/ports';

/** How this host names a folder: by its absolute path, in names of the kernel. */
export function rootRef(path: string): RootRef {
	invariant(isAbsolute(path), 'a root is an absolute path');
	return path as RootRef;
}
