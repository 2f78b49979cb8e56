import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import type { Link, LinkEnd } from '#core/net';
import { createWsServer, linkProtocol } from '../../peer/host/ws-link.ts';
import { serveApp, type AppServer } from '../../peer/http/app-server.ts';
import { isSameSite } from '../../peer/http/host-names.ts';
import { createLinkUpgrades } from '../../peer/http/link-upgrades.ts';
import { createRelay } from '../../peer/relay/relay.ts';
import { ask, listenAnywhere, sendRaw, type Answer } from './raw-http.ts';

const webFolder = mkdtempSync(join(tmpdir(), 'atoll-links-'));
let server: AppServer;
let links: Link[] = [];
let areHere: boolean[] = [];
/** Who has come to the relay. */
let comers = 0;

const serve = async (more: { linksMax?: number; perAddressMax?: number } = {}): Promise<AppServer> => {
	const { accept, close } = createRelay(() => ({ tokens: [], members: [], removed: [] }));
	const served = await serveApp({
		webFolder,
		host: '127.0.0.1',
		port: 0,
		hostNames: ['nas.example'],
		nextFree: false,
		isReady: () => true,
		links: {
			origins: ['https://app.example'],
			onLink: (link, isHere) => areHere.push(isHere) && links.push(link),
			...more
		},
		relay: {
			origins: ['https://app.example'],
			relay: {
				accept: (...given) => {
					comers++;
					accept(...given);
				},
				close
			}
		}
	});
	if (!served.ok) throw new Error(served.failure.type);
	return served.value;
};

beforeAll(async () => {
	writeFileSync(join(webFolder, 'index.html'), '<title>Atoll</title>');
	server = await serve();
});
beforeEach(() => {
	[links, areHere, comers] = [[], [], 0];
});
afterAll(async () => {
	await server.close();
	rmSync(webFolder, { recursive: true });
});

const upgrade = {
	Connection: 'Upgrade',
	Upgrade: 'websocket',
	'Sec-WebSocket-Version': '13',
	'Sec-WebSocket-Key': 'AAAAAAAAAAAAAAAAAAAAAA==',
	'Sec-WebSocket-Protocol': linkProtocol
};

/** The answer to an upgrade; one that is taken is broken off. */
function askForLink(host: string, headers: Readonly<Record<string, string>>, target = '/link'): Promise<Answer> {
	const lines = Object.entries({ Host: host, ...upgrade, ...headers }).map(([name, value]) => `${name}: ${value}\r\n`);
	return sendRaw(server.port, `GET ${target} HTTP/1.1\r\n${lines.join('')}\r\n`, (text) => text.includes(' 101 '));
}

const own = (port: number) =>
	['localhost', '127.0.0.1', '[::1]', 'nas.example'].flatMap((name) => [name, `${name}:${port}`]);
const foreignHosts = [
	'evil.example',
	'localhost.evil.example',
	'nas.example.',
	'xlocalhost',
	'127.0.0.2',
	'[::2]',
	'0.0.0.0',
	'nas.local',
	'localhost@evil.example',
	'evil.example#localhost',
	'localhost:x',
	'localhost:',
	'',
	'a b',
	'localhost,evil.example',
	'2130706433',
	'0x7f.1',
	'127.1',
	'[::ffff:127.0.0.1]',
	'LOCALHOST.',
	'192.168.1.7',
	'metadata.internal',
	'%6cocalhost'
];
const foreignOrigins = (host: string, port: number) => [
	'null',
	'',
	'https://evil.example',
	`http://evil.example:${port}`,
	`http://${host}.evil.example`,
	'file://',
	`http://${host}.`,
	`ws://${host}`,
	`http://${host}/`,
	`http://x@${host}`,
	`http://localhost:${port + 1}`,
	`chrome-extension://${host}`,
	'https://app.example.evil.example',
	'http://app.example',
	'https://app.example:444'
];

