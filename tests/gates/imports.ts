import { preProcessFile } from 'typescript';

export type ImportFault = { readonly path: string; readonly specifier: string; readonly reason: string };

const core = 'src/lib/core/';
const pure = /^(valibot|kysely|ignore|@noble\/[a-z-]+\/[\w./-]+|@scure\/(base|bip39|bip39\/wordlists\/english\.js))$/;

/** Every module that a source names: static, dynamic and type-only imports, and re-exports. */
export function specifiersOf(text: string): readonly string[] {
	return preProcessFile(text, true, true).importedFiles.map((file) => file.fileName);
}

function reasonAgainst(room: string, specifier: string, rooms: readonly string[]): string | null {
	if (specifier.startsWith('./')) return null;
	if (specifier === '#core') return 'a room does not know who joins it';
	const other = /^#core\/([^/]+)$/.exec(specifier)?.[1];
	if (other === undefined) return pure.test(specifier) ? null : 'neither a door of a room nor a pure package';
	if (!rooms.includes(other)) return 'no such room';
	if (other === room) return 'a room enters itself by its own files';
	return rooms.indexOf(other) < rooms.indexOf(room) ? null : 'built later';
}

/**
 * Finds what breaks the building order: imports of later rooms, and of anything that is neither a door nor pure.
 * Tests are no part of a room, and core.ts, which joins the rooms, may enter all of them.
 */
export function findImportFaults(
	sources: Iterable<readonly [path: string, text: string]>,
	rooms: readonly string[]
): readonly ImportFault[] {
	const faults: ImportFault[] = [];
	for (const [path, text] of sources) {
		if (!path.startsWith(core) || !path.endsWith('.ts') || path.endsWith('.test.ts')) continue;
		const [room = '', ...rest] = path.slice(core.length).split('/');
		if (rest.length === 0) continue;
		for (const specifier of specifiersOf(text)) {
			const reason = rooms.includes(room)
				? reasonAgainst(room, specifier, rooms)
				: 'this room is not in tests/rooms.ts';
			if (reason !== null) faults.push({ path, specifier, reason });
		}
	}
	return faults;
}
