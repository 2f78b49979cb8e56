import type { DeviceId } from '#core/kernel';
import type { LinkWay } from '#core/net';
import type { ClockPort } from '#core/ports';
import type { OwnSide } from './agree.ts';
import type { SyncChannel } from './channel.ts';
import type { SyncDomain } from './domain.ts';
import { startSession, type Session, type SessionOptions } from './session.ts';
import type { PeerStatus, SessionEnd } from './status.ts';
import { createTurns } from './turns.ts';

export type SessionsDeps = {
	readonly own: OwnSide;
	readonly clock: ClockPort;
	readonly domains: readonly SyncDomain[];
	/** Something of this domain came from another device. */
	readonly onMerged: (domain: string) => void;
	/** The status of a peer is another. */
	readonly onChange: () => void;
};

/** All that an open library tells other devices, and hears from them. */
export type Sessions = {
	/**
	 * Talks to `peer` over `channel`, and resolves when that has ended. There is one session with a peer at a time: a
	 * better link, of the same `rank` or a higher one, replaces the one before it, and a worse one is not used.
	 */
	connect(peer: DeviceId, channel: SyncChannel, rank: number): Promise<SessionEnd>;
	/** Something of a domain was written here. */
	changed(domain: string): void;
	/** Asks `peer` again, at once, for what was refused of a domain. */
	retry(peer: DeviceId, domain: string): void;
	/** Ends what goes on with `peer`, and knows nothing of it any more. */
	forget(peer: DeviceId): Promise<void>;
	/** Tells who is at the other end of `channel`, and is no device of the library any more, that it is none; nothing else. */
	turnAway(peer: DeviceId, channel: SyncChannel): Promise<SessionEnd>;
	/** Ends what goes on with `peer`. */
	leave(peer: DeviceId): void;
	/** Ends what goes on with `peer`, which is no device of the library any more, and tells it so. */
	remove(peer: DeviceId): void;
	/** Every device that was talked to since the library was opened. */
	status(): readonly PeerStatus[];
	/** Ends everything; resolves when the database is no longer used. */
	close(): Promise<void>;
};

type Peer = {
	session: Session | null;
	rank: number;
	way: LinkWay | null;
	last: Omit<PeerStatus, 'device' | 'link' | 'way'>;
};

function statusOf(device: DeviceId, { session, way, last }: Peer): PeerStatus {
	if (session === null) return { device, link: 'none', way: null, ...last };
	const link = session.agreed === null ? 'opening' : 'open';
	const heardMs = session.heardMs ?? last.heardMs;
	return { device, link, way, heardMs, ended: null, domains: link === 'open' ? session.domains() : last.domains };
}

/** Says the last word, and nothing else. */
function turnAway(options: Pick<SessionOptions, 'peer' | 'channel' | 'own' | 'clock' | 'turns'>): Promise<SessionEnd> {
	const silent = { domains: [], onMerged: () => undefined, onChange: () => undefined };
	const session = startSession({ ...options, ...silent });
	session.close('Removed');
	return session.ended;
}

export function createSessions({ own, clock, domains, onMerged, onChange }: SessionsDeps): Sessions {
	const peers = new Map<DeviceId, Peer>();
	const turns = createTurns(clock);
	let isClosed = false;

	/** Tells every other device what has come: what one has, all get. */
	const merged = (domain: string, from: DeviceId) => {
		for (const [device, { session }] of peers) if (device !== from) session?.changed(domain);
		onMerged(domain);
	};

	async function talk(device: DeviceId, channel: SyncChannel, rank: number): Promise<SessionEnd> {
		const before = { heardMs: null, ended: null, domains: [] };
		const peer: Peer = peers.get(device) ?? { session: null, rank, way: null, last: before };
		peers.set(device, peer);
		const onMergedHere = (domain: string) => merged(domain, device);
		const session = startSession({
			channel,
			peer: device,
			own,
			domains,
			clock,
			turns,
			onMerged: onMergedHere,
			onChange
		});
		Object.assign(peer, { session, rank, way: channel.way ?? null });
		const ended = await session.ended;
		const { heardMs, domains: lastDomains } = statusOf(device, peer);
		peer.last = { heardMs, ended, domains: lastDomains };
		peer.session = null;
		onChange();
		return ended;
	}

	async function connect(device: DeviceId, channel: SyncChannel, rank: number): Promise<SessionEnd> {
		const refuse = (type: 'Closed' | 'OtherDevice'): SessionEnd => {
			channel.close();
			return { type };
		};
		if (device === own.device) return refuse('OtherDevice');
		// Several may come while one ends: each waits for the one before it.
		for (let before = peers.get(device); before?.session; before = peers.get(device)) {
			if (before.rank > rank) return refuse('Closed');
			before.session.close('Replaced');
			await before.session.ended;
			await clock.wait(0, new AbortController().signal);
		}
		return isClosed ? refuse('Closed') : talk(device, channel, rank);
	}

	return {
		connect,
		changed: (domain) => {
			for (const { session } of peers.values()) session?.changed(domain);
		},
		retry: (device, domain) => peers.get(device)?.session?.retry(domain),
		forget: async (device) => {
			const session = peers.get(device)?.session;
			session?.close('Closed');
			await session?.ended;
			peers.delete(device);
			onChange();
		},
		turnAway: (peer, channel) => turnAway({ peer, channel, own, clock, turns }),
		leave: (device) => peers.get(device)?.session?.close('Closed'),
		remove: (device) => peers.get(device)?.session?.close('Removed'),
		status: () => [...peers].map(([device, peer]) => statusOf(device, peer)),
		close: async () => {
			isClosed = true;
			const going = [...peers.values()].flatMap(({ session }) => session ?? []);
			for (const session of going) session.close('Closed');
			await Promise.all(going.map(({ ended }) => ended));
		}
	};
}
