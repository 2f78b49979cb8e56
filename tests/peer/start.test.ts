import { existsSync, mkdirSync, statSync } from 'node:fs';
import { expect, test, vi } from 'vitest';
import { inHome, libraryIn, type Home } from './home.ts';
import { ask, freePort } from './raw-http.ts';

vi.setConfig({ testTimeout: 60_000 });

const shell = '<!doctype html><title>Atoll</title>';

async function withApp(use: (home: Home, app: readonly string[]) => Promise<void>): Promise<void> {
	await inHome(async (home) => {
		home.write('web/index.html', shell);
		await use(home, ['--web', home.path('web'), '--port', '0']);
	});
}

/** Looks whether the app is served, then stops the process. */
async function serveAndStop(home: Home, args: readonly string[]): Promise<{ out: string; err: string }> {
	const going = home.start(args);
	const [, port] = await going.until(/^Atoll is at http:\/\/localhost:(\d+)$/m);
	expect(await ask(Number(port), '/')).toMatchObject({ status: 200, body: shell });
	expect(await ask(Number(port), '/readyz')).toMatchObject({ status: 200 });
	going.child.kill('SIGTERM');
	const ended = await going.ended;
	expect(ended.code).toBe(0);
	return ended;
}

test('start in a fresh home makes a library, indexes the folders, serves the app and prints one line', async () => {
	await withApp(async (home, app) => {
		for (let at = 0; at < 50; at++) home.write(`photos/file ${at}.jpg`, 'x');
		home.write('papers/one.pdf', 'x');
		const { out, err } = await serveAndStop(home, ['start', ...app, 'photos', 'papers']);
		expect(out).toMatch(/^Atoll is at http:\/\/localhost:\d+\n$/);
		// It may have come to say the invitation, and says nothing else.
		expect(err).toMatch(/^(This address brings the library into [^]*#pair=\S+\s*)?$/);
		expect(statSync(libraryIn(home)).mode & 0o777).toBe(0o700);

		// What the first one may have been stopped in, the second completes.
		const again = home.startOnTerminal(['start', ...app, 'photos', home.path('papers')]);
		await again.until(/\/papers: [\d,]+ entr/);
		again.child.stdin?.write('\u0003');
		expect(await again.ended).toMatchObject({ code: 0 });
		expect(await home.run(['index'])).toMatchObject({ code: 0 });
		const { locations } = JSON.parse((await home.run(['locations', '--json'])).out);
		expect(locations.map(({ name }: { name: string }) => name)).toEqual(['photos', 'papers']);
		expect(await home.run(['find', 'pdf'])).toMatchObject({ out: '/papers/one.pdf\n' });
	});
});

test('a folder that is not there is said, and the rest goes on', async () => {
	await withApp(async (home, app) => {
		mkdirSync(home.path('there'));
		const going = home.start(['start', ...app, 'nowhere', 'there']);
		await going.until(/nowhere was not indexed/);
		const [, port] = await going.until(/^Atoll is at http:\/\/localhost:(\d+)$/m);
		expect(await ask(Number(port), '/healthz')).toMatchObject({ status: 200 });
		going.child.kill('SIGINT');
		expect(await going.ended).toMatchObject({ code: 0, out: expect.stringMatching(/^Atoll is at \S+\n$/) });
	});
});

test('on a terminal it shows how indexing goes on', async () => {
	await withApp(async (home, app) => {
		for (let folder = 0; folder < 200; folder++) {
			for (let file = 0; file < 100; file++) home.write(`tree/${folder}/${file}`, '');
		}
		const going = home.startOnTerminal(['start', ...app, 'tree']);
		await going.until(/\/tree: [\d,]+ entries, [\d,]+ folders? to go, [\d,]+\/s/);
		going.child.stdin?.write('\u0003');
		expect(await going.ended).toMatchObject({ code: 0 });
		expect(await home.run(['verify'])).toMatchObject({ code: 0 });
		expect(await home.run(['index'])).toMatchObject({ code: 0, out: expect.stringContaining('20,200 entries') });
	});
});

test('a library with a password is not opened without it, and nothing is served', async () => {
	await withApp(async (home, app) => {
		home.write('pw', 'a password of some length\n');
		await home.run(['init', libraryIn(home), '-p', 'pw']);
		for (const command of ['start', 'serve'])
			expect(await home.run([command, ...app])).toMatchObject({ code: 3, out: '' });
		await serveAndStop(home, ['serve', ...app, '-p', 'pw']);
	});
});

test('serve makes no library of its own', async () => {
	await withApp(async (home, app) => {
		expect(await home.run(['serve', ...app])).toMatchObject({ code: 5, out: '' });
		expect(existsSync(libraryIn(home))).toBe(false);
	});
});

test('while a library is opening, the peer is healthy and not ready', async () => {
	await withApp(async (home, app) => {
		const made = await home.runOnTerminal(
			['init', libraryIn(home)],
			[
				{ at: 'New password', keys: 'a password of some length\r' },
				{ at: 'Once more', keys: 'a password of some length\r' }
			]
		);
		expect(made.code).toBe(0);
		// It asks for the password once it listens; whoever sits at the terminal takes a while.
		const port = await freePort();
		const going = home.startOnTerminal(['serve', ...app.slice(0, 2), '--port', String(port)]);
		await going.until(/Password:/);
		expect(await ask(port, '/healthz')).toMatchObject({ status: 200, body: 'ok\n' });
		expect(await ask(port, '/readyz')).toMatchObject({ status: 503, body: 'opening\n' });
		going.child.stdin?.write('a password of some length\r');
		await going.until(/Atoll is at/);
		expect(await ask(port, '/readyz')).toMatchObject({ status: 200, body: 'ready\n' });
		going.child.stdin?.write('\u0003');
		expect(await going.ended).toMatchObject({ code: 0 });
	});
});

test('the library is in no answer: no name of a file, no id, under any path of the index', async () => {
	await withApp(async (home, app) => {
		home.write('photos/secret-name.jpg', 'x');
		for (const args of [['init', libraryIn(home), '--no-password'], ['add', 'photos'], ['index']]) await home.run(args);
		const going = home.start(['serve', ...app]);
		const [, port] = await going.until(/:(\d+)$/m);
		for (const target of [
			'/',
			'/photos',
			'/photos/secret-name.jpg',
			'/api',
			'/api/entries',
			'/library.json',
			'/database.db',
			'/healthz',
			'/readyz',
			'/metrics'
		]) {
			const answer = await ask(Number(port), target, { headers: { 'sec-fetch-mode': 'navigate' } });
			const all = [answer.body, ...answer.headers.values()].join('\n');
			expect(all, target).not.toMatch(/secret-name|photos|sdlibrary|cipher/);
		}
		going.child.kill('SIGTERM');
		expect((await going.ended).err).toBe('');
	});
});
