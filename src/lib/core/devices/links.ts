import type { DeviceId } from '#core/kernel';
import { signalStreamKind } from '#core/direct';
import { closeCodes, createMux, directWay, muxSettings, type Mux, type Stream } from '#core/net';
import type { Link, LinkEnd, LinkWay } from '#core/net';
import type { ClockPort } from '#core/ports';
import { streamToChannel, syncStreamKind, type SyncChannel } from '#core/sync';
import type { GoingDirect } from './going-direct.ts';
import type { Offering } from './offering.ts';
import { pairingStreamKind } from './pairing-talk.ts';
import type { KnownDevice } from './schema.ts';

/** Why a link is closed at once, told to the other device. */
export const linkCodes = {
	/** A person has removed it here. */
	removed: 0x101,
	/** It is not known here, and nothing is offered. */
	unknown: 0x102,
	/** It came to be let in, and nothing is offered any more. */
	notOffered: 0x103
} as const;

/** Who has come says within this what for. */
const idleMs = 30_000;

export type LinksDeps = {
	readonly clock: ClockPort;
	readonly offering: Offering;
	/** The device with that key; null where there is none, or no library is open. */
	readonly findByKey: (key: Uint8Array) => KnownDevice | null;
	/** The devices of the open library; none where none is open. */
	readonly list: () => readonly KnownDevice[];
	readonly ownId: () => DeviceId | null;
	/** Keeps the library in step over `channel`; resolves when that has ended. */
	readonly connect: (peer: DeviceId, channel: SyncChannel, rank: number, signal: AbortSignal) => Promise<unknown>;
	/** A link with that device begins or has ended. */
	readonly onLink: (peer: DeviceId) => void;
	/** That device has closed a link as this one was removed. */
	readonly onRemoved: (by: DeviceId) => void;
	/** Whether this device was removed: it lets nobody in then. */
	readonly isRemoved: () => boolean;
	/** Tries to have a link of their own with devices that are linked through a relay. */
	readonly direct: GoingDirect;
};

/** Where a link comes from: from this machine itself, and by what way; else from elsewhere, and directly. */
export type LinkOrigin = { readonly isHere?: boolean; readonly way?: LinkWay };

export type KnownKeys = { readonly members: readonly Uint8Array[]; readonly removed: readonly Uint8Array[] };

export type Links = {
	/** Whether a host that has made sure of a key may let its holder in: whoever is known or was, and all who come for an offer. */
	mayConnect(deviceKey: Uint8Array): boolean;
	/** Whether somebody who is not known may come, for an offer. */
	awaitsAnybody(): boolean;
	/** The keys (Ed25519) of the devices of the library, and of those that were; none where this one was removed. */
	knownKeys(): KnownKeys;
	/** Takes a link that has come, from the holder of that key. */
	accept(link: Link, deviceKey: Uint8Array, from?: LinkOrigin): void;
	/** Keeps in step with `peer` over a link that was dialled; resolves with how the link ended. */
	follow(peer: DeviceId, link: Link, way: LinkWay): Promise<LinkEnd>;
	isLinked(peer: DeviceId): boolean;
	/** Whether one of the links with `peer` has nobody between. */
	isDirect(peer: DeviceId): boolean;
	/** Resolves once there is no link with `peer`, or `signal` is aborted. */
	untilUnlinked(peer: DeviceId, signal: AbortSignal): Promise<void>;
	/** Ends all links with `peer`. */
	cut(peer: DeviceId, code: number): void;
	/** Ends all links; resolves when nothing of them goes on. */
	close(): Promise<void>;
};

/** Who has come: a device of the library or none, with what is said to it in that case, and whether from this machine. */
type Guest = {
	readonly member: DeviceId | null;
	readonly refusal: number;
	readonly isHere: boolean;
	readonly way: LinkWay;
};
/** A link; `isTalking` where a session goes on over it, or begins to. */
type Open = { readonly peer: DeviceId | null; readonly mux: Mux; readonly way: LinkWay; readonly isTalking: boolean };
/** The session of a link: over which stream, and whether the other side has opened that. */
type Talk = { readonly mux: Mux; readonly stream: Stream; readonly way: LinkWay; readonly isTheirs: boolean };

