import type { DeviceKeys } from '#core/crypto';
import { goDirect, signalStreamKind } from '#core/direct';
import type { DirectFailure, DirectPort, DirectSide } from '#core/direct';
import type { DeviceId, Result } from '#core/kernel';
import { closeCodes, type Link, type Mux, type Stream } from '#core/net';
import type { ClockPort, RandomPort } from '#core/ports';

/** After a try that came to nothing, or to a link that did not last, it waits so long, and each time twice as long. */
const waitLeastMs = 60_000;
const waitMaxMs = 30 * 60_000;
/** A direct link that ends sooner counts as one that could not be made. */
const steadyMs = 30_000;

export type GoingDirectDeps = {
	readonly clock: ClockPort;
	readonly random: RandomPort;
	/** Null where this host cannot. */
	readonly port: DirectPort | null;
	readonly ownKeys: (signal: AbortSignal) => Promise<DeviceKeys | null>;
	readonly keyOf: (peer: DeviceId) => Uint8Array | null;
	readonly isDirect: (peer: DeviceId) => boolean;
	/** Takes a direct link to `peer`; where this side has offered it, it resolves when that has ended. */
	readonly onLink: (peer: DeviceId, link: Link, side: DirectSide) => Promise<unknown>;
};

/** The ways from a link through a relay to one without. */
export type GoingDirect = {
	/** Tries for a direct link with `peer` as long as `mux` lasts, which this side has dialled. */
	try(peer: DeviceId, mux: Mux, life: AbortSignal): Promise<void>;
	/** The other side tries, and says how on `stream`. */
	answer(peer: DeviceId, mux: Mux, stream: Stream, life: AbortSignal): Promise<void>;
};

class LinksGoingDirect implements GoingDirect {
	readonly #deps: GoingDirectDeps;
	/** How long the next try waits, where one has come to nothing. */
	readonly #waits = new Map<DeviceId, number>();
	readonly #answering = new Set<DeviceId>();

	constructor(deps: GoingDirectDeps) {
		this.#deps = deps;
	}

	async try(peer: DeviceId, mux: Mux, life: AbortSignal): Promise<void> {
		const { clock, port, isDirect } = this.#deps;
		if (port === null) return;
		const signal = this.#during(mux, life);
		while (!signal.aborted) {
			await clock.wait(this.#spread(this.#waits.get(peer) ?? 0), signal);
			if (signal.aborted || isDirect(peer)) return;
			const opened = await this.#quietly(mux.open(signalStreamKind, 'control', signal), signal);
			if (opened?.ok !== true) return;
			const link = await this.#go(port, peer, opened.value, 'offers', signal);
			if (link?.ok === true) return void this.#follow(peer, link.value);
			if (!signal.aborted) this.#later(peer);
		}
	}

	async answer(peer: DeviceId, mux: Mux, stream: Stream, life: AbortSignal): Promise<void> {
		const { port, onLink } = this.#deps;
		if (port === null || this.#answering.has(peer)) return stream.close(closeCodes.refused);
		this.#answering.add(peer);
		try {
			const link = await this.#go(port, peer, stream, 'answers', this.#during(mux, life));
			if (link?.ok === true) void onLink(peer, link.value, 'answers');
		} finally {
			this.#answering.delete(peer);
		}
	}

	async #follow(peer: DeviceId, link: Link): Promise<void> {
		const { clock, onLink } = this.#deps;
		const fromMs = clock.elapsedMs();
		await onLink(peer, link, 'offers');
		if (clock.elapsedMs() - fromMs >= steadyMs) this.#waits.delete(peer);
		else this.#later(peer);
	}

	#later(peer: DeviceId): void {
		const waitMs = this.#waits.get(peer) ?? 0;
		this.#waits.set(peer, Math.min(waitMaxMs, waitMs * 2 || waitLeastMs));
	}

	async #go(
		port: DirectPort,
		peer: DeviceId,
		stream: Stream,
		side: DirectSide,
		signal: AbortSignal
	): Promise<Result<Link, DirectFailure> | null> {
		const { clock, random, ownKeys, keyOf } = this.#deps;
		const deviceKey = keyOf(peer);
		const own = await this.#quietly(ownKeys(signal), signal);
		if (own === null || deviceKey === null) {
			stream.close(closeCodes.none);
			return null;
		}
		return this.#quietly(goDirect({ port, clock, random, own, deviceKey }, stream, side, signal), signal);
	}

	#during(mux: Mux, life: AbortSignal): AbortSignal {
		const over = new AbortController();
		void mux.ended.then(() => over.abort());
		return AbortSignal.any([life, over.signal]);
	}

	/** Null where it was called off. */
	async #quietly<T>(work: Promise<T>, signal: AbortSignal): Promise<T | null> {
		try {
			return await work;
		} catch (thrown) {
			if (signal.aborted) return null;
			throw thrown;
		}
	}

	/** Devices that lost each other at one time do not try at one time. */
	#spread(waitMs: number): number {
		const [byte = 0] = this.#deps.random.bytes(1);
		return Math.round(waitMs * (0.75 + byte / 1_024));
	}
}

export function createGoingDirect(deps: GoingDirectDeps): GoingDirect {
	return new LinksGoingDirect(deps);
}
