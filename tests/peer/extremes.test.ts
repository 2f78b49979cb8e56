import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { inLibrary, type Home } from './home.ts';
import { isNightly } from '../tier.ts';

vi.setConfig({ testTimeout: isNightly ? 600_000 : 60_000 });

/** T13: memory that a process may hold. */
const residentMax = 400_000_000;

async function outcomeOf(home: Home): Promise<Record<string, number>> {
	const indexed = await home.run(['index', '--json']);
	expect(indexed.code, indexed.err).toBe(0);
	return JSON.parse(indexed.out).locations[0].outcome;
}

test('T13: folders 100 deep, past the longest path that the system takes, are indexed, found, moved and read', async () => {
	await inLibrary(async (home) => {
		// No call takes a path of 5,900 bytes: half of it is made beside the other and then moved to its end.
		const half = Array.from({ length: 50 }, () => 'a folder whose name is about sixty bytes long, as some are');
		const [name = ''] = half;
		mkdirSync(home.path('disk', ...half), { recursive: true });
		home.write(join('beside', ...half, 'sea floor.txt'), 'bottom\n');
		renameSync(home.path('beside', name), home.path('disk', ...half, name));
		expect(await home.run(['add', 'disk'])).toMatchObject({ code: 0 });
		expect(await outcomeOf(home)).toMatchObject({ added: 101, problems: 0 });
		const found = await home.run(['find', 'sea floor', '--json']);
		const [file] = JSON.parse(found.out).found;
		expect(file.path.length).toBeGreaterThan(5_800);
		const told = await home.run(['du', '--json', '/disk']);
		expect(JSON.parse(told.out).total).toEqual({ files: 1, folders: 100, sizeBytes: 7 });
		const stat = JSON.parse((await home.run(['stat', file.path, '--json'])).out);
		expect(stat.content).toMatchObject({ copies: expect.anything() });

		renameSync(home.path('disk', name), home.path('disk/elsewhere'));
		expect(await outcomeOf(home)).toMatchObject({ added: 0, moved: 1, removed: 0 });
		const again = JSON.parse((await home.run(['find', 'sea floor', '--json'])).out).found[0];
		expect(again.id).toBe(file.id);
		expect(await home.run(['verify'])).toMatchObject({ code: 0 });
		// Apart again, as what tidies up takes whole paths.
		renameSync(home.path('disk/elsewhere', ...half.slice(1), name), home.path('beside', name));
	});
});

const wide = isNightly ? 1_000_000 : 20_000;

test(`T13: ${wide.toLocaleString('en')} files in one folder, in bounded memory`, async () => {
	await inLibrary(async (home) => {
		mkdirSync(home.path('disk'));
		for (let at = 0; at < wide; at++) writeFileSync(home.path(`disk/${at} of many.txt`), '');
		expect(await home.run(['add', 'disk'])).toMatchObject({ code: 0 });
		const going = home.start(['index', '--no-content', '--json']);
		let residentBytes = 0;
		const looking = setInterval(() => {
			residentBytes = Math.max(residentBytes, residentOf(going.child.pid ?? 0));
		}, 20);
		const ended = await going.ended.finally(() => clearInterval(looking));
		expect(ended.code, ended.err).toBe(0);
		expect(JSON.parse(ended.out).locations[0].outcome).toMatchObject({ added: wide });
		console.log(`${Math.round(residentBytes / 1e6)} MB held at most`);
		expect(residentBytes).toBeGreaterThan(0);
		expect(residentBytes).toBeLessThan(residentMax);
		const found = JSON.parse((await home.run(['find', `${wide - 1} of many`, '--json'])).out).found;
		expect(found.map(({ name }: { name: string }) => name)).toEqual([`${wide - 1} of many.txt`]);
	});
});

/** The most that a process of Linux has held; 0 where it is gone. */
function residentOf(pid: number): number {
	try {
		return Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1_024;
	} catch {
		return 0;
	}
}
