import { rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { createHome, inLibrary, libraryIn, type Home } from './home.ts';
import { buildProgram } from './program.ts';
import { isNightly } from '../tier.ts';

vi.setConfig({ testTimeout: 120_000 });

/** So many that threads read them. */
const files = 1_200;
const kills = isNightly ? 30 : 2;

function writeFiles(home: Home): void {
	for (let at = 0; at < files; at++) home.write(`disk/${at % 40}/${at}`, `${at}\n`.repeat(1 + (at % 5) * 6_000));
}

async function contents(home: Home) {
	const { unknown, groups } = JSON.parse((await home.run(['dupes', '--json'])).out);
	return { unknown, groups };
}

test('files that threads have read are the same contents as those that were read without them', async () => {
	await inLibrary(async (home) => {
		writeFiles(home);
		await home.run(['add', 'disk']);
		expect((await home.run(['index'])).out).toContain('/disk: 1,200 files read');
		expect(await contents(home)).toEqual({ unknown: 0, groups: 0 });
		for (const at of [0, 1, 4]) home.write(`disk/copies/${at}`, `${at}\n`.repeat(1 + (at % 5) * 6_000));
		expect((await home.run(['index'])).out).toContain('/disk: 3 files read');
		expect(await contents(home)).toEqual({ unknown: 0, groups: 3 });
		expect(await home.run(['verify'])).toMatchObject({ code: 0 });
	});
});

test('killed while threads read files it goes on, and no file is left out', async () => {
	await inLibrary(async (home) => {
		writeFiles(home);
		await home.run(['add', 'disk']);
		const startMs = performance.now();
		expect(await home.run(['index', '--no-content'])).toMatchObject({ code: 0 });
		const lifeMs = performance.now() - startMs;
		for (let at = 0; at < kills; at++) {
			const going = home.start(['index']);
			const timer = setTimeout(() => going.child.kill('SIGKILL'), lifeMs * (0.5 + at / kills));
			await going.ended.finally(() => clearTimeout(timer));
		}
		expect(await home.run(['index'])).toMatchObject({ code: 0 });
		expect(await contents(home)).toEqual({ unknown: 0, groups: 0 });
		expect(await home.run(['verify'])).toMatchObject({ code: 0 });
	});
});

test('a program whose thread is not there fails clearly, and keeps what it has', async () => {
	const program = await buildProgram();
	rmSync(join(dirname(program), 'hash-worker.js'));
	const home = await createHome(program);
	try {
		writeFiles(home);
		await home.run(['init', libraryIn(home), '--no-password']);
		await home.run(['add', 'disk']);
		const { code, err } = await home.run(['index']);
		expect(code).not.toBe(0);
		expect(err).toContain('a thread that reads files has failed');
		expect(await contents(home)).toMatchObject({ unknown: files });
	} finally {
		home.remove();
	}
});