class DeviceLinks implements Links {
	readonly #deps: LinksDeps;
	readonly #open = new Set<Open>();
	readonly #going = new Set<Promise<unknown>>();
	/** Called when a link is over. */
	readonly #waiting = new Set<() => void>();
	#life = new AbortController();

	constructor(deps: LinksDeps) {
		this.#deps = deps;
	}

	awaitsAnybody(): boolean {
		return this.#deps.offering.isOpen() && !this.#deps.isRemoved();
	}

	mayConnect(deviceKey: Uint8Array): boolean {
		const { findByKey, isRemoved } = this.#deps;
		return this.awaitsAnybody() || (!isRemoved() && findByKey(deviceKey) !== null);
	}

	knownKeys(): KnownKeys {
		const others = this.#deps.isRemoved() ? [] : this.#deps.list().filter(({ isThis }) => !isThis);
		const keysOf = (isRemoved: boolean) =>
			others
				.filter(({ revokedMs, hasLostVoucher }) => !hasLostVoucher && (revokedMs !== null) === isRemoved)
				.flatMap(({ publicKey }) => (publicKey === null ? [] : [publicKey]));
		return { members: keysOf(false), removed: keysOf(true) };
	}

	accept(link: Link, deviceKey: Uint8Array, { isHere = false, way = directWay }: LinkOrigin = {}): void {
		const { findByKey, offering } = this.#deps;
		if (this.#deps.isRemoved()) return link.close(closeCodes.none);
		const device = findByKey(deviceKey);
		const member = device?.revokedMs === null && !device.hasLostVoucher ? device.id : null;
		const refusal = device === null || device.hasLostVoucher ? linkCodes.unknown : linkCodes.removed;
		if (member === null && !offering.isOpen()) link.close(refusal);
		else this.#keep(this.#serve(link, { member, refusal, isHere, way }));
	}

	async follow(peer: DeviceId, link: Link, way: LinkWay): Promise<LinkEnd> {
		const mux = this.#createMux(link, 'client', (stream) => stream.close(closeCodes.none));
		const following = this.#followStream(peer, mux, way);
		this.#keep(following);
		this.#hearRemoval(peer, mux);
		await following;
		return mux.ended;
	}

	isLinked(peer: DeviceId): boolean {
		return [...this.#open].some((one) => one.peer === peer && one.isTalking);
	}

	isDirect(peer: DeviceId): boolean {
		return [...this.#open].some((one) => one.peer === peer && one.way.type === 'direct');
	}

	async untilUnlinked(peer: DeviceId, signal: AbortSignal): Promise<void> {
		while (!signal.aborted && [...this.#open].some((one) => one.peer === peer))
			await new Promise<void>((resolve) => {
				const wake = () => {
					this.#waiting.delete(wake);
					signal.removeEventListener('abort', wake);
					resolve();
				};
				this.#waiting.add(wake);
				signal.addEventListener('abort', wake, { once: true });
			});
	}

	cut(peer: DeviceId, code: number): void {
		for (const one of this.#open) if (one.peer === peer) one.mux.close(code);
	}

	async close(): Promise<void> {
		this.#life.abort();
		for (const { mux } of this.#open) mux.close(closeCodes.none);
		await Promise.all(this.#going);
		this.#life = new AbortController();
	}

	#keep(going: Promise<unknown>): void {
		this.#going.add(going);
		void going.finally(() => this.#going.delete(going));
	}

	#createMux(link: Link, role: 'client' | 'server', onStream: (stream: Stream) => void): Mux {
		return createMux(link, { role, settings: muxSettings, clock: this.#deps.clock, onStream });
	}

	async #followStream(peer: DeviceId, mux: Mux, way: LinkWay): Promise<void> {
		const { signal } = this.#life;
		const stream = await this.#quietly(mux, mux.open(syncStreamKind, 'normal', signal));
		if (stream?.ok === true) await this.#session(peer, { mux, stream: stream.value, way, isTheirs: false });
		mux.close(closeCodes.none);
	}

	/** Whoever is at the other end was made sure of, so that it counts what it says. */
	#hearRemoval(peer: DeviceId, mux: Mux): void {
		void mux.ended.then((end) => {
			const isTold = end.type === 'LinkClosed' && end.by === 'them' && end.code === linkCodes.removed;
			if (isTold) this.#deps.onRemoved(peer);
		});
	}

	/** Whoever has come opens one stream, which says what for. */
	async #serve(link: Link, guest: Guest): Promise<void> {
		const { clock } = this.#deps;
		const idle = new AbortController();
		let stream: Stream | null = null;
		const mux = this.#createMux(link, 'server', (opened) => {
			if (idle.signal.aborted) return this.#takeMore(opened, mux, guest);
			stream = opened;
			idle.abort();
		});
		if (guest.member !== null) this.#hearRemoval(guest.member, mux);
		const one = { peer: guest.member, mux, way: guest.way, isTalking: false };
		this.#open.add(one);
		void mux.ended.then(() => idle.abort());
		await clock.wait(idleMs, idle.signal);
		idle.abort();
		const taken = stream === null ? null : this.#quietly(mux, this.#take(stream, mux, guest));
		this.#leave(one);
		await taken;
		mux.close(closeCodes.none);
	}

	async #take(stream: Stream, mux: Mux, { member, refusal, isHere, way }: Guest): Promise<void> {
		const { offering } = this.#deps;
		if (stream.kind === syncStreamKind && member !== null)
			return this.#session(member, { mux, stream, way, isTheirs: true });
		if (stream.kind === pairingStreamKind && offering.isOpen()) {
			const one = { peer: null, mux, way, isTalking: false };
			this.#open.add(one);
			await offering.serve(stream, isHere, this.#life.signal);
			this.#leave(one);
		} else if (stream.kind === pairingStreamKind) mux.close(linkCodes.notOffered);
		else if (member === null) mux.close(refusal);
	}

	/** Beside the first stream, which says what a link is for. */
	#takeMore(stream: Stream, mux: Mux, { member, way }: Guest): void {
		if (stream.kind !== signalStreamKind || member === null || way.type === 'direct')
			return stream.close(closeCodes.none);
		this.#keep(this.#quietly(mux, this.#deps.direct.answer(member, mux, stream, this.#life.signal)));
	}

	/**
	 * A direct link is better than one through a relay; of two of a sort, which both have dialled, the one stays that the
	 * device with the lower id has dialled.
	 */
	async #session(peer: DeviceId, { mux, stream, way, isTheirs }: Talk): Promise<void> {
		const { ownId, connect, onLink, direct } = this.#deps;
		const own = ownId();
		const rank = (way.type === 'direct' ? 2 : 0) + (own !== null && peer < own === isTheirs ? 1 : 0);
		const one = { peer, mux, way, isTalking: true };
		this.#open.add(one);
		onLink(peer);
		try {
			// The link ends with it: of a stream that is closed alone the last words would be lost.
			const channel = { ...streamToChannel(stream), way, close: () => mux.close(closeCodes.none) };
			const { signal } = this.#life;
			if (way.type === 'relayed' && !isTheirs) this.#keep(this.#quietly(mux, direct.try(peer, mux, signal)));
			await connect(peer, channel, rank, signal);
		} finally {
			this.#leave(one);
			mux.close(closeCodes.none);
			onLink(peer);
		}
	}

	#leave(one: Open): void {
		this.#open.delete(one);
		for (const wake of this.#waiting) wake();
	}

	/** What is thrown while the links are closed is nothing; a defect ends this link and no other. */
	async #quietly<T>(mux: Mux, work: Promise<T>): Promise<T | null> {
		try {
			return await work;
		} catch {
			mux.close(this.#life.signal.aborted ? closeCodes.none : closeCodes.internal);
			return null;
		}
	}
}

export function createLinks(deps: LinksDeps): Links {
	return new DeviceLinks(deps);
}
