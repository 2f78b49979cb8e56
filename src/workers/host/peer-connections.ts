import { err, ok, type Result } from '#core/kernel';
import type { DialFailure } from '#core/devices';
import { channelBinding, directAnswer, readDescribedEnd, type Link, type UdpPlace } from '#core/net';
import type { ClockPort } from '#core/ports';
import type { ConnectionNews, ConnectionOrder } from '../session/protocol.ts';
import { channelLink, type BrowserChannel } from './channel-link.ts';

/** Two ways there and back and the handshake of DTLS, from anywhere. */
const dialMs = 10_000;
/** For a person to see what the browser asks, and to answer. */
const leaveMs = 60_000;

/** A UDP port whose certificate has that SHA-256. */
export type DirectPlace = UdpPlace & { readonly fingerprint: Uint8Array };

/** A link whose carrier nobody else reads, and what its two ends know of that (`SecureOptions.binding`). */
export type BoundLink = { readonly link: Link; readonly binding: Uint8Array };

/** The page that has the connections. */
export type Page = {
	tell(order: ConnectionOrder): void;
	onNews(listener: (news: ConnectionNews) => void): void;
};

/** The page that has started this worker. */
export function ownPage(): Page {
	return {
		tell: (order) => postMessage(order),
		onNews: (listener) =>
			addEventListener('message', ({ data }: MessageEvent<ConnectionNews | { readonly type: 'start' }>) => {
				if (data.type !== 'start') listener(data);
			})
	};
}

/** Data channels of WebRTC in a worker: the page has their connections. */
export class PeerConnections {
	readonly #page: Page;
	readonly #clock: ClockPort;
	readonly #open = new Map<number, (news: ConnectionNews) => void>();
	#lastId = 0;

	constructor(page: Page, clock: ClockPort) {
		this.#page = page;
		this.#clock = clock;
		page.onNews((news) => this.#open.get(news.id)?.(news));
	}

	/** Dials a UDP port directly (`directAnswer`). Rejects with the reason of `signal`. */
	dial(place: DirectPlace, signal: AbortSignal): Promise<Result<BoundLink, DialFailure>> {
		signal.throwIfAborted();
		const id = ++this.#lastId;
		return new Promise((resolve, reject) => {
			const dialling = new AbortController();
			let channel: BrowserChannel | null = null;
			let binding: Uint8Array | null = null;
			const leave = () => {
				this.#open.delete(id);
				this.#page.tell({ type: 'connection-close', id });
			};
			const fail = (failure: DialFailure) => {
				if (dialling.signal.aborted) return;
				dialling.abort();
				leave();
				resolve(err(failure));
			};
			let limit = new AbortController();
			const failAfter = (delayMs: number, failure: DialFailure) => {
				limit.abort();
				const { signal: off } = (limit = new AbortController());
				void this.#clock
					.wait(delayMs, AbortSignal.any([dialling.signal, off]))
					.then(() => off.aborted || fail(failure));
			};
			const hold = (leave: PermissionState) => {
				if (leave === 'denied') fail({ type: 'NetworkRefused' });
				else if (leave === 'prompt') failAfter(leaveMs, { type: 'NetworkUnanswered' });
				else failAfter(dialMs, { type: 'DeviceSilent' });
			};
			const take = (opening: RTCDataChannel) => {
				channel = channelLink(opening, this.#clock, leave);
				const { link } = channel;
				opening.onopen = () => {
					if (dialling.signal.aborted) return;
					if (binding === null) return fail({ type: 'DeviceUnreachable', what: 'there is no offer' });
					dialling.abort();
					resolve(ok({ link, binding }));
				};
			};
			const answer = (offer: string) => {
				const own = readDescribedEnd(offer);
				if (own === null) return fail({ type: 'DeviceUnreachable', what: 'an offer that cannot be read' });
				binding = channelBinding(own.fingerprint, place.fingerprint);
				const sdp = directAnswer(place, place.fingerprint, own.password);
				this.#page.tell({ type: 'connection-answer', id, sdp });
			};
			this.#open.set(id, (news) => {
				if (news.type === 'connection-channel') take(news.channel);
				else if (news.type === 'connection-offer') answer(news.sdp);
				else if (news.type === 'connection-held') hold(news.leave);
				else {
					// Once packets go both ways, only the certificate can be wrong.
					fail({ type: news.isReached ? 'DeviceOther' : 'DeviceSilent' });
					channel?.lose('the connection broke');
				}
			});
			signal.addEventListener(
				'abort',
				() => {
					dialling.abort();
					leave();
					reject(signal.reason);
				},
				{ signal: dialling.signal }
			);
			failAfter(dialMs, { type: 'DeviceSilent' });
			this.#page.tell({ type: 'connection-open', id, host: place.host });
		});
	}
}
