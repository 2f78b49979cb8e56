import type { Result } from '#core/kernel';
import type { Link } from '#core/net';
import type { Signal } from './messages.ts';

/** Who makes the first description. */
export type DirectSide = 'offers' | 'answers';

/** Who helps to find a way through routers: STUN and TURN, as browsers take them (`RTCIceServer`). */
export type DirectServer = { readonly urls: string; readonly username?: string; readonly credential?: string };

/** What the two ends of a connection to be say to each other on the way that they have. */
export type SignalTalk = {
	/** Says it behind what was said before. The first is this side's description; what follows are its candidates. */
	say(signal: Signal): void;
	/** The other side's next word; null once there is none any more. */
	hear(): Promise<Signal | null>;
};

export type DirectFailure = { readonly type: 'DirectFailed'; readonly what: string };

/** A connection, and which certificates were shown on it, as SHA-256 of each: by this side and by the other. */
export type DirectCarrier = {
	readonly link: Link;
	readonly fingerprints: { readonly own: Uint8Array; readonly theirs: Uint8Array };
	/** Breaks it off, without a word to the other side. */
	drop(): void;
};

/** How a host makes a connection to another device by itself, once the two can talk somehow: WebRTC. */
export type DirectPort = {
	/** Gives up by itself where there is no way. Rejects with the reason of `signal`. */
	connect(side: DirectSide, talk: SignalTalk, signal: AbortSignal): Promise<Result<DirectCarrier, DirectFailure>>;
};
