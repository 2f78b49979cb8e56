import { createServer as createNaiveServer, type Server } from 'node:http';
import { readFileSync, renameSync, statSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { createHome, type Going, type Home } from './home.ts';
import { fingerprint } from './fingerprint.ts';
import { hostilePaths } from './hostile-paths.ts';
import { ask, listenAnywhere, sendRaw, type Answer } from './raw-http.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let home: Home;
let server: Going;
let port = 0;
const canary = 'the canary sings';
const shell = '<!doctype html><title>Atoll</title><script>start()</script>';

async function startApp(...args: readonly string[]): Promise<{ going: Going; port: number }> {
	const going = home.start(['app', '--web', home.path('deep/web'), '--port', '0', ...args]);
	const [, found] = await going.until(/Atoll is at http:\/\/[^\s]+:(\d+)$/m);
	return { going, port: Number(found) };
}

beforeAll(async () => {
	home = await createHome();
	home.write('deep/web/index.html', shell);
	home.write('deep/web/index.html.gz', 'zipped shell');
	home.write('deep/web/_app/immutable/chunk.js', 'export default 1;');
	home.write('deep/web/_app/version.json', '{"version":"1"}');
	home.write('deep/web/service-worker.js', 'self.skipWaiting();');
	home.write('deep/web/manifest.webmanifest', '{}');
	home.write('deep/web/.env', canary);
	for (const path of ['canary', 'deep/canary', 'deep/web.bak/canary', 'deep/webcanary']) home.write(path, canary);
	home.write('.config/atoll/config.json', JSON.stringify({ hostNames: ['nas.example', 'Atoll.Home'] }));
	({ going: server, port } = await startApp());
});
afterAll(async () => {
	server.child.kill('SIGTERM');
	await server.ended;
	home.remove();
});

const guards = {
	'cross-origin-opener-policy': 'same-origin',
	'cross-origin-embedder-policy': 'require-corp',
	'cross-origin-resource-policy': 'same-origin',
	'x-content-type-options': 'nosniff',
	'referrer-policy': 'no-referrer'
};

function expectGuarded({ headers }: Answer, what: string): void {
	for (const [name, value] of Object.entries(guards)) expect(headers.get(name), `${name} of ${what}`).toBe(value);
	const policy = headers.get('content-security-policy') ?? '';
	for (const rule of ["frame-ancestors 'none'", "base-uri 'none'", "form-action 'none'", "object-src 'none'"])
		expect(policy, what).toContain(rule);
}

describe('what is served, and how long it keeps', () => {
	const page = { accept: 'text/html' };
	const navigation = { 'sec-fetch-mode': 'navigate', accept: 'text/html' };
	test.each([
		['/', {}, 200, 'no-cache', shell],
		['/?q=1', {}, 200, 'no-cache', shell],
		['/index.html', {}, 200, 'no-cache', shell],
		['/_app/immutable/chunk.js', {}, 200, 'public,max-age=31536000,immutable', 'export default 1;'],
		['/_app/version.json', {}, 200, 'no-cache', '{"version":"1"}'],
		['/service-worker.js', {}, 200, 'no-cache', 'self.skipWaiting();'],
		['/healthz', {}, 200, 'no-cache', 'ok\n'],
		['/readyz', {}, 200, 'no-cache', 'ready\n'],
		// The app answers for its own pages, and for nothing that is no page.
		['/entry/5', navigation, 200, 'no-cache', shell],
		['/entry/5', page, 200, 'no-cache', shell],
		['/entry/5', { accept: '*/*' }, 404, 'no-cache', 'not found\n'],
		['/entry/5', { 'sec-fetch-mode': 'cors', accept: 'text/html' }, 404, 'no-cache', 'not found\n'],
		['/_app/immutable/gone.js', navigation, 404, 'no-cache', 'not found\n'],
		['/_app/immutable/gone', navigation, 404, 'no-cache', 'not found\n'],
		['/missing.png', page, 404, 'no-cache', 'not found\n'],
		['/.env', page, 404, 'no-cache', 'not found\n'],
		['/healthz/', {}, 404, 'no-cache', 'not found\n']
	])('%s %j is %d, %s', async (target, headers, status, kept, body) => {
		const answer = await ask(port, target, { headers });
		expect(answer).toMatchObject({ status, body });
		expect(answer.headers.get('cache-control')).toBe(kept);
		expectGuarded(answer, target);
	});

	test('a page is ruled by its own policy, a worker by that of its script', async () => {
		const policyOf = async (target: string) => (await ask(port, target)).headers.get('content-security-policy');
		expect(await policyOf('/')).not.toContain('default-src');
		expect(await policyOf('/index.html')).not.toContain('default-src');
		expect(await policyOf('/_app/immutable/chunk.js')).toContain("default-src 'none'; script-src 'self'");
	});

	test('an unchanged page is 304 with the same policy: a browser takes its headers over', async () => {
		const first = await ask(port, '/');
		const etag = first.headers.get('etag') ?? '';
		const second = await ask(port, '/', { headers: { 'If-None-Match': etag } });
		expect(second).toMatchObject({ status: 304, body: '' });
		expectGuarded(second, '304');
		for (const name of ['content-security-policy', 'cache-control'])
			expect(second.headers.get(name), name).toBe(first.headers.get(name));
	});

	test('HEAD is GET without a body', async () => {
		for (const target of ['/', '/healthz', '/none.js']) {
			const [get, head] = await Promise.all([ask(port, target), ask(port, target, { method: 'HEAD' })]);
			expect(head).toMatchObject({ status: get.status, body: '' });
			expect(head.headers.get('content-length')).toBe(get.headers.get('content-length'));
		}
	});

	test('a smaller form is sent to whoever takes it', async () => {
		const answer = await ask(port, '/', { headers: { 'Accept-Encoding': 'gzip' } });
		expect(answer.body).toBe('zipped shell');
		expect(answer.headers.get('content-encoding')).toBe('gzip');
		expect(answer.headers.get('vary')).toBe('Accept-Encoding');
		expectGuarded(answer, 'gzip');
	});
});

describe('what is refused', () => {
	test.each(['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE', 'PROPFIND'])('%s: 405', async (method) => {
		const answer = await ask(port, '/', { method });
		expect(answer.status).toBe(405);
		expect(answer.headers.get('allow')).toBe('GET, HEAD');
		expectGuarded(answer, method);
	});

	test.each([
		['localhost', 200],
		['LocalHost:1', 200],
		['127.0.0.1', 200],
		['[::1]:4310', 200],
		['nas.example', 200],
		['atoll.home:443', 200],
		['evil.example', 421],
		['localhost.evil.example', 421],
		['evil.example:80@localhost', 421],
		['localhost@evil.example', 421],
		['localhost.', 421],
		['127.0.0.1.evil.example', 421],
		['127.1', 421],
		['2130706433', 421],
		['0.0.0.0', 421],
		['[::]', 421],
		['[::ffff:127.0.0.1]', 421],
		['192.168.1.5', 421],
		['localhost evil.example', 421],
		['localhost,evil.example', 421],
		['local\u0000host', 400],
		['localhost/', 421],
		['localhost:', 421],
		['localhost:999999', 421],
		['', 421]
	])('asked under the name %j: %d (DNS rebinding)', async (host, status) => {
		for (const target of ['/', '/healthz', '/readyz']) {
			const answer = await ask(port, target, { host });
			expect(answer.status, target).toBe(status);
			expectGuarded(answer, host);
			if (status !== 200) expect(answer.body).not.toContain('Atoll');
		}
	});

	test('control: a peer that is told to answer under such a name does', async () => {
		const open = home.start(['app', '--web', home.path('deep/web'), '--port', '0'], {
			ATOLL_HOST_NAMES: 'evil.example, other.example'
		});
		const [, found] = await open.until(/:(\d+)$/m);
		const asked = { host: 'evil.example', headers: { 'X-Forwarded-Proto': 'https' } };
		expect(await ask(Number(found), '/', asked)).toMatchObject({ status: 200, body: shell });
		expect(await ask(Number(found), '/', { host: 'nas.example' }), 'the variable replaces the file').toMatchObject({
			status: 421
		});
		open.child.kill('SIGTERM');
		expect(await open.ended).toMatchObject({ code: 0 });
	});

	test.each([
		['no Host header', 'GET / HTTP/1.1\r\n\r\n', 421],
		['HTTP/1.0 without one', 'GET / HTTP/1.0\r\n\r\n', 421],
		['two of them', 'GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n', 400],
		['an absolute target of another site', 'GET http://evil.example/ HTTP/1.1\r\nHost: localhost\r\n\r\n', 400],
		['a proxy request', 'CONNECT localhost:22 HTTP/1.1\r\nHost: localhost\r\n\r\n', 0],
		['an asterisk', 'OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n', 400],
		['an expectation', 'GET / HTTP/1.1\r\nHost: evil.example\r\nExpect: magic\r\n\r\n', 421],
		[
			'a body that would be waited for',
			'POST / HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: 9\r\n\r\n',
			405
		],
		['two lengths', 'GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n', 400],
		[
			'a length and chunks',
			'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
			400
		],
		['a line that is no header', 'GET / HTTP/1.1\r\nHost: localhost\r\nnonsense\r\n\r\n', 400],
		['no HTTP', 'SSH-2.0-x\r\n\r\n', 400],
		['20,000 bytes of header', `GET / HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`, 431]
	])('%s', async (_, bytes, status) => {
		const answer = await sendRaw(port, bytes);
		expect(answer.status).toBe(status);
		if (status !== 0) expectGuarded(answer, bytes.slice(0, 40));
		expect(answer.body).not.toContain('<title>');
	});

	test('a range that is none, and a file that went away, end only that answer', async () => {
		for (const range of ['bytes=9-1', 'bytes=-', 'bytes=999999-', 'bytes=0-0,5-9', 'x'])
			expect(await ask(port, '/', { headers: { range } }), range).toMatchObject({ status: 200, body: shell });
		const file = home.path('deep/web/_app/version.json');
		renameSync(file, `${file}.away`);
		await ask(port, '/_app/version.json').catch(() => undefined);
		renameSync(`${file}.away`, file);
		expect(await ask(port, '/healthz')).toMatchObject({ status: 200 });
		expect(server.written.err).toBe('');
	});
});

/** Each hostile path in the forms that reach a server differently. */
function targetsOf(path: string): readonly string[] {
	const encoded = encodeURI(path).replaceAll('\0', '%00');
	const full = encodeURIComponent(path).replaceAll('.', '%2e');
	return [encoded, full, `_app/immutable/${encoded}`, `${encoded}?x=/../canary`].map((form) => `/${form}`);
}

const targets = [
	...hostilePaths.flatMap(targetsOf),
	'/../canary',
	'/../../canary',
	'/..\\canary',
	'/web/../../canary',
	'/../web.bak/canary',
	'/../webcanary',
	'/%2e%2e/canary',
	'/%2E%2E%2Fcanary',
	'/..%2fcanary',
	'/..%5Ccanary',
	'/%252e%252e%252fcanary',
	'/%c0%ae%c0%ae/canary',
	'/%uff0e%uff0e/canary',
	'/_app/../../canary',
	'/_app/immutable/../../../canary',
	'/_app/immutable/%2e%2e/%2e%2e/%2e%2e/canary',
	'/index.html/../../canary',
	'//canary',
	'///etc/passwd',
	'/file:///etc/passwd',
	'/proc/self/environ',
	'/%00',
	'/index.html%00.js',
	'/%',
	'/%zz',
	'/.env',
	'/./.env',
	'/%2eenv',
	'/.well-known/../.env',
	'/__proto__',
	'/constructor',
	'/toString'
];

/** Targets that gave away a canary. */
async function escapes(toPort: number): Promise<readonly string[]> {
	const escaped: string[] = [];
	for (const target of targets) {
		const kinds: readonly Record<string, string>[] = [
			{},
			{ 'sec-fetch-mode': 'navigate', 'accept-encoding': 'br, gzip' }
		];
		for (const headers of kinds) {
			const answer = await ask(toPort, target, { headers }).catch(() => null);
			if (answer?.body.includes(canary) === true || answer?.body.includes('root:') === true) escaped.push(target);
		}
	}
	return escaped;
}

describe(`T27: ${targets.length} ways out of the app's folder`, () => {
	test('none leads anywhere, and what is there stays as it is', async () => {
		const before = fingerprint(home.folder);
		expect(await escapes(port)).toEqual([]);
		expect(fingerprint(home.folder)).toBe(before);
		expect(await ask(port, '/healthz')).toMatchObject({ status: 200 });
	});

	test('control: a server that joins the path to its folder gives the canary away', async () => {
		const naive: Server = createNaiveServer((request, response) => {
			try {
				const file = join(home.path('deep/web'), decodeURIComponent((request.url ?? '/').replace(/\?.*/, '')));
				response.end(statSync(file).isFile() ? readFileSync(file) : '');
			} catch {
				response.writeHead(404).end();
			}
		});
		const naivePort = await listenAnywhere(naive);
		expect((await escapes(naivePort)).length).toBeGreaterThan(10);
		naive.close();
	});
});

describe('ports and the end', () => {
	test('a taken port is said clearly, and taken over by nobody', async () => {
		const taken = await home.run(['app', '--web', home.path('deep/web'), '--port', String(port)]);
		expect(taken).toMatchObject({ code: 1, out: '', err: expect.stringContaining(`Port ${port} is taken`) });
	});

	test('an address that this machine does not have', async () => {
		const ended = await home.run(['app', '--web', home.path('deep/web'), '--port', '0', '--host', '203.0.113.7']);
		expect(ended).toMatchObject({ code: 1, err: expect.stringContaining('203.0.113.7') });
	});

	test('without a built app it says what to do', async () => {
		home.write('nothing/here', '');
		expect(await home.run(['app', '--web', 'nothing'])).toMatchObject({
			code: 1,
			err: expect.stringContaining('npm run build')
		});
	});

	test('on all addresses it says what browsers want', async () => {
		const { going } = await startApp('--host', '0.0.0.0');
		expect(going.written.err).toContain('https');
		expect(going.written.out).toMatch(/^Atoll is at http:\/\/localhost:\d+\n$/);
		going.child.kill('SIGTERM');
		expect(await going.ended).toMatchObject({ code: 0 });
	});

	test.each(['SIGINT', 'SIGTERM'] as const)('%s ends it with 0, open connections or not', async (signal) => {
		const { going, port: own } = await startApp();
		const idle = connect({ port: own, host: '127.0.0.1' });
		idle.on('error', () => undefined);
		idle.write('GET / HTTP/1.1\r\nHost: localhost\r\n');
		await new Promise((resolve) => idle.once('connect', resolve));
		const startedMs = performance.now();
		going.child.kill(signal);
		expect(await going.ended).toMatchObject({ code: 0, err: '' });
		expect(performance.now() - startedMs).toBeLessThan(10_000);
		idle.destroy();
	});

	test('a start finds the next free port and says which', async () => {
		const holder = createServer();
		const held = await listenAnywhere(holder);
		const going = home.start(['start', '--web', home.path('deep/web'), '--port', String(held)]);
		const [, found] = await going.until(/^Atoll is at http:\/\/localhost:(\d+)$/m);
		expect(Number(found)).toBeGreaterThan(held);
		expect(going.written.err).toContain(`Port ${held} is taken`);
		expect(await ask(Number(found), '/')).toMatchObject({ status: 200 });
		going.child.kill('SIGTERM');
		expect(await going.ended).toMatchObject({ code: 0 });
		holder.close();
	});
});
