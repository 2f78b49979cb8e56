import { mkdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { expect, test, vi } from 'vitest';
import { inLibrary, type Home } from './home.ts';

vi.setConfig({ testTimeout: 120_000 });

const tree = 'disk';

async function indexed(home: Home): Promise<void> {
	for (let folder = 0; folder < 3; folder++)
		for (let n = 0; n < 10; n++) home.write(`${tree}/f${folder}/file ${n}`, `text ${folder} ${n} `.repeat(20));
	home.write(`${tree}/f0/large`, 'x'.repeat(400_000));
	// A time in whole seconds, which is put back exactly.
	utimesSync(home.path(tree, 'f0/large'), 1_000_000, 1_000_000);
	expect(await home.runHere(['add', tree])).toMatchObject({ code: 0 });
	expect(await home.runHere(['index'])).toMatchObject({ code: 0 });
}

async function found(home: Home, ...args: string[]) {
	const told = await home.runHere(['verify', ...args, '--json']);
	const [compared] = JSON.parse(told.out).compared;
	const items: string[] = ['missing', 'unindexed', 'stale', 'different'].flatMap((difference) =>
		compared.found[difference].items.map(({ path }: { path: string }) => `${difference} ${path}`)
	);
	return { code: told.code, items: items.toSorted(), left: compared.left };
}

/** Changes one byte and leaves the size and time as they were. */
function flip(file: string, at: number): void {
	const { atime, mtime } = statSync(file);
	const bytes = readFileSync(file);
	bytes[at] = (bytes[at] ?? 0) ^ 1;
	writeFileSync(file, bytes);
	utimesSync(file, atime, mtime);
}

test('drift on a real disk is found, told by the exit code, and repaired by reading just what differs', async () => {
	await inLibrary(async (home) => {
		await indexed(home);
		expect(await found(home, '/disk', '--content')).toMatchObject({ code: 0, items: [] });
		home.write(`${tree}/f1/new`, 'new');
		mkdirSync(home.path(tree, 'f2/empty'));
		renameSync(home.path(tree, 'f0/file 1'), home.path(tree, 'f1/moved'));
		rmSync(home.path(tree, 'f2/file 3'));
		writeFileSync(home.path(tree, 'f0/file 2'), 'other');
		const drift = [
			'missing /disk/f0/file 1',
			'missing /disk/f2/file 3',
			// Whose listing has changed has another time.
			'stale /disk/f0',
			'stale /disk/f0/file 2',
			'stale /disk/f1',
			'stale /disk/f2',
			'unindexed /disk/f1/moved',
			'unindexed /disk/f1/new',
			'unindexed /disk/f2/empty'
		];
		expect(await found(home, '/disk')).toMatchObject({ code: 1, items: drift });
		expect(await found(home, '/disk'), 'nothing was changed by looking').toMatchObject({ code: 1, items: drift });
		expect((await found(home, '/disk/f2/file 4')).items).toEqual([]);
		expect((await found(home, '/disk/f2')).items).toEqual(['missing /disk/f2/file 3', 'unindexed /disk/f2/empty']);
		const text = await home.runHere(['verify', '/disk']);
		expect(text.out).toContain('missing: /disk/f2/file 3 (no longer on the disk)');
		expect(text.err).toContain('Disk and index differ in 9 places.');
		const moved = JSON.parse((await home.runHere(['stat', '/disk/f0/file 1', '--json'])).out).id;
		const repaired = await found(home, '/disk', '--repair');
		expect(repaired).toMatchObject({ code: 0, items: drift, left: { missing: { count: 0 }, stale: { count: 0 } } });
		expect(await found(home, '/')).toMatchObject({ code: 0, items: [] });
		expect(JSON.parse((await home.runHere(['stat', '/disk/f1/moved', '--json'])).out).id).toBe(moved);
		expect(await home.runHere(['verify'])).toMatchObject({ code: 0 });
		expect(await home.runHere(['verify', '--repair'])).toMatchObject({ code: 2 });
		expect(readFileSync(home.path(tree, 'f0/file 2'), 'utf8')).toBe('other');
	});
});

test('bit rot: a scrub finds the flipped byte that size, time and windows hide, and the file restored is whole again', async () => {
	await inLibrary(async (home) => {
		await indexed(home);
		expect(await home.runHere(['scrub'])).toMatchObject({
			code: 0,
			out: expect.stringContaining('31 whole, 0 damaged')
		});
		const rotten = home.path(tree, 'f0/large');
		const before = readFileSync(rotten);
		const { atime, mtime } = statSync(rotten);
		flip(rotten, 60_000);
		// A change of the bytes shows in the change time alone, which a restored disk image does not have either.
		expect((await found(home, '/disk')).items).toEqual([]);
		expect((await found(home, '/disk', '--content')).items).toEqual([]);
		const scrubbed = await home.runHere(['scrub', 'disk', '--json']);
		expect(scrubbed.code).toBe(1);
		expect(JSON.parse(scrubbed.out).locations[0]).toMatchObject({
			whole: 30,
			damaged: 1,
			found: [{ path: '/disk/f0/large', reason: 'damaged' }]
		});
		expect((await found(home, '/disk')).items).toEqual(['different /disk/f0/large']);
		expect(JSON.parse((await home.runHere(['stat', '/disk/f0/large', '--json'])).out).content.damaged).toBe(true);
		expect((await home.runHere(['jobs'])).out).toContain('scrub /disk');
		writeFileSync(rotten, before);
		utimesSync(rotten, atime, mtime);
		expect(await home.runHere(['scrub'])).toMatchObject({
			code: 0,
			out: expect.stringContaining('31 whole, 0 damaged')
		});
		expect((await found(home, '/disk')).items).toEqual([]);
	});
});
