import { err, ok, type Result } from '#core/kernel';
import type { DialFailure } from '#core/devices';
import type { DirectCarrier, DirectPort, DirectServer, Signal } from '#core/direct';
import { channelBinding, parseFingerprint, printFingerprint, type Link, type UdpPlace } from '#core/net';
import type { Certificate, DialWhy, Fingerprints, PeerSays } from './pipe.ts';
import { RtcChild, type Asked } from './rtc-child.ts';

/** A process that nobody needs ends after so long. */
const idleMs = 10_000;
/** Who has come proves within this who it is, or is let go of. */
const proveWithinMs = 5_000;
/** A listener whose process has ended listens again: at once, then each time twice as late. */
const againMs = { least: 500, most: 60_000 } as const;

/** A UDP port whose certificate has that SHA-256. */
export type DirectPlace = UdpPlace & { readonly fingerprint: Uint8Array };

/** A link whose carrier nobody else reads, and what its two ends know of that (`SecureOptions.binding`). */
export type BoundLink = {
	readonly link: Link;
	readonly binding: Uint8Array;
	/** Breaks it off, without a word to the other side. */
	drop(): void;
};

/** Somebody has come, and is let go of unless `proved` is called soon. */
export type Caller = BoundLink & { readonly host: string; proved(): void };

/** A UDP port of this machine, and the certificate that answers there. */
export type ListenPlace = UdpPlace & Certificate & { readonly withinMs?: number };

export type RtcListening = { close(): void };
export type RtcListenFailure = { readonly type: 'RtcNotListening'; readonly what: string };

/** Data channels of WebRTC, in a process of their own that is started when it is needed. */
export type WebRtc = {
	/** Takes direct dials at a UDP port, until it is closed; also after its process has ended and started again. */
	listen(at: ListenPlace, onCaller: (caller: Caller) => void): Promise<Result<RtcListening, RtcListenFailure>>;
	/** Dials directly. Rejects with the reason of `signal`. */
	dial(place: DirectPlace, signal: AbortSignal): Promise<Result<BoundLink, DialFailure>>;
	/** How connections are made that are signalled, with the help of these. */
	signalled(servers: readonly DirectServer[]): DirectPort;
	/** The process, while there is one. */
	readonly pid: number | undefined;
	close(): void;
};

/** What makes a channel, but for its number. */
type Call = Unnumbered<Extract<PeerSays, { readonly type: 'dial' | 'connect' }>>;
type Unnumbered<Says> = Says extends unknown ? Omit<Says, 'id'> : never;

const failures: Readonly<Record<DialWhy, DialFailure>> = {
	silent: { type: 'DeviceSilent' },
	other: { type: 'DeviceOther' },
	broken: { type: 'DeviceUnreachable', what: 'the connection broke' }
};

/** The certificates of both ends; null where they cannot be read. */
function readFingerprints({ local, remote }: Fingerprints): DirectCarrier['fingerprints'] | null {
	const [own, theirs] = [parseFingerprint(local), parseFingerprint(remote)];
	return own === null || theirs === null ? null : { own, theirs };
}

/** Has the process make a channel, under the number that is returned. Rejects with the reason of `signal`. */
function call(
	child: RtcChild,
	wanted: Call,
	signal: AbortSignal,
	onSignal: (word: Signal) => void = () => undefined
): { readonly id: number; readonly called: Promise<Result<DirectCarrier, DialFailure>> } {
	signal.throwIfAborted();
	const { promise, resolve, reject } = Promise.withResolvers<Result<DirectCarrier, DialFailure>>();
	const calling = new AbortController();
	const settle = (result: Result<DirectCarrier, DialFailure>) => {
		calling.abort();
		resolve(result);
	};
	const asked: Asked = {
		onSignal,
		onOpen: ({ link }, shown) => {
			const fingerprints = readFingerprints(shown);
			const drop = () => child.say({ type: 'drop', id });
			if (fingerprints === null) drop();
			settle(fingerprints === null ? err(failures.other) : ok({ link, fingerprints, drop }));
		},
		onFailed: (why) => settle(err(failures[why]))
	};
	const id = child.ask(asked, (id) => ({ ...wanted, id }));
	signal.addEventListener(
		'abort',
		() => {
			child.forget(id);
			child.say({ type: 'drop', id });
			reject(signal.reason);
		},
		{ signal: calling.signal }
	);
	return { id, called: promise };
}

