import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { inLibrary, libraryIn, type Going, type Home } from './home.ts';

vi.setConfig({ testTimeout: 120_000 });

/** A folder that a browser could be served. */
function makeApp(home: Home): string {
	home.write('web/index.html', '<!doctype html><title>Atoll</title>');
	return home.path('web');
}

/** A process that has the library open. */
async function holdLibrary(home: Home): Promise<Going> {
	const going = home.start(['serve', '--port', '0', '--web', makeApp(home)]);
	await going.until(/Atoll is at/);
	return going;
}

test('T06: a second process is refused with the pid of the first, whatever it wants', async () => {
	await inLibrary(async (home) => {
		const first = await holdLibrary(home);
		mkdirSync(home.path('docs'));
		const pid = String(first.child.pid);
		for (const args of [
			['ls'],
			['add', 'docs'],
			['index'],
			['verify'],
			['export', 'b.tar'],
			['key', 'export'],
			['remove', 'x', '-y']
		]) {
			const second = await home.run([...args, ...(args[0] === 'ls' ? ['--json'] : [])]);
			expect(second.code, args.join(' ')).toBe(4);
			expect(second.err).toContain(`Process ${pid} has this library open`);
			if (args[0] === 'ls')
				expect(JSON.parse(second.out)).toEqual({ failure: { type: 'LibraryBusy', holder: pid, retry: 'soon' } });
		}
		const app = ['--port', '0', '--web', home.path('web')];
		for (const command of ['serve', 'start']) expect(await home.run([command, ...app])).toMatchObject({ code: 4 });
		expect(existsSync(home.path('b.tar'))).toBe(false);
		first.child.kill('SIGTERM');
		expect(await first.ended).toMatchObject({ code: 0 });
		expect(await home.run(['ls'])).toMatchObject({ code: 0 });
	});
});

test('T06: twenty processes that start at once take turns or are refused, and what each added is there', async () => {
	await inLibrary(async (home) => {
		const names = Array.from({ length: 20 }, (_, at) => `folder ${at}`);
		for (const name of names) mkdirSync(home.path(name));
		const ended = await Promise.all(names.map((name) => home.run(['add', name])));
		for (const { code, err } of ended) {
			expect([0, 4], err).toContain(code);
			if (code === 4) expect(err).toMatch(/Process \d+ has this library open|Another process has this library open/);
		}
		const added = names.filter((_, at) => ended[at]?.code === 0);
		expect(added.length).toBeGreaterThan(0);
		const { locations } = JSON.parse((await home.run(['locations', '--json'])).out);
		expect(locations.map(({ name }: { name: string }) => name).toSorted()).toEqual(added.toSorted());
		expect(await home.run(['verify'])).toMatchObject({ code: 0 });
	});
});

test('a killed process leaves no lock: neither its file nor its pid keeps anybody out', async () => {
	await inLibrary(async (home) => {
		const first = await holdLibrary(home);
		first.child.kill('SIGKILL');
		await first.ended;
		expect(readFileSync(join(libraryIn(home), 'lock'), 'utf8').trim()).toBe(String(first.child.pid));
		expect(await home.run(['ls'])).toMatchObject({ code: 0, err: '' });
		// Not even that of a process which is alive and has nothing to do with it.
		writeFileSync(join(libraryIn(home), 'lock'), `${process.pid}\n`);
		expect(await home.run(['ls'])).toMatchObject({ code: 0, err: '' });
	});
});

test('SIGINT pauses an index run with what is committed, code 130, and the next run goes on', async () => {
	await inLibrary(async (home) => {
		const [folders, files] = [300, 120];
		for (let folder = 0; folder < folders; folder++) {
			mkdirSync(home.path('tree', `folder ${folder}`), { recursive: true });
			for (let file = 0; file < files; file++) writeFileSync(home.path('tree', `folder ${folder}`, `file ${file}`), '');
		}
		await home.run(['add', 'tree']);
		// Its first progress line means that rows are being written.
		const going = home.startOnTerminal(['index']);
		await going.until(/\/tree: [1-9][\d,]* entries, .* to go/);
		going.child.stdin?.write('\u0003');
		const ended = await going.ended;
		expect(ended, 'the run was over too soon to be interrupted').toMatchObject({ code: 130 });
		const { total } = JSON.parse((await home.run(['du', '--json'])).out);
		const kept = total.files + total.folders;
		expect(kept).toBeLessThan(folders * (files + 1));
		expect(await home.run(['verify'])).toMatchObject({ code: 0 });
		expect((await home.run(['locations'])).out).toContain('unfinished');
		const { locations } = JSON.parse((await home.run(['index', '--json'])).out);
		expect(locations[0].outcome).toMatchObject({ added: folders * (files + 1) - kept, entries: folders * (files + 1) });
	});
});

test('progress is for terminals only', async () => {
	await inLibrary(async (home) => {
		home.write('docs/file', '');
		await home.run(['add', 'docs']);
		const piped = await home.run(['index']);
		expect(piped).toMatchObject({ code: 0, err: '' });
		expect(piped.out).not.toContain('\r');
	});
});
