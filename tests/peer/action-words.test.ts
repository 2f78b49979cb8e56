import { appendFileSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createHome, libraryIn, type Home } from './home.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let home: Home;

beforeAll(async () => {
	home = await createHome();
	for (const path of ['a/one.txt', 'a/two.txt', 'a/three.txt', 'b/one.txt']) home.write(`files/${path}`, path);
	home.write('more/x.txt', 'x');
	const inits = [['init', libraryIn(home), '--no-password'], ['add', 'files'], ['add', 'more'], ['index']];
	for (const args of inits) expect(await home.runHere(args)).toMatchObject({ code: 0 });
});
afterAll(() => home.remove());

/** What a person reads, without what a shell does with it; the names of our own types are nothing to read. */
async function said(...args: string[]): Promise<string> {
	const { code, out, err } = await home.runHere(args);
	// The folder of the test has a name by chance.
	expect(`${out}${err}`.replaceAll(home.folder, ''), args.join(' ')).not.toMatch(
		/\b[A-Z][a-z]+[A-Z]\w*|undefined|\[object|NaN/
	);
	return `${code}: ${out}${err}`;
}

test('each refusal says plainly what is in the way, and names only options that the command has', async () => {
	expect(await said('rename', '/files/a/one.txt', 'two.txt')).toMatch(/two\.txt is there already\n/);
	expect(await said('rename', '/files/a/one.txt', 'two.txt')).not.toContain('--conflicts');
	expect(await said('mkdir', '/files/a')).not.toContain('--conflicts');
	expect(await said('mkdir', '/files/a/one.txt')).not.toContain('--conflicts');
	expect(await said('mv', '/files/a/one.txt', '/files/b')).toMatch(
		/one\.txt is there already\nnote: --conflicts says what is done where a name is taken\n/
	);
	expect(await said('cp', '/files/a', '/files/a')).toMatch(/copy|into itself/);
	expect(await said('mv', '/files/a', '/files/a')).toMatch(/a folder cannot come into itself/);
	expect(await said('mv', '/files/a/one.txt', '/files/a')).toMatch(
		/move one\.txt: it is there already\n.*None of that/
	);
	expect(await said('mv', '/files', '/more')).toMatch(/it is a folder of the library itself \(see atoll remove\)/);
	expect(await said('mv', '/files/b/one.txt', '/files/a/two.txt')).toMatch(/there already|no folder/);
	expect(await said('rename', '/files/a/one.txt', 'with/slash')).toMatch(/with\/slash/);
	expect(await said('rm', '/files/nothing')).toMatch(/nothing/);
	expect(await said('restore', 'nothing')).toMatch(/The trash is empty/);
	expect(await said('redo')).toMatch(/nothing to do again|nothing to redo/);
	expect(await said('undo', '9999')).toMatch(/9999|could not be|nothing of it/i);
});

test('what was not done is told with its reason, and what was can be taken back', async () => {
	appendFileSync(home.path('files', 'a', 'two.txt'), 'changed since');
	rmSync(home.path('files', 'a', 'three.txt'));
	const moved = await said('mv', '/files/a/two.txt', '/files/a/three.txt', '/files/b', '--yes');
	expect(moved).toMatch(/not done:\n {2}move two\.txt: .*\n {2}move three\.txt: /);
	expect(moved).toMatch(/2 of 2 steps could not be done\. Nothing was changed\.|2 of 2 steps could not be done/);
	await said('index');
	renameSync(home.path('more'), home.path('away'));
	expect(await said('cp', '/files/b/one.txt', '/more', '--yes')).toMatch(/cannot be reached|not mounted|not there/);
	mkdirSync(home.path('more'));
	rmSync(home.path('more'), { recursive: true });
	renameSync(home.path('away'), home.path('more'));
	await said('history');
});
