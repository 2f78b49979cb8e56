import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { rooms } from '../rooms.ts';
import { findImportFaults, specifiersOf } from './imports.ts';
import { sourceFiles, textsOf } from './sources.ts';

function plant(path: string, text: string): readonly string[] {
	return findImportFaults([[path, text]], ['kernel', 'ports', 'library']).map((fault) => fault.reason);
}

describe('the rooms of this checkout', () => {
	test('are named in building order, each of them and no other', () => {
		const folders = readdirSync('src/lib/core', { withFileTypes: true }).filter((entry) => entry.isDirectory());
		expect(folders.map((entry) => entry.name).toSorted()).toEqual(rooms.toSorted());
	});

	test('use earlier rooms and pure packages only', () => {
		const sources = [...textsOf(sourceFiles())];
		const inRooms = sources.filter(([path]) => /^src\/lib\/core\/[^/]+\/.*\.ts$/.test(path));
		expect(inRooms.length).toBeGreaterThan(rooms.length);
		expect(inRooms.flatMap(([, text]) => specifiersOf(text)).length).toBeGreaterThan(rooms.length);
		expect(findImportFaults(sources, rooms)).toEqual([]);
	});
});

describe('a planted import', () => {
	test.each([
		['a later room', `import { openLibrary } from '#core/library';`, 'built later'],
		['the type of a later room', `import type { Library } from '#core/library';`, 'built later'],
		['a later room, when it runs', `export const late = () => import('#core/library');`, 'built later'],
		['a later room, handed on', `export * from '#core/library';`, 'built later'],
		['its own door', `import { fault } from '#core/ports';`, 'a room enters itself by its own files'],
		['the joined core', `import { createCore } from '#core';`, 'a room does not know who joins it'],
		['a room that is not there', `import { any } from '#core/cellar';`, 'no such room'],
		[
			'the inside of a room',
			`import { ok } from '#core/kernel/result.ts';`,
			'neither a door of a room nor a pure package'
		],
		[
			'a file of another room',
			`import { ok } from '../kernel/result.ts';`,
			'neither a door of a room nor a pure package'
		],
		['Node', `import { readFileSync } from 'node:fs';`, 'neither a door of a room nor a pure package'],
		['a package of a host', `import { wrap } from 'comlink';`, 'neither a door of a room nor a pure package'],
		[
			'a package with a pure one’s name in front',
			`import 'valibot-more';`,
			'neither a door of a room nor a pure package'
		]
	])('of %s is found', (_, text, reason) => {
		expect(plant('src/lib/core/ports/planted.ts', text)).toEqual([reason]);
	});

	test.each([
		['an earlier room', `import { ok } from '#core/kernel';`],
		['a file of its own', `import { fault } from './fault.ts';`],
		['a pure package', `import { sha256 } from '@noble/hashes/sha2.js'; import * as v from 'valibot';`],
		['a name in a comment or a string', `// import '#core/library'\nexport const text = "from '#core/library'";`]
	])('of %s is fine', (_, text) => {
		expect(plant('src/lib/core/ports/planted.ts', text)).toEqual([]);
	});

	test('in a room that nobody named is found', () => {
		expect(plant('src/lib/core/cellar/mod.ts', `import { ok } from '#core/kernel';`)).toEqual([
			'this room is not in tests/rooms.ts'
		]);
	});

	test('into core.ts, which joins the rooms, and into a test is fine', () => {
		expect(plant('src/lib/core/core.ts', `import '#core/library';`)).toEqual([]);
		expect(plant('src/lib/core/ports/planted.test.ts', `import '#core/library';`)).toEqual([]);
	});
});
