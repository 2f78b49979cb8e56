import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CoreOptions } from '#core';
import { noteSeen, pinDevice } from '#core/devices';
import { cborLimits } from '#core/kernel';
import { readDeviceIdentity, type DeviceIdentity } from '#core/library';
import { createMessages, createMux, muxSettings, secureLink, type Link, type SecureSide, type Stream } from '#core/net';
import type { Host } from '#core/ports';
import type { Database } from '#core/schema';
import { messageBytesMax, nameThisDevice, type SyncChannel } from '#core/sync';
import { rootRef } from '../../peer/cli/root-ref.ts';
import { createNodeHost } from '../../peer/host/node-host.ts';
import { dialWs } from '../../peer/host/ws-link.ts';
import { serveApp } from '../../peer/http/app-server.ts';
import { addIndexed, drive, type Driver } from '../conformance/core-driver.ts';
import { never, valueOf } from '../conformance/expectation.ts';

/** Where a pair lies, and what ends with it. */
type Place = { readonly base: string; readonly closing: (() => unknown)[]; readonly lend: Lend };

/** What takes the place of a device's host; `folder` is where the device lies. */
type Lend = (host: Host, folder: string) => Host;

export type Device = {
	readonly host: Host;
	readonly identity: DeviceIdentity;
	readonly driver: Driver;
	readonly database: () => Database;
};

async function deviceAt({ base, closing, lend }: Place, name: string): Promise<Device> {
	const host = lend(createNodeHost({ secretsFolder: join(base, name, 'secrets') }), join(base, name));
	let database: Database | null = null;
	const domains: NonNullable<CoreOptions['domains']> = (own, opened) => {
		({ database } = opened);
		return own;
	};
	const folder = () => join(base, name, 'one.sdlibrary');
	const driver = drive({ host, libraryFolder: folder }, 1, { runsJobs: 'asked', domains });
	closing.push(() => driver.core.close());
	const identity = valueOf(await readDeviceIdentity(host, never));
	const openDatabase = () => {
		if (database === null) throw new Error('the library is open');
		return database;
	};
	return { host, driver, identity, database: openDatabase };
}

/** What pairing leaves behind: each knows the other as a device of the library. */
function pairBoth(one: Device, two: Device): void {
	const nowMs = one.host.clock.nowMs();
	for (const [own, other] of [
		[one, two],
		[two, one]
	] as const) {
		const database = own.database();
		const { id, keys } = other.identity;
		const written = database.write(() => {
			nameThisDevice(database, own.identity.id, nowMs);
			pinDevice(database, { id, kind: 'peer', name: 'the other', signingKey: keys.signing.public }, [], nowMs);
			noteSeen(database, id, nowMs);
		});
		if (!written.ok) throw new Error(written.failure.type);
	}
}

/** Two devices with one library each has, and a folder on the first. */
async function twoDevices(place: Place): Promise<readonly [Device, Device]> {
	const { base } = place;
	const maker = await deviceAt(place, 'one');
	await maker.driver.value('library.create', { name: 'Home', password: null });
	const key = maker.driver.core.sessionKey();
	await maker.driver.core.close();
	mkdirSync(join(base, 'two'));
	cpSync(join(base, 'one', 'one.sdlibrary'), join(base, 'two', 'one.sdlibrary'), { recursive: true });
	const devices = [await deviceAt(place, 'one'), await deviceAt(place, 'two')] as const;
	if (key === null) throw new Error('the library is open');
	for (const { driver } of devices) valueOf(await driver.core.openWithSessionKey(key, never));
	pairBoth(...devices);
	mkdirSync(join(base, 'photos'));
	writeFileSync(join(base, 'photos', photo), 'x');
	await addIndexed(devices[0].driver, rootRef(join(base, 'photos')));
	return devices;
}

function channelOf(stream: Stream): SyncChannel {
	const messages = createMessages(stream, { ...cborLimits, bytesMax: messageBytesMax });
	return {
		send: async (message, signal) => (await messages.send(message, signal)).ok,
		receive: async (signal) => {
			const received = await messages.receive(signal).catch(() => null);
			return received?.ok === true ? received.value : null;
		},
		close: () => stream.close(0)
	};
}