class ProcessWebRtc implements WebRtc {
	#child: RtcChild | null = null;
	#idle: NodeJS.Timeout | null = null;
	readonly #listening = new Set<RtcListening>();

	get pid(): number | undefined {
		return this.#child?.pid;
	}

	async listen(at: ListenPlace, onCaller: (caller: Caller) => void): Promise<Result<RtcListening, RtcListenFailure>> {
		const life = new AbortController();
		const first = await this.#listenOnce(at, onCaller, life.signal, () => void again(againMs.least));
		const again = async (waitMs: number): Promise<void> => {
			if (life.signal.aborted) return;
			const onEnd = () => setTimeout(() => void again(Math.min(waitMs * 2, againMs.most)), waitMs).unref();
			const failed = await this.#listenOnce(at, onCaller, life.signal, onEnd);
			if (failed !== null) onEnd();
		};
		if (first !== null) return err({ type: 'RtcNotListening', what: first });
		const listening = {
			close: () => {
				life.abort();
				this.#listening.delete(listening);
			}
		};
		this.#listening.add(listening);
		return ok(listening);
	}

	async dial({ host, port, fingerprint }: DirectPlace, signal: AbortSignal): Promise<Result<BoundLink, DialFailure>> {
		const print = printFingerprint(fingerprint);
		const { called } = call(this.#need(), { type: 'dial', host, port, fingerprint: print }, signal);
		const opened = await called;
		if (!opened.ok) return opened;
		const { link, fingerprints, drop } = opened.value;
		const { own, theirs } = fingerprints;
		return ok({ link, binding: channelBinding(own, theirs), drop });
	}

	signalled(servers: readonly DirectServer[]): DirectPort {
		return {
			connect: async (side, talk, signal) => {
				const child = this.#need();
				const { id, called } = call(child, { type: 'connect', side, servers }, signal, (word) => talk.say(word));
				void (async () => {
					for (let word = await talk.hear(); word !== null; word = await talk.hear())
						child.say({ type: 'signal', id, signal: word });
				})();
				const opened = await called;
				return opened.ok ? opened : err({ type: 'DirectFailed', what: 'the connection broke' });
			}
		};
	}

	close(): void {
		for (const listening of this.#listening) listening.close();
		if (this.#idle !== null) clearInterval(this.#idle);
		this.#child?.close();
	}

	/** What went wrong, or null. `onEnd` is called when the process has ended under it. */
	#listenOnce(
		{ host, port, certificate, privateKey, withinMs = proveWithinMs }: ListenPlace,
		onCaller: (caller: Caller) => void,
		signal: AbortSignal,
		onEnd: () => void
	): Promise<string | null> {
		const child = this.#need();
		return new Promise((resolve) => {
			let isListening = false;
			const id = child.ask(
				{
					onListening: (what) => {
						isListening = what === null;
						resolve(what);
					},
					onCame: ({ link }, caller, came) => {
						const fingerprints = readFingerprints(came);
						const drop = () => child.say({ type: 'drop', id: caller });
						if (fingerprints === null) return drop();
						const proved = () => child.say({ type: 'proved', id: caller });
						const binding = channelBinding(fingerprints.theirs, fingerprints.own);
						onCaller({ link, binding, drop, host: came.host, proved });
					},
					onFailed: () => {
						if (isListening) onEnd();
						else resolve('the process of WebRTC has ended');
					}
				},
				(id) => ({ type: 'listen', id, host, port, certificate, privateKey, proveWithinMs: withinMs })
			);
			signal.addEventListener('abort', () => {
				child.forget(id);
				child.say({ type: 'close', id });
			});
		});
	}

	#need(): RtcChild {
		if (this.#child !== null) return this.#child;
		const child = new RtcChild(() => {
			if (this.#child === child) this.#child = null;
			if (this.#idle !== null) clearInterval(this.#idle);
			this.#idle = null;
		});
		this.#child = child;
		let wasIdle = false;
		this.#idle = setInterval(() => {
			if (wasIdle && child.isIdle) child.close();
			wasIdle = child.isIdle;
		}, idleMs / 2).unref();
		return child;
	}
}

export function createWebRtc(): WebRtc {
	return new ProcessWebRtc();
}
