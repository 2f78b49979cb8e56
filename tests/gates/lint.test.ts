import { afterAll, describe, expect, test } from 'vitest';
import { plantHouse } from './planted-house.ts';

type Plant = {
	readonly rule: string;
	readonly path: string;
	readonly text: string;
	/** What the message must say: tells which of the rule's settings fired. */
	readonly because?: string;
};

const inCore = (name: string) => `src/lib/core/kernel/${name}.ts`;
const lines = (count: number, line: string) => `${line}\n`.repeat(count);
const global = (name: string, use: string): Plant => ({
	rule: 'no-restricted-globals',
	path: inCore(`global-${name.toLowerCase()}`),
	text: `export const planted = () => ${use};\n`,
	because: `'${name}'`
});
const entry = (where: string, name: string, specifier: string, because: string): Plant => ({
	rule: 'no-restricted-imports',
	path: `${where}/${name}.ts`,
	text: `import { planted } from '${specifier}';\nexport const again = planted;\n`,
	because
});
const platformFree = 'The core is platform-free';
const ownDoor = 'Enter a room by its door';

const plants: Readonly<Record<string, Plant>> = {
	'the time of the core': global('Date', 'Date.now()'),
	'a date of the core': { ...global('Date', 'new Date()'), path: inCore('global-new-date') },
	'a timer of the core': global('setTimeout', 'setTimeout(() => {}, 1)'),
	'a repeating timer of the core': global('setInterval', 'setInterval(() => {}, 1)'),
	'the core’s own cryptography of the host': global('crypto', 'crypto.getRandomValues(new Uint8Array(1))'),
	'the core’s stop-watch': global('performance', 'performance.now()'),
	'the core’s network': global('fetch', `fetch('/')`),
	'a way round: globalThis': global('globalThis', 'globalThis'),
	'a way round: self': global('self', 'self'),
	'chance in the core': {
		rule: 'no-restricted-properties',
		path: inCore('chance'),
		text: `export const planted = () => Math.random();\n`,
		because: 'Math.random'
	},
	'a timer behind a signal': {
		rule: 'no-restricted-properties',
		path: inCore('signal-timer'),
		text: `export const planted = () => AbortSignal.timeout(1);\n`,
		because: 'AbortSignal.timeout'
	},
	'a step out of a room': entry(
		'src/lib/core/kernel',
		'step-out',
		'../ports/files.ts',
		'Another room is behind its door'
	),
	'two steps out of a room': entry(
		'src/lib/core/kernel',
		'steps-out',
		'../../ui/words.ts',
		'Another room is behind its door'
	),
	'the inside of a room, by its long name': entry(
		'src/lib/core/kernel',
		'inside',
		'#core/ports/files.ts',
		platformFree
	),
	'Node in the core': entry('src/lib/core/kernel', 'node', 'node:fs', platformFree),
	'a part of Node in the core': entry('src/lib/core/kernel', 'node-part', 'node:fs/promises', platformFree),
	'a package of a host in the core': entry('src/lib/core/kernel', 'comlink', 'comlink', platformFree),
	'the engine in the core': entry('src/lib/core/kernel', 'engine', '@journeyapps/wa-sqlite', platformFree),
	'Svelte in the core': entry('src/lib/core/kernel', 'svelte', 'svelte/store', platformFree),
	'the client in the core': entry('src/lib/core/kernel', 'client', '#client/mod.ts', platformFree),
	'the inside of a room in a worker': entry('src/workers', 'inside', '../lib/core/kernel/mod.ts', ownDoor),
	'the interface in a worker': entry('src/workers', 'ui', '#ui/words/words.ts', 'A worker is a thin host'),
	'the client in a worker': entry('src/workers', 'client', '#client/live/queries.ts', 'A worker is a thin host'),
	'Node in a worker': entry('src/workers/host', 'node', 'node:fs/promises', 'A worker is a thin host'),
	'Svelte in a worker': entry('src/workers', 'svelte', 'svelte/store', 'A worker is a thin host'),
	'Kit in a worker': entry('src/workers', 'kit', '$app/environment', 'A worker is a thin host'),
	'the inside of a room in the peer': entry('peer/host', 'inside', '../../src/lib/core/kernel/mod.ts', ownDoor),
	'a worker in the peer': entry('peer', 'worker', '../src/workers/core.worker.ts', 'The peer is a host'),
	'the client in the peer': entry('peer', 'client', '#client/mod.ts', 'The peer is a host'),
	'Node in the client': entry('src/lib/client', 'node', 'node:fs/promises', 'neither interface nor Node'),
	'Node in the interface': entry('src/lib/ui', 'node', 'node:fs/promises', 'through #client'),
	'Comlink in the interface': entry('src/lib/ui', 'comlink', 'comlink', 'through #client'),
	'Kit’s own name for src/lib': entry('src/lib/ui', 'lib', '$lib/client/mod.ts', 'through #client'),
	'a value of the core in the client': entry('src/lib/client', 'core', '#core/kernel', 'types only'),
	'the interface in the client': entry('src/lib/client', 'ui', '#ui/words/words.ts', 'neither interface nor Node'),
	'a value of the core in the interface': entry('src/lib/ui/files', 'core', '#core/kernel', 'through #client'),
	'a value of the joined core in the interface': entry('src/lib/ui/files', 'joined', '#core', 'through #client'),
	'a worker in the interface': entry(
		'src/lib/ui/files',
		'worker',
		'../../../workers/core.worker.ts',
		'through #client'
	),
	'a value of the core in a page': {
		rule: 'no-restricted-imports',
		path: 'src/routes/+page.svelte',
		text: `<script lang="ts">\n\timport { ok } from '#core/kernel';\n\tconst planted = ok(1);\n</script>\n\n{planted}\n`,
		because: 'through #client'
	},
	'one half of a cycle': {
		rule: 'no-cycle',
		path: inCore('cycle-a'),
		text: `import { b } from './cycle-b.ts';\nexport const a = (): number => b();\n`
	},
	'the other half of a cycle': {
		rule: 'no-cycle',
		path: inCore('cycle-b'),
		text: `import { a } from './cycle-a.ts';\nexport const b = (): number => a();\n`
	},
	'a file of 401 lines': {
		rule: 'max-lines',
		path: inCore('long-file'),
		text: `export const count = 0;\n${lines(400, 'export {};')}`
	},
	'a function of 71 lines': {
		rule: 'max-lines-per-function',
		path: 'peer/long-function.ts',
		text: `export function long(value: number): number {\n\tlet sum = 0;\n${lines(67, '\tsum += value;')}\treturn sum;\n}\n`
	},
	any: {
		rule: 'no-explicit-any',
		path: 'src/lib/ui/any.ts',
		text: `export const planted = (value: any): number => value;\n`
	},
	'a promise that nothing is missing': {
		rule: 'no-non-null-assertion',
		path: 'peer/non-null.ts',
		text: `export const planted = (value: string | null): string => value!;\n`
	},
	'a type taken in as a value': {
		rule: 'consistent-type-imports',
		path: 'peer/type-import.ts',
		text: `import { Buffer } from 'node:buffer';\nexport type Planted = Buffer;\n`
	},
	'a claim about a type in the core': {
		rule: 'consistent-type-assertions',
		path: inCore('claim'),
		text: `export const planted = (value: unknown): number => value as number;\n`
	},
	'a check of types that is switched off': {
		rule: 'ban-ts-comment',
		path: 'peer/ignored.ts',
		text: `// ${['@ts', 'ignore'].join('-')}\nexport const planted: number = 'one';\n`
	},
	'a promise that nobody waits for': {
		rule: 'no-floating-promises',
		path: 'peer/floating.ts',
		text: `export function planted(): void {\n\tPromise.resolve(1);\n}\n`
	},
	'a case that is forgotten': {
		rule: 'switch-exhaustiveness-check',
		path: 'peer/forgotten.ts',
		text: `export function planted(value: 'a' | 'b'): number {\n\tswitch (value) {\n\t\tcase 'a':\n\t\t\treturn 1;\n\t}\n\treturn 2;\n}\n`
	},
	'a note of unfinished work': {
		rule: 'no-warning-comments',
		path: 'peer/unfinished.ts',
		// Put together here, as this very file is looked through as well.
		text: `// ${['TO', 'DO'].join('')}: later\nexport const planted = 1;\n`
	}
};