/** A link between two devices that know each other's keys, from the one that is `own`; the sessions go over a stream of it. */
async function talk({ closing }: Place, own: Device, other: Device, carrier: Link): Promise<void> {
	const isDialler = own.identity.id < other.identity.id;
	const { channel } = other.identity.keys;
	const side: SecureSide = isDialler
		? { role: 'initiator', pattern: 'XK', responder: channel.public }
		: { role: 'responder', patterns: ['XK'], psk: null };
	const { clock, random, compute } = own.host;
	const secured = await secureLink(
		carrier,
		{
			side,
			own: own.identity.keys.channel,
			binding: new Uint8Array(0),
			isWelcome: (key) => Buffer.compare(key, channel.public) === 0,
			clock,
			random,
			aead: compute.aead
		},
		never
	);
	const onStream = (stream: Stream) => void own.driver.core.connect(other.identity.id, channelOf(stream), 0, never);
	const role = isDialler ? 'client' : 'server';
	const mux = createMux(valueOf(secured).link, { role, settings: muxSettings, clock, onStream });
	closing.push(() => mux.close(0));
	if (isDialler) onStream(valueOf(await mux.open('sync/1', 'normal', never)));
}

/** A server that takes links for `device`, and a way to it that keeps what goes over it. */
async function serveLinks(place: Place, device: Device, other: Device) {
	const { base, closing } = place;
	mkdirSync(join(base, 'web'));
	writeFileSync(join(base, 'web', 'index.html'), '');
	const web = { webFolder: join(base, 'web'), host: '127.0.0.1', port: 0, hostNames: [], nextFree: false };
	const onLink = (link: Link) => void talk(place, device, other, link);
	const server = valueOf(await serveApp({ ...web, isReady: () => true, links: { origins: [], onLink } }));
	closing.push(() => server.close());
	const seen: Buffer[] = [];
	const sockets: Socket[] = [];
	const between = createServer((near) => {
		const far = connect(server.port, '127.0.0.1');
		for (const socket of [near, far]) socket.on('data', (bytes) => seen.push(bytes)).on('error', () => undefined);
		near.pipe(far).pipe(near);
		sockets.push(near, far);
	});
	await new Promise<void>((resolve) => between.listen(0, '127.0.0.1', resolve));
	closing.push(() => {
		for (const socket of sockets) socket.destroy();
		between.close();
	});
	return { url: `ws://127.0.0.1:${(between.address() as AddressInfo).port}/link`, seen };
}

/** What `ask` answers once it is what is wanted, asked again after each change of the library. */
export function once<T>({ driver }: Device, ask: () => Promise<T>, isWanted: (answer: T) => boolean): Promise<T> {
	return new Promise((resolve, reject) => {
		const look = () =>
			ask().then((answer) => {
				if (!isWanted(answer)) return;
				stop();
				resolve(answer);
			}, reject);
		const stop = driver.core.subscribe(() => void look());
		void look();
	});
}

export type LinkedPair = {
	/** The first has a folder `photos` with a file of the name `photo`. */
	readonly one: Device;
	readonly two: Device;
	/** The first lies in `one` of it, and the second in `two`. */
	readonly base: string;
	/** All that has passed between them so far. */
	readonly wire: () => Buffer;
};

export const photo = 'a rare orchid.jpg';

/** Two devices of one library, linked over a WebSocket, gone after `use`. */
export async function withLinkedPair(
	use: (pair: LinkedPair) => Promise<void>,
	lend: Lend = (host) => host
): Promise<void> {
	const place: Place = { base: mkdtempSync(join(tmpdir(), 'atoll-linked-')), closing: [], lend };
	try {
		const [one, two] = await twoDevices(place);
		const [dialler, answerer] = one.identity.id < two.identity.id ? [one, two] : [two, one];
		const { url, seen } = await serveLinks(place, answerer, dialler);
		await talk(place, dialler, answerer, valueOf(await dialWs(url, never)));
		await use({ one, two, base: place.base, wire: () => Buffer.concat(seen) });
	} finally {
		for (const close of place.closing.toReversed()) await close();
		rmSync(place.base, { recursive: true });
	}
}
