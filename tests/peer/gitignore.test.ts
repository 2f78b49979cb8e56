import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import type { RootRef } from '#core/ports';
import { everything } from '#core/rules';
import { createNodeHost } from '../../peer/host/node-host.ts';
import { act, addLocation, drive, dump } from '../conformance/core-driver.ts';
import { createSimRandom, testSeed, type SimRandom } from '../sim/host/random.ts';
import { isNightly } from '../tier.ts';

vi.setConfig({ testTimeout: 300_000 });

const names = [
	'a',
	'b',
	'foo',
	'foo.log',
	'bar.txt',
	'Bar.txt',
	'x y',
	'x ',
	'#h',
	'!n',
	'a[1]',
	'a*',
	'b\\c',
	'.dot',
	'über',
	'build'
];
const pieces = [
	'a',
	'b',
	'foo',
	'bar',
	'*',
	'*.log',
	'*.txt',
	'b*r.txt',
	'a?',
	'[ab]',
	'[!a]oo',
	'f[a-o]o*',
	'build',
	'.d*',
	'über',
	'**'
];
const whole = [
	'\\#h',
	'\\!n',
	'# remark',
	'',
	'   ',
	'x\\ ',
	'x y  ',
	'a\\[1\\]',
	'a\\*',
	'b\\\\c',
	'[',
	'foo\\',
	'/',
	'!',
	'*',
	'!*',
	'!*/',
	'[[:alpha:]]'
];

function one(random: SimRandom, all: readonly string[]): string {
	return all[random.integer(all.length)] ?? '';
}

function pattern(random: SimRandom): string {
	if (random.chance(0.2)) return one(random, whole);
	const segments = Array.from({ length: 1 + random.integer(3) }, () => one(random, pieces));
	const [lead, tail] = [random.chance(0.25) ? '/' : '', random.chance(0.3) ? '/' : ''];
	return `${random.chance(0.3) ? '!' : ''}${lead}${segments.join('/')}${tail}${random.chance(0.1) ? '  ' : ''}`;
}

function ignoreFile(random: SimRandom): string {
	const lines = Array.from({ length: 1 + random.integer(5) }, () => pattern(random));
	return `${random.chance(0.1) ? '\ufeff' : ''}${lines.join(random.chance(0.2) ? '\r\n' : '\n')}${random.chance(0.7) ? '\n' : ''}`;
}

/** A tree with files of patterns anywhere in it; says where they lie. */
function makeTree(random: SimRandom, folder: string, depth: number): string[] {
	mkdirSync(folder, { recursive: true });
	const files: string[] = [];
	for (let n = 0; n < 7; n++) {
		const name = one(random, names);
		if (readdirSync(folder).includes(name)) continue;
		if (depth > 0 && random.chance(0.5)) files.push(...makeTree(random, join(folder, name), depth - 1));
		else writeFileSync(join(folder, name), 'x');
	}
	if (!random.chance(depth === 3 ? 1 : 0.4)) return files;
	writeFileSync(join(folder, '.gitignore'), ignoreFile(random));
	return [...files, join(folder, '.gitignore')];
}

function paths(folder: string, at = ''): string[] {
	return readdirSync(join(folder, at), { withFileTypes: true }).flatMap((entry) => {
		const path = `${at}/${entry.name}`;
		return entry.isDirectory() ? [path, ...paths(folder, path)] : [path];
	});
}

/** What git would leave out of the tree, its own settings aside. */
function ignoredByGit(folder: string, all: readonly string[]): ReadonlySet<string> {
	const env = {
		PATH: process.env['PATH'] ?? '',
		HOME: folder,
		GIT_CONFIG_NOSYSTEM: '1',
		GIT_CEILING_DIRECTORIES: tmpdir()
	};
	const git = (args: readonly string[], input = '') =>
		spawnSync('git', args, { cwd: folder, env, input, encoding: 'utf8' });
	const made = git(['init', '-q', '--template=', '.']);
	expect(made, made.stderr).toMatchObject({ status: 0 });
	const input = all.map((path) => `.${path}\0`).join('');
	const asked = git(['check-ignore', '--no-index', '-z', '--stdin'], input);
	expect(asked.status, asked.stderr).toBeLessThan(2);
	rmSync(join(folder, '.git'), { recursive: true });
	return new Set(asked.stdout.split('\0').map((path) => path.slice(1)));
}

async function indexed(folder: string, library: string): Promise<string[]> {
	const driver = drive(
		{ host: createNodeHost({ secretsFolder: `${library}.secrets` }), libraryFolder: () => library },
		1
	);
	await driver.value('library.create', { name: 'Home', password: null });
	const { id: location, entry } = await addLocation(driver, { root: folder as RootRef, name: null });
	await act(driver, 'locations.set-rules', { location, rules: { ...everything, obeysGitignore: true } });
	await driver.value('index.run', { location, acceptEmpty: false });
	const found = Object.keys(await dump(driver, entry)).sort();
	await driver.core.close();
	return found;
}

describe('nested .gitignore files', () => {
	test('leave out of the index what git leaves out, by many seeds', async () => {
		const seed = testSeed('gitignore');
		const home = mkdtempSync(join(tmpdir(), 'atoll-git-'));
		let [left, controls] = [0, 0];
		try {
			for (let walk = 0; walk < (isNightly ? 300 : 9); walk++) {
				const folder = join(home, String(walk));
				const random = createSimRandom(seed + walk);
				const files = makeTree(random, folder, 3);
				const all = paths(folder);
				const ignored = ignoredByGit(folder, all);
				const expected = all.filter((path) => !ignored.has(path)).sort();
				left += ignored.size;
				expect(await indexed(folder, join(home, `${walk}.sdlibrary`)), `seed ${seed + walk}`).toEqual(expected);
				// The control: without the nested ones the answer is another, or this test would prove nothing of them.
				for (const file of files.slice(0, -1)) writeFileSync(file, '');
				const other = await indexed(folder, join(home, `${walk} control.sdlibrary`));
				if (JSON.stringify(other) !== JSON.stringify(expected)) controls++;
			}
		} finally {
			rmSync(home, { recursive: true });
		}
		console.info(`${left} paths left out; ${controls} trees differ without their nested files`);
		expect(left).toBeGreaterThan(100);
		expect(controls).toBeGreaterThan(5);
	});
});
