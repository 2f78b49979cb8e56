import { existsSync, statSync } from 'node:fs';
import { connect, createServer, type AddressInfo, type Server } from 'node:net';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { deviceKeys, signStatement, type DeviceKeys } from '#core/crypto';
import { linkCodes, parseLinkAddress, type LinkAddress } from '#core/devices';
import { readDeviceIdentity } from '#core/library';
import { createMux, muxSettings, secureLink, type Link, type LinkEnd, type SecureSide } from '#core/net';
import { parseInvitation, printInvitation, type Invitation } from '#core/pairing';
import { syncStreamKind } from '#core/sync';
import { createNodeHost } from '../../peer/host/node-host.ts';
import { dialWs } from '../../peer/host/ws-link.ts';
import { never, valueOf } from '../conformance/expectation.ts';
import { inHome, inLibrary, libraryIn, type Going, type Home } from './home.ts';

vi.setConfig({ testTimeout: 120_000 });

const file = 'marker-quartz-lagoon.txt';

type Invited = {
	readonly going: Going;
	readonly link: string;
	readonly at: LinkAddress;
	readonly invitation: Invitation;
};

/** `atoll start` over a folder, and the invitation that it says. */
async function startIn(a: Home): Promise<Invited> {
	a.write('web/index.html', '<!doctype html><title>Atoll</title>');
	a.write(`docs/${file}`, 'bytes');
	const going = a.start(['start', 'docs', '--port', '0', '--web', a.path('web')]);
	const [link] = await going.until(/http:\/\/localhost:\d+\/#pair=\S+/);
	const invitation = valueOf(parseInvitation(link, Date.now()));
	const at = parseLinkAddress(invitation.addresses[0] ?? '');
	if (at === null) throw new Error('it says where it is');
	return { going, link, at, invitation };
}

async function stop({ child, ended }: Going): Promise<void> {
	child.kill('SIGTERM');
	expect(await ended).toMatchObject({ code: 0 });
}

async function said(home: Home, ...args: readonly string[]): Promise<string> {
	const { code, out, err } = await home.run(args);
	expect(code, `${args.join(' ')}: ${err}`).toBe(0);
	return out;
}

const asks = /the words\s+(\S+ \S+ \S+)\s[^]*both screens\?/;

/** Joins on a terminal, where the words are the same. */
async function joinBy(home: Home, link: string): Promise<{ readonly words: string; readonly joining: Going }> {
	const joining = home.startOnTerminal(['join', link, '--name', 'Laptop']);
	const [, words = ''] = await joining.until(asks);
	joining.child.stdin?.write('y\r');
	return { words, joining };
}

type Came = { readonly secured: boolean; readonly end: LinkEnd | null; readonly heard: number };

/** Comes to a peer with these keys and this proof, and asks for a session; what is heard first, its end or its hello. */
async function come(at: LinkAddress, keys: DeviceKeys, says: Uint8Array, isKeyKnown = true): Promise<Came> {
	const { clock, random, compute } = createNodeHost({ secretsFolder: '/nowhere' });
	const carrier = valueOf(await dialWs(at.url, never));
	const side: SecureSide =
		at.channelKey !== null && isKeyKnown
			? { role: 'initiator', pattern: 'XK', responder: at.channelKey }
			: { role: 'initiator', pattern: 'XX' };
	const options = { side, own: keys.channel, says, binding: new Uint8Array(0), isWelcome: () => true };
	const secured = await secureLink(carrier, { ...options, clock, random, aead: compute.aead }, never);
	if (!secured.ok) return { secured: false, end: null, heard: 0 };
	return asksForSession(secured.value.link);
}

async function asksForSession(link: Link): Promise<Came> {
	const { clock } = createNodeHost({ secretsFolder: '/nowhere' });
	const mux = createMux(link, { role: 'client', settings: muxSettings, clock, onStream: () => undefined });
	const stream = await Promise.race([mux.open(syncStreamKind, 'normal', never), mux.ended]);
	const isOpen = 'ok' in stream && stream.ok;
	const first = isOpen ? await Promise.race([stream.value.read(never), mux.ended]) : await mux.ended;
	const heard = 'ok' in first && first.ok ? (first.value?.length ?? 0) : 0;
	mux.close(0);
	return { secured: true, end: heard > 0 ? null : await mux.ended, heard };
}

const proofOf = (keys: DeviceKeys, signer = keys) =>
	Uint8Array.from([...signer.signing.public, ...signStatement(signer.signing, 'channel-key', keys.channel.public)]);
const keysOf = (byte: number) => deviceKeys(new Uint8Array(32).fill(byte));

test('what start says lets one device of this machine in without a question; others are none of its devices', async () => {
	await inLibrary((a) =>
		inHome(async (b) => {
			const { going, link, at } = await startIn(a);
			// While something is offered anybody may talk of that, and of nothing else.
			const anybody = await come(at, keysOf(1), proofOf(keysOf(1)), false);
			expect(anybody).toMatchObject({ secured: true, heard: 0, end: { type: 'LinkClosed', code: linkCodes.unknown } });
			const { words, joining } = await joinBy(b, link);
			expect(await joining.ended).toMatchObject({ code: 0, out: expect.stringContaining('In step') });
			await going.until(/Laptop is a device of this library/);
			expect(going.written.err).toContain(`Laptop comes in from this machine, with the words ${words}`);
			expect(going.written.out).toMatch(/^Atoll is at \S+\n$/); // the secret is not in what programs read

			const other = b.path('other.sdlibrary');
			const used = await b.runOnTerminal(['join', link, '--library', other]);
			expect(used).toMatchObject({ code: 1 });
			expect(existsSync(other)).toBe(false);
			expect(await said(b, 'find', 'quartz')).toContain(file);
			expect(await said(b, 'sync')).toContain('In step'); // by the key that it has kept with the address

			const identity = valueOf(
				await readDeviceIdentity(createNodeHost({ secretsFolder: b.path('.config', 'atoll', 'secrets') }), never)
			);
			const { keys } = identity;
			expect(await come(at, keys, proofOf(keys)), 'control: the device itself').toMatchObject({
				secured: true,
				end: null
			});
			const [stranger, thief] = [keysOf(1), keysOf(2)];
			const stolen = proofOf(keys);
			const refused: Record<string, Came> = {
				'a device that is not known': await come(at, stranger, proofOf(stranger)),
				'one that says nothing of itself': await come(at, stranger, new Uint8Array(0)),
				'a key of its own, with the proof of a device': await come(at, thief, stolen),
				'the key of a device, signed by another': await come(at, thief, proofOf(thief, stranger)),
				'a device’s name under a signature of its own': await come(
					at,
					thief,
					Uint8Array.from([...keys.signing.public, ...proofOf(thief).slice(32)])
				),
				'a proof that is cut': await come(at, keys, stolen.slice(1)),
				'a proof with something behind it': await come(at, keys, Uint8Array.from([...stolen, 0])),
				'the longest of all': await come(at, keys, new Uint8Array(60_000)),
				'a device that does not know who it asks': await come(at, keys, stolen, false)
			};
			for (const [who, came] of Object.entries(refused)) expect(came.heard, who).toBe(0);
			expect(refused['a device that does not know who it asks']).toMatchObject({ secured: false });

			await stop(going);
			expect(await said(a, 'devices')).toContain('Laptop');
			await said(a, 'devices', 'revoke', 'Laptop', '--yes');
			const serving = a.start(['serve', '--port', '0', '--web', a.path('web')]);
			const [, port = ''] = await serving.until(/Atoll is at http:\/\/localhost:(\d+)/);
			const removed = await come({ ...at, url: `ws://localhost:${port}/link` }, keys, proofOf(keys));
			const end = { type: 'LinkClosed', by: 'them', code: linkCodes.removed };
			expect(removed, 'T42: one that was removed').toMatchObject({ secured: true, heard: 0, end });
			await stop(serving);
		})
	);
});

/** A proxy that says for whom it asks. */
async function createProxy(port: number): Promise<{ readonly server: Server; readonly port: number }> {
	const server = createServer((near) => {
		const far = connect(port, '127.0.0.1');
		near.once('data', (head) => {
			far.write(head.toString('latin1').replace('\r\n', '\r\nX-Forwarded-For: 203.0.113.9\r\n'), 'latin1');
			near.pipe(far);
		});
		far.pipe(near);
		for (const socket of [near, far]) socket.on('error', () => near.destroy());
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	return { server, port: (server.address() as AddressInfo).port };
}

test('T40: whoever opens the address elsewhere is asked about at the terminal, and let in by nobody where there is none', async () => {
	await inLibrary((a) =>
		inHome(async (b) => {
			const { going, at, invitation } = await startIn(a);
			const proxy = await createProxy(Number(new URL(at.url).port));
			const [, key = ''] = (invitation.addresses[0] ?? '').split('#');
			const addresses = [`ws://localhost:${proxy.port}/link#${key}`];
			const { joining } = await joinBy(b, printInvitation('http://localhost/', { ...invitation, addresses }));
			expect(await joining.ended).toMatchObject({ code: 1, out: expect.stringContaining('said no on the other') });
			await going.until(/has opened the address elsewhere/);
			expect(existsSync(libraryIn(b))).toBe(false);
			await stop(going);
			proxy.server.close();
			const listed: unknown = JSON.parse(await said(a, 'devices', '--json'));
			expect(listed).toEqual([expect.objectContaining({ isThis: true })]);
		})
	);
});

test('atoll pair beside a running start lets a device in, when the person at its terminal says so', async () => {
	await inLibrary((a) =>
		inHome(async (b) => {
			const { going, link: first } = await startIn(a);
			const control = join(libraryIn(a), 'control');
			expect(statSync(control).mode & 0o777).toBe(0o700);
			const given = /http:\/\/localhost:\d+\/#pair=\S+/;
			const leaving = a.startOnTerminal(['pair']);
			const [left] = await leaving.until(given);
			leaving.child.stdin?.write('\u0003');
			leaving.child.kill('SIGTERM');
			await leaving.ended;
			for (const over of [first, left])
				expect(await b.runOnTerminal(['join', over]), 'what was taken back').toMatchObject({ code: 1 });

			const pairing = a.startOnTerminal(['pair']);
			const [link] = await pairing.until(given);
			const { words, joining } = await joinBy(b, link);
			const [, shown] = await pairing.until(asks);
			expect(shown).toBe(words);
			expect(existsSync(libraryIn(b)), 'not before the yes of the other').toBe(false);
			pairing.child.stdin?.write('y\r');
			expect(await joining.ended).toMatchObject({ code: 0, out: expect.stringContaining('In step') });
			expect(await pairing.ended).toMatchObject({
				code: 0,
				out: expect.stringContaining('is a device of this library')
			});
			going.child.kill('SIGKILL');
			await going.ended;
			// What a killed one has left is in nobody's way.
			expect(existsSync(control)).toBe(true);
			expect(await a.run(['devices'])).toMatchObject({ code: 0, out: expect.stringContaining('Laptop') });
			const again = await startIn(a);
			await stop(again.going);
			expect(existsSync(control)).toBe(false);
			expect(await said(b, 'find', 'quartz')).toContain(file);
		})
	);
});