const clean: Readonly<Record<string, string>> = {
	'src/lib/core/kernel/mod.ts': `export type Ok = 1;\nexport const ok = (value: unknown): unknown => value;\n`,
	'src/lib/core/kernel/constant.ts': `export const kinds = ['a', 'b'] as const;\n`,
	'src/lib/core/kernel/ids.ts': `export const named = (value: string): 'a' => value as 'a';\n`,
	'src/lib/core/kernel/own.ts': `import { kinds } from './constant.ts';\nexport const own = [kinds, Math.max(1, 2)];\n`,
	'src/lib/core/kernel/long-comment.ts': `export const count = 0;\n${lines(450, '// why')}`,
	'src/lib/core/library/mod.ts': `import { ok } from '#core/kernel';\nimport { sha256 } from '@noble/hashes/sha2.js';\nimport * as v from 'valibot';\nexport const all = [ok, sha256, v];\n`,
	'src/lib/core/library/mod.test.ts': `import { ok } from '../kernel/mod.ts';\nexport const at = [ok, Date.now(), Object(1) as object];\n`,
	'src/lib/client/types.ts': `import type { Ok } from '#core/kernel';\nimport { wrap } from 'comlink';\nexport const client: [Ok, unknown] = [1, wrap];\n`,
	'src/lib/ui/files/types.ts': `import type { Ok } from '#core/kernel';\nexport const one: Ok = 1;\n`,
	'src/workers/door.ts': `import { ok } from '#core/kernel';\nexport const at = [ok, Date.now()];\n`,
	'peer/door.ts': `import { readFileSync } from 'node:fs';\nimport { ok } from '#core/kernel';\nexport const peer = [readFileSync, ok];\n`
};

type Finding = { readonly code: string; readonly filename: string; readonly message: string; readonly help?: string };

const house = plantHouse({
	...Object.fromEntries(Object.values(plants).map(({ path, text }) => [path, text])),
	...clean
});
afterAll(() => house.remove());

function lint(): readonly Finding[] {
	const { said } = house.run('node_modules/.bin/oxlint', '--type-aware', '--format', 'json', 'src', 'peer');
	const report: { readonly diagnostics: readonly Finding[] } = JSON.parse(said);
	return report.diagnostics;
}
const findings = lint();

describe('the linter stops', () => {
	test.each(Object.entries(plants))('%s', (_, { rule, path, because = '' }) => {
		const here = findings.filter((finding) => finding.filename === path && finding.code.includes(`(${rule})`));
		expect(here.map(({ message, help }) => `${message} ${help}`).join('\n')).toContain(because);
		expect(here).not.toEqual([]);
	});
});

test.each(Object.keys(clean))('the linter has nothing against %s', (path) => {
	expect(findings.filter((finding) => finding.filename === path)).toEqual([]);
});

test('no two plants stand in one file', () => {
	const paths = [...Object.values(plants).map((plant) => plant.path), ...Object.keys(clean)];
	expect(paths.filter((path, at) => paths.indexOf(path) !== at)).toEqual([]);
});
