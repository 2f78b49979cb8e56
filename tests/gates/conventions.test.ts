import { homedir } from 'node:os';
import { describe, expect, test } from 'vitest';
import { conventions, findConventionFaults } from './conventions.ts';
import { sourceFiles, textsOf } from './sources.ts';

type Plant = readonly [path: string, text: string];

/** Put together here, as this very file is looked through as well. */
const spell = (...parts: readonly string[]): string => parts.join('');
const machine = (top: string): string => spell('/', top, '/checkout/src');

const plants: Readonly<Record<string, { readonly wrong: readonly Plant[]; readonly right: readonly Plant[] }>> = {
	'folders and files are kebab-case, components PascalCase': {
		wrong: [
			['src/lib/core/kernel/nameKey.ts', ''],
			['src/lib/core/kernel/name_key.ts', ''],
			['src/lib/ui/Files/grid.ts', ''],
			['src/lib/ui/files/grid.svelte', ''],
			['tests/Rooms.ts', '']
		],
		right: [
			['src/lib/ui/files/FileGrid.svelte', ''],
			['src/lib/ui/files/selection.svelte.ts', ''],
			['src/lib/core/kernel/name.browser.test.ts', ''],
			['src/routes/entry/[id]/+page.svelte', ''],
			['docs/decisions/0001-one-engine.md', ''],
			['.ci/run', ''],
			['README.md', ''],
			['peer/Dockerfile.dockerignore', '']
		]
	},
	'no component writes raw HTML': {
		wrong: [
			['src/lib/ui/Note.svelte', `<p>{${spell('@', 'html')} note}</p>`],
			['src/lib/ui/Note.svelte', `<script>note.${spell('inner', 'HTML')} = text;</script>`]
		],
		right: [['src/lib/ui/Note.svelte', '<p>{note}</p>{@render children()}']]
	},
	'the interface and the client never load the core, not even late': {
		wrong: [['src/lib/ui/files/grid.ts', `const core = await import(${spell("'#", "core'")});`]],
		right: [['src/workers/core.worker.ts', `const core = await import(${spell("'#", "core'")});`]]
	},
	'nothing is left for later': {
		wrong: [
			['src/lib/ui/Note.svelte', `<!-- ${spell('TO', 'DO')}: colours -->`],
			['docs/notes.md', `${spell('FIX', 'ME')} explain`]
		],
		right: [['docs/notes.md', 'The method to do it.']]
	},
	'no check is switched off without a reason, and none of the types at all': {
		wrong: [
			['peer/main.ts', `// ${spell('oxlint', '-disable', '-next-line')} no-console`],
			['src/lib/ui/Note.svelte', `<!-- ${spell('svelte', '-ignore')} a11y_autofocus -->`],
			['peer/main.ts', `// ${spell('@ts', '-nocheck')}`]
		],
		right: [
			['peer/main.ts', '// The search ignores disabled rooms.'],
			['src/lib/ui/Note.svelte', `<!-- ${spell('svelte', '-ignore')} a11y_autofocus -- the dialog has one field -->`]
		]
	},
	'no test is skipped, singled out or left open': {
		wrong: [
			['src/a.test.ts', `${spell('test', '.skip')}('a', () => {});`],
			['src/a.test.ts', `${spell('describe', '.only')}('a', () => {});`],
			['tests/e2e/a.spec.ts', `${spell('test', '.fixme')}();`]
		],
		right: [['src/a.test.ts', `test.each([1])('%s', () => {});`]]
	},
	'no file names a folder of one machine': {
		wrong: [
			['docs/notes.md', `see ${machine('work')}`],
			['src/a.ts', `const folder = '${machine('root')}';`],
			['src/a.ts', `const folder = '${machine('Users')}';`],
			['src/a.ts', `const folder = '${homedir()}/x';`],
			['src/a.ts', `const folder = '${process.cwd()}/x';`]
		],
		right: [
			['docs/notes.md', 'https://example.org/work/paper and src/work/paper, /usr/share/doc, /home/ada/Pictures'],
			['src/a.ts', `const path = \`\${base}/root/a\`;`]
		]
	},
	'no file names a package registry': {
		wrong: [
			['docs/notes.md', spell('https://', 'registry', '.example.org/atoll')],
			['package-lock.json', spell('"resolved"', ': "https://packages.example.org/a.tgz"')],
			['.npmrc', 'registry=//packages.example.org']
		],
		right: [
			['docs/notes.md', 'https://www.npmjs.com/package/valibot'],
			['.npmrc', 'ignore-scripts=true']
		]
	},
	'every dependency is pinned to one version': {
		wrong: ['^1.2.3', '~1.2.3', '1', '1.2', '1.x', '*', 'latest', '>=1.2.3', 'npm:typescript@7', 'github:a/b'].map(
			(version): Plant => ['package.json', JSON.stringify({ devDependencies: { planted: version } })]
		),
		right: [
			[
				'package.json',
				JSON.stringify({
					engines: { node: '>=20.19' },
					dependencies: { a: '1.2.3', b: '1.0.0-rc.1' },
					optionalDependencies: { '@c/d': 'npm:typescript@7.0.2' }
				})
			]
		]
	}
};

test('every convention has plants', () => {
	expect(conventions.map(({ title }) => title)).toEqual(Object.keys(plants));
});

describe.each(conventions)('$title', (convention) => {
	const { wrong, right } = plants[convention.title] ?? { wrong: [], right: [] };

	test.each(wrong)('in %s, %s is found', (path, text) => {
		expect(findConventionFaults(convention, [[path, text]])).not.toEqual([]);
	});

	test.each(right)('in %s, %s is fine', (path, text) => {
		expect(findConventionFaults(convention, [[path, text]])).toEqual([]);
	});

	test('holds in this checkout', () => {
		expect(findConventionFaults(convention, textsOf(sourceFiles()))).toEqual([]);
	});
});
