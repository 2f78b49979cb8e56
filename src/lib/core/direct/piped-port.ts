import { err, invariant, ok, type Result } from '#core/kernel';
import { closeCodes, type Link, type LinkEnd, type LinkReceiver } from '#core/net';
import type { DirectCarrier, DirectFailure, DirectPort, DirectServer } from './direct-port.ts';
import type { FromMaker, Pipe, ToMaker } from './pipe.ts';

/** What data channels of all browsers take (RFC 8831, section 6.6). */
const messageBytesMax = 65_536;
/** What may be under way to whoever makes the connection, before the link is full. */
const bufferBytesMax = 1_048_576;
/** Nobody can be told to send no more; who sends so much to a link that nobody has started ends it. */
const heldBytesMax = 4 * 1_048_576;

type CorePipe = Pipe<FromMaker, ToMaker>;

/** A connection that somebody else holds, as a link. */
class PipedLink implements Link {
	readonly messageBytesMax = messageBytesMax;
	readonly #pipe: CorePipe;
	readonly #held: Uint8Array[] = [];
	#heldBytes = 0;
	#underWayBytes = 0;
	#receiver: LinkReceiver | null = null;
	#isFull = false;
	#end: LinkEnd | null = null;

	constructor(pipe: CorePipe) {
		this.#pipe = pipe;
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
		this.#underWayBytes += message.length;
		this.#pipe.post({ type: 'data', bytes: message.slice() });
		this.#isFull = this.#underWayBytes >= bufferBytesMax;
		return !this.#isFull;
	}

	close(code: number): void {
		if (this.#end !== null) return;
		this.#pipe.post({ type: 'close', code });
		this.#endWith({ type: 'LinkClosed', by: 'us', code });
	}

	take(message: FromMaker): void {
		if (this.#end !== null) return;
		if (message.type === 'end') this.#endWith(message.end);
		else if (message.type === 'room') this.#makeRoom(message.bytes);
		else if (message.type === 'data') this.#takeData(message.bytes);
	}

	#makeRoom(bytes: number): void {
		this.#underWayBytes -= bytes;
		if (!this.#isFull || this.#underWayBytes > bufferBytesMax / 2) return;
		this.#isFull = false;
		this.#receiver?.onReady();
	}

	#takeData(bytes: Uint8Array): void {
		if (this.#receiver !== null) return this.#receiver.onMessage(bytes);
		this.#heldBytes += bytes.length;
		if (this.#heldBytes > heldBytesMax) return this.close(closeCodes.protocol);
		this.#held.push(bytes);
	}

	#isOver(): boolean {
		return this.#end?.type === 'LinkClosed' && this.#end.by === 'us';
	}

	#endWith(end: LinkEnd): void {
		this.#end = end;
		this.#receiver?.onEnd(end);
	}
}

/** What came of asking for a connection. */
function opened(pipe: CorePipe, talk: Parameters<DirectPort['connect']>[1], signal: AbortSignal) {
	return new Promise<Result<DirectCarrier, DirectFailure>>((resolve, reject) => {
		const link = new PipedLink(pipe);
		const stop = () => {
			pipe.post({ type: 'stop' });
			pipe.close();
			reject(signal.reason);
		};
		signal.addEventListener('abort', stop, { once: true });
		pipe.hear((message) => {
			if (message.type === 'signal') return talk.say(message.signal);
			link.take(message);
			if (message.type !== 'open' && message.type !== 'end') return;
			signal.removeEventListener('abort', stop);
			if (message.type === 'end') {
				pipe.close();
				const what = message.end.type === 'LinkLost' ? message.end.what : 'it was closed';
				return resolve(err({ type: 'DirectFailed', what }));
			}
			const { own, theirs } = message;
			resolve(ok({ link, fingerprints: { own, theirs }, drop: () => pipe.post({ type: 'stop' }) }));
		});
	});
}

/**
 * Has connections made at the other end of a pipe, as the core's own thread can make none. `open` gives a new one, or null
 * where nobody makes any; `servers` are asked for ways through routers.
 */
export function createPipedPort(
	open: (signal: AbortSignal) => Promise<CorePipe | null>,
	servers: () => readonly DirectServer[]
): DirectPort {
	return {
		connect: async (side, talk, signal) => {
			const pipe = await open(signal);
			signal.throwIfAborted();
			if (pipe === null) return err({ type: 'DirectFailed', what: 'this device makes no connections' });
			const made = opened(pipe, talk, signal);
			pipe.post({ type: 'begin', side, servers: servers() });
			void (async () => {
				for (let word = await talk.hear(); word !== null; word = await talk.hear())
					pipe.post({ type: 'signal', signal: word });
			})();
			return made;
		}
	};
}
