import { err, ok, type Result } from '#core/kernel';
import type { Aead, ClockPort, RandomPort } from '#core/ports';
import { createHandshakeTalk, type SecurePattern, type TalkFailure, type TalkOptions } from './handshake-talk.ts';
import { closeCodes, type Link, type LinkEnd } from './link.ts';
import { clearChannel } from './clear-channel.ts';
import { SealedLink } from './sealed-link.ts';

export type SecureOptions = TalkOptions & {
	readonly clock: ClockPort;
	readonly random: RandomPort;
	/** What the host lends for the bulk of it (`compute.aead`). */
	readonly aead: Aead | null;
};

export type SecureFailure =
	| TalkFailure
	/** The other side did not say enough in time. */
	| { readonly type: 'HandshakeSlow' }
	/** What carries it ended first. */
	| { readonly type: 'LinkEnded'; readonly end: LinkEnd };

/** A link and who is at its other end. */
export type SecuredLink = {
	readonly link: Link;
	/** The X25519 key that the other side has proved to hold. */
	readonly channelKey: Uint8Array;
	readonly pattern: SecurePattern;
	/** Names this link and no other, on both sides. */
	readonly hash: Uint8Array;
};

/** Two ways there and back, from anywhere, on a slow machine. */
const handshakeMs = 10_000;
const ephemeralBytes = 32;

function codeOf(failure: SecureFailure): number {
	switch (failure.type) {
		case 'DeviceRefused':
			return closeCodes.refused;
		case 'VersionOther':
			return closeCodes.version;
		case 'LinkEnded':
			return closeCodes.none;
		default:
			return closeCodes.handshake;
	}
}

/**
 * Makes of `carrier`, whose other end may be anybody, a link to a device that has proved its key, and that nobody on the
 * way can read or change (Noise revision 34: XK, XX or XXpsk0). `carrier` is not started yet; whatever fails closes it.
 * Rejects with the reason of `signal`.
 */
export function secureLink(
	carrier: Link,
	options: SecureOptions,
	signal: AbortSignal
): Promise<Result<SecuredLink, SecureFailure>> {
	signal.throwIfAborted();
	const { clock, random } = options;
	const isBound = options.binding.length > 0;
	return new Promise((resolve, reject) => {
		const talk = createHandshakeTalk(options, random.bytes(ephemeralBytes));
		const talking = new AbortController();
		let sealed: SealedLink | null = null;
		let isReady = true;
		let waiting: Uint8Array | null = null;

		const settle = (result: Result<SecuredLink, SecureFailure>) => {
			if (talking.signal.aborted) return;
			talking.abort();
			if (!result.ok) carrier.close(codeOf(result.failure));
			resolve(result);
		};
		const send = (message: Uint8Array | null) => {
			if (message === null) return;
			if (isReady) isReady = carrier.send(message);
			else waiting = message;
		};
		const take = (message: Uint8Array) => {
			const step = talk.take(message);
			if (!step.ok) return settle(step);
			send(step.value.send);
			const { done } = step.value;
			const channelKey = done?.peer() ?? null;
			if (done === null || channelKey === null || talk.pattern === null) return;
			// Who knows the same of the carrier is at its other end: nobody else reads or changes what it carries.
			const channel = isBound ? clearChannel : done.channel(options.aead);
			sealed = new SealedLink(carrier, channel, clock, isReady);
			settle(ok({ link: sealed, channelKey, pattern: talk.pattern, hash: done.hash() }));
		};

		signal.addEventListener(
			'abort',
			() => {
				if (talking.signal.aborted) return;
				talking.abort();
				carrier.close(closeCodes.cancelled);
				reject(signal.reason);
			},
			{ signal: talking.signal }
		);
		void clock.wait(handshakeMs, talking.signal).then(() => settle(err({ type: 'HandshakeSlow' })));
		carrier.start({
			onMessage: (message) => {
				if (sealed !== null) sealed.take(message);
				else if (!talking.signal.aborted) take(message);
			},
			onReady: () => {
				isReady = true;
				const due = waiting;
				waiting = null;
				send(due);
				if (isReady) sealed?.carrierReady();
			},
			onEnd: (end) => {
				sealed?.carrierEnded(end);
				settle(err({ type: 'LinkEnded', end }));
			}
		});
		send(talk.begin());
	});
}
