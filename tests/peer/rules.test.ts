import { expect, test, vi } from 'vitest';
import { everything, usual } from '#core/rules';
import { inLibrary, type Home } from './home.ts';

vi.setConfig({ testTimeout: 60_000 });

async function json(home: Home, args: readonly string[]) {
	const ended = await home.runHere([...args, '--json']);
	expect(ended, args.join(' ')).toMatchObject({ code: 0 });
	return JSON.parse(ended.out);
}

async function paths(home: Home, folder = '/tree'): Promise<string[]> {
	const { entries } = await json(home, ['ls', folder]);
	const found: string[] = [];
	for (const { name, kind } of entries) {
		found.push(`${folder}/${name}`);
		if (kind === 'directory') found.push(...(await paths(home, `${folder}/${name}`)));
	}
	return found.sort();
}

test('atoll locations rules: says what holds, what other rules would do, and does it when it is told to', () =>
	inLibrary(async (home) => {
		for (const [path, text] of [
			['tree/web/main.ts', 'main'],
			['tree/web/out/main.js', 'built'],
			['tree/web/.gitignore', 'out\n'],
			['tree/web/node_modules/a/index.js', 'a'],
			['tree/.DS_Store', 'x'],
			['tree/.profile', 'y'],
			['tree/film.mov', 'z'.repeat(5_000)]
		] as const)
			home.write(path, text);
		await json(home, ['add', home.path('tree')]);
		await json(home, ['index']);
		const first = ['/.profile', '/film.mov', '/web', '/web/.gitignore', '/web/main.ts', '/web/out', '/web/out/main.js'];
		expect(await paths(home)).toEqual(first.map((path) => `/tree${path}`));
		expect(await json(home, ['locations', 'rules', 'tree'])).toEqual({
			rules: usual,
			leftOut: [
				{ rule: 'development', files: 0, folders: 1, sizeBytes: 0 },
				{ rule: 'system', files: 1, folders: 0, sizeBytes: 1 }
			],
			applied: false,
			effect: null
		});

		const change = ['--gitignore', 'on', '--hidden', 'out', '--max-size', '4kB', '--exclude', '*.nothing'];
		const rules = { ...usual, withHidden: false, obeysGitignore: true, maxBytes: 4_000, patterns: ['*.nothing'] };
		const dry = await json(home, ['locations', 'rules', 'tree', ...change, '--dry-run']);
		expect(dry).toMatchObject({ rules, applied: false, effect: { returning: { files: 0, folders: 0, sizeBytes: 0 } } });
		expect(dry.effect.leaving).toEqual([
			{ rule: 'hidden', files: 2, folders: 0, sizeBytes: 5 },
			{ rule: 'gitignore', files: 1, folders: 1, sizeBytes: 5 },
			{ rule: 'size', files: 1, folders: 0, sizeBytes: 5_000 }
		]);
		expect(dry.effect.examples.map(({ path }: { path: string }) => path)).toEqual([
			'.profile',
			'film.mov',
			'web/.gitignore',
			'web/out'
		]);
		// Nobody sits at a terminal and nobody said --yes.
		expect(await home.runHere(['locations', 'rules', 'tree', ...change])).toMatchObject({ code: 1 });
		expect(await paths(home)).toEqual(first.map((path) => `/tree${path}`));

		const said = await home.runHere(['locations', 'rules', 'tree', ...change, '--yes']);
		expect(said, said.err).toMatchObject({ code: 0 });
		expect(said.out).toContain('0 gone, 5 left out by rules');
		expect(await paths(home)).toEqual(['/tree/web', '/tree/web/main.ts']);
		expect((await home.runHere(['locations', 'rules', 'tree'])).out).toContain('--exclude      *.nothing');

		const wide = [
			'--system',
			'in',
			'--development',
			'in',
			'--hidden',
			'in',
			'--gitignore',
			'off',
			'--max-size',
			'none'
		];
		const back = await json(home, ['locations', 'rules', 'tree', ...wide, '--no-patterns', '--yes']);
		expect(back).toMatchObject({ rules: everything, leftOut: [], applied: true });
		expect(await paths(home)).toContain('/tree/web/node_modules/a/index.js');
		const include = ['--exclude', '*', '--include', 'web', '--include', 'main.ts', '--yes'];
		await json(home, ['locations', 'rules', 'tree', ...include]);
		expect(await paths(home)).toEqual(['/tree/web', '/tree/web/main.ts']);
		expect((await home.runHere(['verify'])).code).toBe(0);
	}));

test('rules that cannot be are refused with the reason, and change nothing', () =>
	inLibrary(async (home) => {
		home.write('tree/a.txt', 'a');
		await json(home, ['add', home.path('tree')]);
		await json(home, ['index']);
		for (const [args, words] of [
			[['--exclude', '[a'], 'it ends in the middle'],
			[['--exclude', '#a'], 'a remark'],
			[['--include', ''], 'there is nothing in it'],
			[['--exclude', '**/a/**/b/**/c'], 'takes too long'],
			[['--max-size', '2 apples'], 'a size such as 2GB'],
			[['--min-size', '2GB', '--max-size', '1GB'], 'above the largest'],
			[['--hidden', 'maybe'], '--hidden is in or out'],
			[['--gitignore', 'in'], '--gitignore is on or off']
		] as const) {
			const ended = await home.runHere(['locations', 'rules', 'tree', ...args, '--yes']);
			expect(ended, args.join(' ')).toMatchObject({ code: 2 });
			expect(ended.err).toContain(words);
		}
		expect((await json(home, ['locations', 'rules', 'tree'])).rules).toEqual(usual);
	}));