describe.each(['/link', '/relay'])('T45: who may ask for %s', (path) => {
	test('a page of this peer, or of an app that is let in, or a program; under its names only', async () => {
		for (const host of own(server.port)) {
			const origins = [undefined, `http://${host}`, `https://${host}`, 'https://app.example'];
			for (const origin of origins) {
				const answer = await askForLink(host, origin === undefined ? {} : { Origin: origin }, path);
				expect(answer.status, `${host} from ${origin}`).toBe(101);
			}
		}
		expect(links.length + comers).toBe(own(server.port).length * 4);
	});

	test(`${foreignHosts.length} other names and 15 other origins are refused before a link is there`, async () => {
		let asked = 0;
		for (const host of foreignHosts)
			for (const origin of [`http://${host}`, 'http://localhost', 'https://app.example', null]) {
				const answer = await askForLink(host, origin === null ? {} : { Origin: origin }, path);
				expect([421, 400], `${host} from ${origin}`).toContain(answer.status);
				asked++;
			}
		for (const host of own(server.port))
			for (const origin of foreignOrigins(host, server.port)) {
				const answer = await askForLink(host, { Origin: origin }, path);
				expect(answer.status, `${host} from ${origin}`).toBe(403);
				expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
				asked++;
			}
		expect(asked).toBeGreaterThan(200);
		expect(links).toEqual([]);
		expect(comers).toBe(0);
	});

	test.each([
		['another version, which has its origin elsewhere', { 'Sec-WebSocket-Version': '8' }, 400],
		['another protocol', { 'Sec-WebSocket-Protocol': 'chat' }, 400],
		['a key that is none', { 'Sec-WebSocket-Key': 'x' }, 400],
		['what is no WebSocket', { Connection: 'close, Upgrade', Upgrade: 'h2c' }, 404]
	])('%s', async (_, headers, status) => {
		expect((await askForLink('localhost', headers, path)).status).toBe(status);
	});

	test('elsewhere an upgrade is a request like any other, and changes nothing', async () => {
		const near = [`${path}/`, `${path}s`, path.toUpperCase(), `/${path}`, `/.${path}`];
		for (const target of ['/healthz', ...near])
			expect((await askForLink('localhost', { Connection: 'close, Upgrade' }, target)).status, target).not.toBe(101);
		expect((await askForLink('localhost', { Connection: 'close, Upgrade' }, '/healthz')).body).toBe('ok\n');
		expect((await ask(server.port, path)).status).toBe(404);
		expect((await askForLink('localhost', { 'Sec-Fetch-Mode': 'websocket' }, `${path}?x=1`)).status).toBe(101);
	});

	test.each([
		['http://nas.example', 'nas.example', true],
		['http://nas.example', 'nas.example:80', true],
		['https://nas.example', 'nas.example:443', true],
		['https://NAS.example:443', 'nas.example', true],
		['https://nas.example', 'nas.example:80', false],
		['http://nas.example:8080', 'nas.example', false]
	])('%s asking %s comes from the same site: %s', (origin, host, isSame) => {
		expect(isSameSite(origin, host)).toBe(isSame);
	});
});

/** A client of its own making. */
async function open(port: number): Promise<WebSocket> {
	const socket = new WebSocket(`ws://127.0.0.1:${port}/link`, linkProtocol);
	socket.on('error', () => undefined);
	await once(socket, 'open');
	return socket;
}

const closeCode = async (socket: WebSocket): Promise<unknown> => (await once(socket, 'close'))[0];

async function endOf(link: Link | undefined): Promise<LinkEnd | undefined> {
	return new Promise((onEnd) => {
		if (link === undefined) return onEnd(undefined);
		link.start({ onMessage: () => undefined, onReady: () => undefined, onEnd });
	});
}

