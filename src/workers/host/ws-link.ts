import { err, invariant, ok, type Result } from '#core/kernel';
import type { Link, LinkEnd, LinkReceiver } from '#core/net';
import type { ClockPort } from '#core/ports';

/** What is spoken over the WebSocket, by the name that the two sides agree on (RFC 6455, section 1.9). */
const linkProtocol = 'atoll.1';
const messageBytesMax = 262_144;
/** What the browser may hold before the link is full. */
const bufferBytesMax = 1_048_576;
/** A browser does not tell when there is room again: it is asked this often, in which a fast line takes half of it. */
const drainPollMs = 4;
/** A browser cannot be told to read no more; who sends so much to a link that nobody has started ends it. */
const heldBytesMax = 4 * 1_048_576;
const dialMs = 10_000;
/** Why a WebSocket is closed; a page may say nothing below 3000 but 1000 (WebSockets Standard, `close()`). */
const closeCodes = { link: 4_000, refused: 4_001 } as const;

/** How a link ended whose WebSocket the other side has closed. */
function endOf({ code, reason }: CloseEvent): LinkEnd {
	const said = /^\d{1,10}$/.test(reason) ? Number(reason) : Infinity;
	if (code === closeCodes.link && said < 2 ** 31) return { type: 'LinkClosed', by: 'them', code: said };
	return { type: 'LinkLost', what: code === 1_006 ? 'the connection broke' : `the other side ended it with ${code}` };
}

/** An open WebSocket, whoever is at its other end, as a link. */
class WsLink implements Link {
	readonly messageBytesMax = messageBytesMax;
	readonly #socket: WebSocket;
	readonly #clock: ClockPort;
	readonly #life = new AbortController();
	readonly #held: Uint8Array[] = [];
	#heldBytes = 0;
	#receiver: LinkReceiver | null = null;
	#isFull = false;
	#end: LinkEnd | null = null;

	constructor(socket: WebSocket, clock: ClockPort) {
		this.#socket = socket;
		this.#clock = clock;
		socket.onmessage = ({ data }: MessageEvent<unknown>) => this.#take(data);
		socket.onclose = (event) => this.#endWith(endOf(event));
	}

	start(receiver: LinkReceiver): void {
		invariant(this.#receiver === null, 'a link is started once');
		this.#receiver = receiver;
		for (const message of this.#held.splice(0)) if (!this.#isOver()) receiver.onMessage(message);
		if (this.#end !== null) receiver.onEnd(this.#end);
	}

	send(message: Uint8Array): boolean {
		invariant(message.length <= messageBytesMax, 'a message is no longer than the link takes');
		if (this.#end !== null) return false;
		invariant(!this.#isFull, 'nothing is sent while the link is full');
		// A browser sends no bytes of memory that is shared between threads, which messages never lie in.
		this.#socket.send(
			message.buffer instanceof ArrayBuffer
				? new Uint8Array(message.buffer, message.byteOffset, message.length)
				: message.slice()
		);
		this.#isFull = this.#socket.bufferedAmount >= bufferBytesMax;
		if (this.#isFull) void this.#waitForRoom();
		return !this.#isFull;
	}

	close(code: number): void {
		if (this.#end !== null) return;
		this.#socket.close(closeCodes.link, String(code % 2 ** 31)); // goes out after all that was sent
		this.#endWith({ type: 'LinkClosed', by: 'us', code });
	}

	async #waitForRoom(): Promise<void> {
		const { signal } = this.#life;
		while (this.#socket.bufferedAmount > bufferBytesMax / 2 && !signal.aborted)
			await this.#clock.wait(drainPollMs, signal);
		if (signal.aborted) return;
		this.#isFull = false;
		this.#receiver?.onReady();
	}

	#isOver(): boolean {
		return this.#end?.type === 'LinkClosed' && this.#end.by === 'us';
	}

	#take(message: unknown): void {
		if (this.#end !== null) return;
		if (!(message instanceof ArrayBuffer)) return this.#refuse('the other side sent text');
		if (message.byteLength > messageBytesMax) return this.#refuse('the other side sent a message that is too long');
		const bytes = new Uint8Array(message);
		if (this.#receiver !== null) return this.#receiver.onMessage(bytes);
		this.#heldBytes += bytes.length;
		if (this.#heldBytes > heldBytesMax) return this.#refuse('the other side sent too much too early');
		this.#held.push(bytes);
	}

	#refuse(what: string): void {
		this.#socket.close(closeCodes.refused);
		this.#endWith({ type: 'LinkLost', what });
	}

	#endWith(end: LinkEnd): void {
		if (this.#end !== null) return;
		this.#end = end;
		this.#life.abort();
		this.#receiver?.onEnd(end);
	}
}

export type WsDialFailure = { readonly type: 'DeviceUnreachable'; readonly what: string };

/**
 * A link to whoever answers at `url` (`wss://…/link`), by the browser's own WebSocket. A browser does not say why nobody
 * does. Rejects with the reason of `signal`.
 */
export function dialWs(url: string, clock: ClockPort, signal: AbortSignal): Promise<Result<Link, WsDialFailure>> {
	signal.throwIfAborted();
	return new Promise((resolve, reject) => {
		const socket = new WebSocket(url, linkProtocol);
		socket.binaryType = 'arraybuffer';
		const dialling = new AbortController();
		const fail = (what: string) => {
			if (dialling.signal.aborted) return;
			dialling.abort();
			socket.close();
			resolve(err({ type: 'DeviceUnreachable', what }));
		};
		signal.addEventListener(
			'abort',
			() => {
				dialling.abort();
				socket.close();
				reject(signal.reason);
			},
			{ signal: dialling.signal }
		);
		socket.onclose = () => fail('nobody answers');
		socket.onopen = () => {
			dialling.abort();
			resolve(ok(new WsLink(socket, clock)));
		};
		void clock.wait(dialMs, dialling.signal).then(() => fail('nobody answers in time'));
	});
}
