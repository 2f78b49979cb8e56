import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

/** Where something stands: the file below the folder that was scanned, and how it is written there. */
export type Hit = { readonly what: string; readonly file: string; readonly as: 'UTF-8' | 'UTF-16' | 'bytes' };

/** What to look for, each under the name that hits are told by: text, or a key as hex digits after `0x`. */
export type Wanted = Readonly<Record<string, string>>;

type Pattern = { readonly what: string; readonly as: Hit['as']; readonly bytes: Buffer };

function patternsOf([what, text]: readonly [string, string]): Pattern[] {
	const utf8: Pattern = { what, as: 'UTF-8', bytes: Buffer.from(text.replace(/^0x/, ''), 'utf8') };
	const utf16: Pattern = { what, as: 'UTF-16', bytes: Buffer.from(text.replace(/^0x/, ''), 'utf16le') };
	if (!text.startsWith('0x')) return [utf8, utf16];
	return [utf8, utf16, { what, as: 'bytes', bytes: Buffer.from(text.slice(2), 'hex') }];
}

/**
 * Finds what is `wanted` in the bytes of every file below `folder`, whatever the file is. Blocks of Chromium's databases
 * may be compressed (Snappy), which leaves the first occurrence of a text as it is as long as nothing in it repeats:
 * texts by chance are found there as well.
 */
export function scan(folder: string, wanted: Wanted): Hit[] {
	const patterns = Object.entries(wanted).flatMap(patternsOf);
	const hits: Hit[] = [];
	for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
		if (!entry.isFile()) continue;
		const path = join(entry.parentPath, entry.name);
		const content = readOrNothing(path);
		for (const { what, as, bytes } of patterns)
			if (content.includes(bytes)) hits.push({ what, as, file: relative(folder, path) });
	}
	return hits;
}

/** A browser that runs removes files under our hands. */
function readOrNothing(path: string): Buffer {
	try {
		return readFileSync(path);
	} catch (error) {
		if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return Buffer.alloc(0);
		throw error;
	}
}
