import { mkdirSync, mkdtempSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RootRef } from '#core/ports';

export function rootAt(path: string): RootRef {
	return path as RootRef;
}

/** Makes an empty folder to be read, in a folder of its own that whoever asked removes. */
export function makeRoot(): { readonly base: string; readonly root: RootRef } {
	const base = realpathSync(mkdtempSync(join(tmpdir(), 'atoll-')));
	const root = rootAt(join(base, 'root'));
	mkdirSync(root);
	return { base, root };
}
