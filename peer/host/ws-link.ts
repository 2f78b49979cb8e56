import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocket, WebSocketServer, type ClientOptions, type RawData } from 'ws';
import { err, invariant, ok, type Result } from '#core/kernel';
import type { Link, LinkEnd, LinkReceiver } from '#core/net';

/** What is spoken over the WebSocket, by the name that the two sides agree on (RFC 6455, section 1.9). */
export const linkProtocol = 'atoll.1';
/** Where a peer takes links. */
export const linkPath = '/link';
const messageBytesMax = 262_144;
/** What the socket may hold before the link is full. */
const bufferBytesMax = 524_288;
/** Of one message; nobody who means well cuts one into small pieces. */
const fragmentsMax = 64;
/** How long a side that has closed waits for the other to take what was sent. */
const lingerMs = 5_000;
const dialMs = 10_000;
/** A link that nobody uses by then is let go of. */
const startWithinMs = 10_000;

/** Why a WebSocket of ours is closed (RFC 6455, section 7.4; from 4000 on they are our own). */
const closeCodes = { link: 4_000, text: 1_003, overload: 1_013 } as const;

/** What any WebSocket of this peer takes. */
export const socketLimits = {
	perMessageDeflate: false,
	maxPayload: messageBytesMax,
	maxFragments: fragmentsMax,
	closeTimeout: lingerMs,
	// Each is answered by its bytes again: below, as long as they are taken.
	autoPong: false
} as const satisfies ClientOptions & { closeTimeout: number; maxFragments: number };

/** How a link ended whose WebSocket was closed by the other side. */
function endOf(code: number, reason: Buffer): LinkEnd {
	const said = /^\d{1,10}$/.test(reason.toString('latin1')) ? Number(reason.toString('latin1')) : Infinity;
	if (code === closeCodes.link && said < 2 ** 31) return { type: 'LinkClosed', by: 'them', code: said };
	return { type: 'LinkLost', what: code === 1_006 ? 'the connection broke' : `the other side ended it with ${code}` };
}

/** An open WebSocket, whoever is at its other end, as a link. */
class WsLink implements Link {
	readonly messageBytesMax = messageBytesMax;
	readonly #socket: WebSocket;
	#receiver: LinkReceiver | null = null;
	/** What came with the end of a socket that nobody had read yet: no more than it buffers. */
	readonly #held: Uint8Array[] = [];
	#isFull = false;
	#end: LinkEnd | null = null;

	constructor(socket: WebSocket) {
		this.#socket = socket;
		socket.binaryType = 'arraybuffer'; // of the message alone, and not a view of what came with it
		socket.pause();
		socket.on('message', (message, isBinary) => this.#take(message, isBinary));
		socket.on('ping', (payload) => {
			if (socket.bufferedAmount < bufferBytesMax) socket.pong(payload);
		});
		socket.on('error', (error) => this.#endWith({ type: 'LinkLost', what: error.message }));
		socket.on('close', (code, reason) => this.#endWith(endOf(code, reason)));
	}

	start(receiver: LinkReceiver): void {
		invariant(this.#receiver === null, 'a link is started once');
		this.#receiver = receiver;
		for (const message of this.#held.splice(0)) if (!this.#isOver()) receiver.onMessage(message);
		if (this.#end !== null) return receiver.onEnd(this.#end);
		this.#socket.resume();
	}

	send(message: Uint8Array): boolean {
		invariant(message.length <= messageBytesMax, 'a message is no longer than the link takes');
		if (this.#end !== null) return false;
		invariant(!this.#isFull, 'nothing is sent while the link is full');
		this.#socket.send(message.slice(), this.#onSent);
		this.#isFull = this.#socket.bufferedAmount >= bufferBytesMax;
		return !this.#isFull;
	}

	close(code: number): void {
		if (this.#end !== null) return;
		this.#leave(closeCodes.link, String(code % 2 ** 31));
		this.#endWith({ type: 'LinkClosed', by: 'us', code });
	}

	readonly #onSent = () => {
		if (!this.#isFull || this.#end !== null || this.#socket.bufferedAmount > bufferBytesMax / 2) return;
		this.#isFull = false;
		this.#receiver?.onReady();
	};

	#isOver(): boolean {
		return this.#end?.type === 'LinkClosed' && this.#end.by === 'us';
	}

	#take(message: RawData, isBinary: boolean): void {
		if (this.#end !== null) return;
		if (!isBinary || !(message instanceof ArrayBuffer)) {
			this.#leave(closeCodes.text, '');
			return this.#endWith({ type: 'LinkLost', what: 'the other side sent text' });
		}
		const bytes = new Uint8Array(message);
		if (this.#receiver === null) this.#held.push(bytes);
		else this.#receiver.onMessage(bytes);
	}

	/** Says it after all that was sent. What still comes is read and thrown away. */
	#leave(code: number, reason: string): void {
		this.#socket.close(code, reason);
		this.#socket.resume();
	}

	#endWith(end: LinkEnd): void {
		if (this.#end !== null) return;
		this.#end = end;
		this.#receiver?.onEnd(end);
	}

	get isStarted(): boolean {
		return this.#receiver !== null;
	}
}

export type WsServer = {
	/** Makes a link of an upgrade that may be one; any other is answered with what is wrong with it. */
	accept(request: IncomingMessage, socket: Duplex, head: Buffer, onLink: (link: Link) => void): void;
	/** Breaks off all of them. */
	close(): void;
};

/** The end of WebSockets that is a server. Whether a request may become one is for who hands it in. */
export function createWsServer(withinMs = startWithinMs): WsServer {
	const server = new WebSocketServer({
		...socketLimits,
		noServer: true,
		handleProtocols: (protocols) => (protocols.has(linkProtocol) ? linkProtocol : false)
	});
	return {
		accept(request, socket, head, onLink) {
			server.handleUpgrade(request, socket, head, (opened) => {
				const link = new WsLink(opened);
				const timer = setTimeout(() => link.isStarted || opened.terminate(), withinMs);
				opened.once('close', () => clearTimeout(timer));
				onLink(link);
			});
		},
		close: () => {
			for (const socket of server.clients) socket.terminate();
			server.close();
		}
	};
}

export type WsDialFailure = { readonly type: 'DeviceUnreachable'; readonly what: string };

/** A link to whoever answers at `url` (`wss://…/link`). Rejects with the reason of `signal`. */
export function dialWs(url: string, signal: AbortSignal): Promise<Result<Link, WsDialFailure>> {
	signal.throwIfAborted();
	return new Promise((resolve, reject) => {
		const socket = new WebSocket(url, linkProtocol, {
			...socketLimits,
			handshakeTimeout: dialMs,
			followRedirects: false
		});
		const onAbort = () => {
			socket.off('error', onError).on('error', () => undefined); // of one that is let go of nobody is told
			socket.terminate();
			reject(signal.reason);
		};
		const onError = (error: Error) => {
			signal.removeEventListener('abort', onAbort);
			resolve(err({ type: 'DeviceUnreachable', what: error.message }));
		};
		signal.addEventListener('abort', onAbort, { once: true });
		socket.once('error', onError);
		socket.once('open', () => {
			signal.removeEventListener('abort', onAbort);
			socket.off('error', onError);
			resolve(ok(new WsLink(socket)));
		});
	});
}
