import { deviceId, libraryId, type DeviceId, type WireValue } from '#core/kernel';
import { openDatabase } from '#core/schema';
import { createMux, muxSettings, type Mux } from '#core/net';
import { createSessions, protocolVersions, streamToChannel, syncStreamKind } from '#core/sync';
import type { Message, OwnSide, PeerStatus, SessionEnd, Sessions, SyncChannel, SyncDomain } from '#core/sync';
import { linkToChannel } from './host/channel.ts';
import { createSimClock, type SimClock } from './host/clock.ts';
import { createSimLink, type SimLinkOptions, type SimLinkPair } from './host/network.ts';
import { createSimRandom } from './host/random.ts';
import { createSimHost } from './host/sim-host.ts';
import { createRegisters, type RegisterDomain } from './register-domain.ts';

export const library = libraryId('c0'.repeat(16));
const never = new AbortController().signal;

export const deviceOf = (n: number): DeviceId => deviceId(n.toString(16).padStart(32, '0'));

/** A device with two domains, tags and files, in a database of its own, and its sessions. */
export type Talker = {
	readonly device: DeviceId;
	readonly tags: RegisterDomain;
	readonly files: RegisterDomain;
	readonly sessions: Sessions;
	/** Writes, and tells the others. */
	say(domain: RegisterDomain, key: string, value?: string): void;
	status(of: Talker | DeviceId): PeerStatus | undefined;
};

export async function createTalker(
	clock: SimClock,
	n: number,
	own: Partial<OwnSide> = {},
	more: readonly SyncDomain[] = []
): Promise<Talker> {
	const device = deviceOf(n);
	const connection = await createSimHost(n).database.connect('talker.sdlibrary', never);
	if (!connection.ok) throw new Error(connection.failure.type);
	const opened = openDatabase(connection.value, { rawKey: '1f'.repeat(48), where: 'here', expect: 'new' });
	if (!opened.ok) throw new Error(opened.failure.type);
	const tags = createRegisters('tags', opened.value, clock, device);
	const files = createRegisters('files', opened.value, clock, device);
	const sessions = createSessions({
		own: { library, device, versions: protocolVersions, features: [], ...own },
		clock,
		domains: [tags, files, ...more],
		onMerged: () => undefined,
		onChange: () => undefined
	});
	return {
		device,
		tags,
		files,
		sessions,
		say: (domain, key, value = 'v') => {
			domain.write(domain.plan(key, value));
			sessions.changed(domain.name);
		},
		status: (of) => sessions.status().find((peer) => peer.device === (typeof of === 'string' ? of : of.device))
	};
}

/** How two talks over one link ended; null while one goes on. */
export type Talk = { readonly link: SimLinkPair; readonly ends: [SessionEnd | null, SessionEnd | null] };

const wide = { messageBytesMax: 2 ** 21, delayMs: [1, 1] } as const;

export function connect(clock: SimClock, a: Talker, b: Talker, options: SimLinkOptions = {}, rank = 0): Talk {
	const link = createSimLink(clock, createSimRandom(1), { ...wide, ...options });
	const talk: Talk = { link, ends: [null, null] };
	const [near, far] = link.ends;
	void a.sessions.connect(b.device, linkToChannel(near), rank).then((end) => (talk.ends[0] = end));
	void b.sessions.connect(a.device, linkToChannel(far), rank).then((end) => (talk.ends[1] = end));
	return talk;
}

/** As `connect`, as one stream of a link that carries others too. */
export async function connectStream(clock: SimClock, a: Talker, b: Talker, options: SimLinkOptions): Promise<Mux[]> {
	const link = createSimLink(clock, createSimRandom(1), { delayMs: [1, 1], ...options });
	const shared = { settings: muxSettings, clock };
	const far = createMux(link.ends[1], {
		...shared,
		role: 'server',
		onStream: (stream) => void b.sessions.connect(a.device, streamToChannel(stream), 0)
	});
	const near = createMux(link.ends[0], { ...shared, role: 'client', onStream: () => undefined });
	const opening = near.open(syncStreamKind, 'control', never);
	await clock.advance(10);
	const stream = await opening;
	if (!stream.ok) throw new Error(stream.failure.type);
	void a.sessions.connect(b.device, streamToChannel(stream.value), 0);
	return [near, far];
}

/** Somebody who says what a test has it say, and what it was told. */
export type Stranger = {
	readonly heard: Message[];
	readonly channel: SyncChannel;
	/** Why the other side ended the session; null while it goes on. */
	readonly end: () => SessionEnd | null;
	say(message: WireValue): Promise<void>;
};

export const helloOf = (n: number, more: Readonly<Record<string, WireValue>> = {}): WireValue => ({
	kind: 'hello',
	versions: { from: 1, to: 1 },
	features: [],
	library,
	device: deviceOf(n),
	domains: ['tags', 'files'],
	...more
});

/** Links `talker` with a stranger that the carrier takes for device `n`. */
export function meetStranger(clock: SimClock, talker: Talker, n: number): Stranger {
	const link = createSimLink(clock, createSimRandom(1), wide);
	const channel = linkToChannel(link.ends[1]);
	const heard: Message[] = [];
	let end: SessionEnd | null = null;
	void talker.sessions.connect(deviceOf(n), linkToChannel(link.ends[0]), 0).then((ended) => (end = ended));
	void (async () => {
		for (let message = await channel.receive(never); message !== null; message = await channel.receive(never))
			heard.push(message as Message);
	})();
	return {
		heard,
		channel,
		end: () => end,
		say: async (message) => {
			await channel.send(message, never);
			await clock.advance(5);
		}
	};
}

export { createSimClock };
