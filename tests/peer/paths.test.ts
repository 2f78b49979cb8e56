import { mkdirSync, symlinkSync } from 'node:fs';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createHome, libraryIn, type Home } from './home.ts';
import { fingerprint } from './fingerprint.ts';
import { hostilePaths } from './hostile-paths.ts';
import { isNightly } from '../tier.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

let home: Home;

beforeAll(async () => {
	home = await createHome();
	home.write('canary', 'alive');
	home.write('inside/canary', 'alive');
	home.write('inside/x.sdlibrary/file', '');
	mkdirSync(home.path('inside/link'));
	symlinkSync('..', home.path('inside/way-out'));
	// The first address that is asked for draws the number of the device: it is there before anything is compared.
	for (const args of [['init', libraryIn(home), '--no-password'], ['add', 'inside'], ['index'], ['stat', '/inside']])
		expect(await home.run(args)).toMatchObject({ code: 0 });
});
afterAll(() => home.remove());

/** Where an answer lies on the disk; nothing when there was none. */
async function diskPathOf(path: string): Promise<string | null> {
	const { code, out } = await home.runHere(['stat', '--json', '--', path]);
	return code === 0 ? (JSON.parse(out).diskPath ?? null) : null;
}

test(`T27: ${hostilePaths.length} paths, in five places each, name nothing outside of what was indexed`, async () => {
	const before = fingerprint(home.folder, libraryIn(home));
	let answered = 0;
	for (const [at, path] of hostilePaths.entries()) {
		const forms = [path, `/${path}`, `/inside/${path}`, `inside/${path}`, `/inside/way-out/${path}`];
		// In every run each of them in two places.
		for (const form of forms.filter((_, place) => isNightly || place === at % 5 || place === (at + 2) % 5)) {
			const found = await diskPathOf(form);
			if (found !== null) answered++;
			const isInside = found === null || found === home.path('inside') || found.startsWith(home.path('inside/'));
			expect(isInside, `${form} gave ${found}`).toBe(true);
		}
		for (const command of ['ls', 'du'] as const) {
			const { code, out } = await home.runHere([command, '--json', '--', path]);
			expect([0, 5], `${command} ${path}`).toContain(code);
			expect(out).not.toContain('root:');
		}
	}
	expect(answered, 'some of them come back to what was indexed').toBeGreaterThan(5);
	expect(fingerprint(home.folder, libraryIn(home))).toBe(before);
});

test('a path through a symlink on the disk is that of the entry, and one that leads out is none', async () => {
	symlinkSync('inside', home.path('other-way-in'));
	expect(await diskPathOf('other-way-in/canary')).toBe(home.path('inside/canary'));
	expect(await diskPathOf('inside/way-out/canary')).toBeNull();
	expect(await diskPathOf('inside/way-out')).toBe(home.path('inside/way-out'));
});

test('`..` goes up in the index and never above the folder of the location', async () => {
	expect(await diskPathOf('/inside/x.sdlibrary/../canary')).toBe(home.path('inside/canary'));
	expect(await diskPathOf('/inside/../../../../canary')).not.toBe(home.path('canary'));
	expect(await diskPathOf(home.path('inside/../canary'))).toBeNull();
});

test('control: where the folder above is indexed as well, the same check finds a way to the canary', async () => {
	expect(await home.run(['add', '.', '--name', 'all'])).toMatchObject({ code: 0 });
	expect(await home.run(['index', 'all'])).toMatchObject({ code: 0 });
	for (const path of ['/all/canary', home.path('canary'), 'inside/../canary'])
		expect(await diskPathOf(path)).toBe(home.path('canary'));
	expect(await home.run(['remove', 'all', '-y'])).toMatchObject({ code: 0 });
});
