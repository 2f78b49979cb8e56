import { createHash, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { connect as connectPlain, type Socket } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { outerAddresses } from '../../peer/host/own-addresses.ts';
import { linkProtocol } from '../../peer/host/ws-link.ts';
import { sharePort } from '../../peer/http/shared-port.ts';
import { isNightly } from '../tier.ts';
import { createFace, requestText, sendTls, shell, upgrade, type Face } from './face.ts';
import { ask, listenAnywhere, sendRaw, type Asked } from './raw-http.ts';

vi.setConfig({ testTimeout: 120_000 });

let face: Face;
beforeAll(async () => void (face = await createFace()));
beforeEach(() => void Object.assign(face.seen, { links: [], comers: 0 }));
afterAll(() => face.close());

const navigation = { accept: 'text/html' };

describe('one port for https and for plain http', () => {
	test('over https the app is served under every name of the certificate, and links are taken', async () => {
		for (const name of ['localhost', 'nas.local', 'nas']) {
			const answer = await sendTls(face, null, name, requestText('GET', '/', { Host: name, Connection: 'close' }));
			expect(answer, name).toMatchObject({ status: 200, body: shell });
		}
		for (const scheme of ['wss', 'ws']) {
			const url = `${scheme}://localhost:${face.server.port}/link`;
			const socket = new WebSocket(url, linkProtocol, { ca: face.certificates.root ?? '' });
			await once(socket, 'open');
			socket.terminate();
		}
		expect(face.seen.links).toHaveLength(2);
	});

	test('over plain http from elsewhere there is a page that explains, and nothing of the app', async () => {
		for (const host of ['nas.local', 'nas.example', `nas:${face.server.port}`])
			for (const target of ['/', '/files/5', '/?x=1']) {
				const answer = await ask(face.server.port, target, { host, headers: navigation });
				expect(answer, `${host} ${target}`).toMatchObject({ status: 200 });
				expect(answer.body).toContain('needs a secure address');
				expect(answer.body).not.toMatch(/<script|<link|<img|<iframe|src=|url\(|@import|start\(\)/i);
				const policy = answer.headers.get('content-security-policy') ?? '';
				const style = /<style>([^]*)<\/style>/.exec(answer.body)?.[1] ?? '';
				const hash = createHash('sha256').update(style).digest('base64');
				expect(policy).toContain(`default-src 'none'; style-src 'sha256-${hash}'`);
				expect(policy).not.toMatch(/script-src|connect-src|unsafe/);
				expect(answer.headers.has('set-cookie')).toBe(false);
			}
		for (const target of ['/app.js', '/index.html', '/service-worker.js', '/_app/version.json'])
			expect(await ask(face.server.port, target, { host: 'nas.local' }), target).toMatchObject({ status: 404 });
		expect(await ask(face.server.port, '/healthz', { host: 'nas.local' })).toMatchObject({ body: 'ok\n' });
	});

	test('on this machine, and where a proxy speaks https for it, plain http is the app', async () => {
		const kinds: readonly Asked[] = [
			{ host: 'localhost' },
			{ host: 'nas.example', headers: { 'X-Forwarded-Proto': 'https' } },
			{ host: 'nas.example', headers: { 'Sec-Fetch-Mode': 'navigate' } }
		];
		for (const kind of kinds)
			expect(await ask(face.server.port, '/', kind)).toMatchObject({ status: 200, body: shell });
		const clear = { host: 'nas.example', headers: { 'X-Forwarded-Proto': 'http', ...navigation } };
		expect((await ask(face.server.port, '/', clear)).body).toContain('needs a secure address');
	});

	test('the page names the address that the certificate covers, and the fingerprint of what is given out', async () => {
		const { body } = await ask(face.server.port, '/', { host: `nas.local:${face.server.port}`, headers: navigation });
		expect(body).toContain(`href="https://nas.local:${face.server.port}/"`);
		const given = await ask(face.server.port, '/ca.crt', { host: 'nas.local' });
		expect(given.headers.get('content-type')).toBe('application/x-x509-ca-cert');
		const root = new X509Certificate(given.body);
		expect(root.ca).toBe(true);
		expect(body).toContain(root.fingerprint256);
		const foreign = await ask(face.server.port, '/', { host: 'nas.example', headers: navigation });
		expect(foreign.body, 'a name of the internet is none of its own').not.toContain('href="https://nas.example');
	});
});

const foreignNames =
	'evil.example|localhost.evil.example|nas.local.evil.example|nas.example.|xlocalhost|nas.localx|127.0.0.2|[::2]|0.0.0.0|[::]|[::ffff:127.0.0.1]|2130706433|0x7f.1|127.1|017700000001|localhost@evil.example|evil.example#localhost|localhost:x|localhost:||a b|localhost,nas|LOCALHOST.|192.168.1.7|metadata.internal|169.254.169.254|%6cocalhost|localhost%00|nas.local/|evil.example:80@localhost|localhost:999999|localhost\t|xn--localhst-h5a|nas..local|-nas|file:|nas.local:'.split(
		'|'
	);
const ownNames = ['localhost', '127.0.0.1', '[::1]'];
const foreignOrigins = (host: string, port: number) =>
	`null|https://evil.example|http://evil.example|https://${host}.evil.example|file://|about:blank|ws://${host}|https://${host}:${port + 1}|https://${host}:${port}/|https://x@${host}:${port}|chrome-extension://${host}|https://${host}.:${port}|https://localhost.evil.example|//${host}|javascript:`.split(
		'|'
	);
const methods = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH'];

describe(`T45: ${foreignNames.length + ownNames.length} names, 15 origins, every method, WebSockets, with and without TLS`, () => {
	const kinds = ['plain', 'tls'].flatMap((carrier) =>
		['request', '/link', '/relay'].map((what) => ({ carrier, what }))
	);
	test.each(kinds)(
		'$what over $carrier: whoever is not of this peer gets 400, 403 or 421',
		async ({ carrier, what }) => {
			const send = (text: string) => {
				const isEnough = (heard: string) => heard.includes(' 101 ');
				return carrier === 'tls'
					? sendTls(face, null, 'localhost', text, isEnough)
					: sendRaw(face.server.port, text, isEnough);
			};
			let asked = 0;
			const letIn: string[] = [];
			for (const name of [...foreignNames, ...ownNames])
				for (const origin of foreignOrigins(name, face.server.port)) {
					// Every pair of the two with all methods at night; by day each with one, in turn.
					const turn = isNightly ? methods : [methods[asked % methods.length] ?? 'GET'];
					const isOwn = ownNames.includes(name);
					if (!isNightly && carrier === 'tls' && !isOwn && asked % 5 > 0) {
						asked++;
						continue;
					}
					for (const method of what === 'request' ? turn : ['GET']) {
						const headers = { Host: isOwn ? `${name}:${face.server.port}` : name, Origin: origin };
						const text =
							what === 'request'
								? requestText(method, '/', { ...headers, Connection: 'close' })
								: requestText(method, what, { ...headers, ...upgrade });
						const answer = await send(text);
						if (![400, 403, 421].includes(answer.status)) letIn.push(`${method} ${name} ${origin}: ${answer.status}`);
						if (answer.headers.has('set-cookie') || answer.headers.has('access-control-allow-origin'))
							letIn.push(`${name} ${origin}: a header`);
					}
					asked++;
				}
			expect(letIn).toEqual([]);
			expect(asked).toBe(40 * 15);
			expect([face.seen.links.length, face.seen.comers]).toEqual([0, 0]);
			const fine = {
				Host: `localhost:${face.server.port}`,
				Origin: `${carrier === 'tls' ? 'https' : 'http'}://localhost:${face.server.port}`
			};
			const control =
				what === 'request'
					? await send(requestText('GET', '/', { ...fine, Connection: 'close' }))
					: await send(requestText('GET', what, { ...fine, ...upgrade }));
			expect(control.status, 'control: a page of its own').toBe(what === 'request' ? 200 : 101);
		}
	);

	test('over TLS a page that came in the clear is none of this site', async () => {
		const headers = {
			Host: `localhost:${face.server.port}`,
			Origin: `http://localhost:${face.server.port}`,
			...upgrade
		};
		const answer = await sendTls(face, null, 'localhost', requestText('GET', '/link', headers));
		expect(answer.status).toBe(403);
	});
});

describe('T35: who holds connections on purpose', () => {
	const isGone = (socket: Socket) => (socket.closed ? Promise.resolve() : once(socket, 'close'));
	const dial = (port: number, host: string) => connectPlain({ port, host }).on('error', () => undefined);

	test('whoever says nothing, or begins a handshake and stops, is let go of', async () => {
		const bare = createHttpServer((_request, response) => response.end('ok'));
		const sharing = sharePort({
			server: bare,
			certificates: face.certificates,
			perAddressMax: 8,
			helloTimeoutMs: 100,
			onRefreshed: () => undefined
		});
		const port = await listenAnywhere(bare);
		const [silent, half] = [dial(port, '127.0.0.1'), dial(port, '127.0.0.1')];
		half.write(Buffer.from([0x16, 3, 1]));
		silent.resume();
		half.resume();
		await Promise.all([isGone(silent), isGone(half)]);
		expect(await ask(port, '/'), 'control: one that asks').toMatchObject({ status: 200, body: 'ok' });
		sharing.close();
		bare.close();
	});

	/** 1,000 connections from one address, each with the beginning of a request that never ends; those that are kept. */
	async function crowd(port: number, from: string): Promise<readonly Socket[]> {
		const sockets = Array.from({ length: 1_000 }, () => dial(port, from));
		for (const socket of sockets) socket.resume().once('connect', () => socket.write('GET / HTTP/1.1\r\nX: '));
		await vi.waitUntil(() => sockets.filter(({ closed }) => closed).length >= 1_000 - 128, { timeout: 20_000 });
		return sockets.filter(({ closed }) => !closed);
	}

	const [outer] = outerAddresses().filter((address) => address.includes('.'));

	test.runIf(outer !== undefined)('1,000 of one address: 128 are kept, and others come in as before', async () => {
		const open = await face.serve({ host: '0.0.0.0' });
		const kept = await crowd(open.port, outer ?? '');
		expect(kept).toHaveLength(128);
		expect(await ask(open.port, '/healthz')).toMatchObject({ status: 200 });
		const secure = requestText('GET', '/healthz', { Host: 'localhost', Connection: 'close' });
		expect(await sendTls(face, open.port, 'localhost', secure)).toMatchObject({ status: 200 });
		for (const socket of kept) socket.destroy();
		await open.close();
	});

	test.runIf(isNightly && outer !== undefined)('they make the links of others no slower by a tenth', async () => {
		const open = await face.serve({
			host: '0.0.0.0',
			links: {
				origins: [],
				onLink: (link) =>
					link.start({
						onMessage: (message) => void link.send(message),
						onReady: () => undefined,
						onEnd: () => undefined
					})
			}
		});
		const socket = new WebSocket(`wss://localhost:${open.port}/link`, linkProtocol, {
			ca: face.certificates.root ?? ''
		});
		await once(socket, 'open');
		/** Milliseconds there and back, the middle and the slowest tenth of 2,000. */
		const measure = async () => {
			const times: number[] = [];
			for (let n = 0; n < 2_000; n++) {
				const sentMs = performance.now();
				socket.send(new Uint8Array(1_000));
				await once(socket, 'message');
				times.push(performance.now() - sentMs);
			}
			const sorted = times.toSorted((one, other) => one - other);
			return { p50: sorted[1_000] ?? 0, p90: sorted[1_800] ?? 0 };
		};
		await measure();
		const ratios: { p50: number; p90: number }[] = [];
		for (let round = 0; round < 7; round++) {
			const quiet = await measure();
			const kept = await crowd(open.port, outer ?? '');
			const busy = await measure();
			for (const one of kept) one.destroy();
			await Promise.all(kept.map(isGone));
			ratios.push({ p50: busy.p50 / quiet.p50, p90: busy.p90 / quiet.p90 });
		}
		const middle = (key: 'p50' | 'p90') => ratios.map((one) => one[key]).toSorted((one, other) => one - other)[3] ?? 0;
		console.log(`beside 1,000 connections: p50 × ${middle('p50').toFixed(3)}, p90 × ${middle('p90').toFixed(3)}`);
		expect(middle('p50')).toBeLessThan(1.1);
		socket.terminate();
		await open.close();
	});
});