describe('what a link does not take', () => {
	test.each<[string, (socket: WebSocket) => void, number]>([
		['text', (socket) => socket.send('hello'), 1_003],
		['a message that is too long', (socket) => socket.send(new Uint8Array(262_145)), 1_009],
		[
			'a message in very many pieces',
			(socket) => {
				for (let n = 0; n < 70; n++) socket.send(new Uint8Array(1), { fin: false });
			},
			1_008
		]
	])('%s', async (_, say, code) => {
		const socket = await open(server.port);
		const ended = endOf(links[0]);
		say(socket);
		expect(await closeCode(socket)).toBe(code);
		expect(await ended).toMatchObject({ type: 'LinkLost' });
	});

	test('bytes that are no frame', async () => {
		const socket = await open(server.port);
		const ended = endOf(links[0]);
		Reflect.get(socket, '_socket').write(Buffer.from('GET / HTTP/1.1\r\n\r\n'));
		await closeCode(socket);
		expect(await ended).toMatchObject({ type: 'LinkLost' });
	});

	test.each([{ perAddressMax: 2 }, { linksMax: 2 }])(
		'more than are let in: %o; one that goes makes room',
		async (limits) => {
			const few = createLinkUpgrades({
				hosts: new Set(['127.0.0.1']),
				origins: [],
				onLink: () => undefined,
				...limits
			});
			const bare = createServer();
			bare.on('upgrade', few.take);
			const port = await listenAnywhere(bare);
			const connected = once(bare, 'connection');
			const first = await open(port);
			const [theirs] = await connected;
			const second = await open(port);
			const third = new WebSocket(`ws://127.0.0.1:${port}/link`, linkProtocol);
			expect(await once(third, 'error')).toMatchObject([{ message: expect.stringContaining('503') }]);
			const isGone = once(theirs, 'close');
			first.terminate();
			await isGone;
			const next = await open(port);
			for (const socket of [second, next]) socket.terminate();
			few.close();
			bare.close();
		}
	);

	test('a link that nobody starts to use', async () => {
		const sockets = createWsServer(20);
		const bare = createServer();
		bare.on('upgrade', (request, socket, head) => sockets.accept(request, socket, head, () => undefined));
		const socket = await open(await listenAnywhere(bare));
		expect(await closeCode(socket)).toBe(1_006);
		bare.close();
	});

	test('the server goes with all its links', async () => {
		const short = await serve();
		const socket = await open(short.port);
		const [ended] = [endOf(links[0]), short.close()];
		expect(await closeCode(socket)).toBe(1_006);
		expect(await ended).toMatchObject({ type: 'LinkLost' });
	});
});

test('control: without the list of names and origins, any page is let in', async () => {
	const anybody = createLinkUpgrades({
		hosts: new Set(['evil.example']),
		origins: ['https://evil.example'],
		onLink: (link) => links.push(link)
	});
	const bare = createServer();
	bare.on('upgrade', anybody.take);
	const port = await listenAnywhere(bare);
	const socket = new WebSocket(`ws://127.0.0.1:${port}/link`, linkProtocol, {
		headers: { Host: 'evil.example' },
		origin: 'https://evil.example'
	});
	await once(socket, 'open');
	anybody.close();
	bare.close();
});

test.each<[string, string, Readonly<Record<string, string>>, boolean]>([
	['a name of this machine', 'localhost', {}, true],
	['its loopback address', '127.0.0.1', {}, true],
	['the same in IPv6', '[::1]', {}, true],
	['another name, through a proxy', 'nas.example', {}, false],
	['for another, by a proxy', 'localhost', { 'X-Forwarded-For': '203.0.113.9' }, false],
	['for another, as RFC 7239 says', 'localhost', { Forwarded: 'for=203.0.113.9' }, false],
	['through a proxy that names itself', 'localhost', { Via: '1.1 proxy' }, false],
	['for nobody named', 'localhost', { 'X-Real-IP': '' }, false]
])('who asks by %s comes from this machine, or may not', async (_, host, headers, isHere) => {
	expect(await askForLink(host, headers)).toMatchObject({ status: 101 });
	expect(areHere).toEqual([isHere]);
});
