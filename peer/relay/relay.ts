import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type RawData, type WebSocket } from 'ws';
import {
	challengeBytes,
	heldPlace,
	passHolder,
	printRelayMessage,
	readClientMessage,
	relayCodes,
	relayVersion,
	ticketBytes,
	type ClientMessage,
	type Entitled,
	type RelayMessage
} from '#core/relay';
import { socketLimits, linkProtocol } from '../host/ws-link.ts';
import { relayLimits, type RelayLimits } from './limits.ts';
import { joinRoom, type Room } from './room.ts';
import { endSocket } from './socket-end.ts';

export type Relay = {
	/** Takes an upgrade that may be one. */
	accept(request: IncomingMessage, socket: Duplex, head: Buffer): void;
	/** What there is of it now. */
	readonly counts: { readonly places: number; readonly calls: number; readonly rooms: number };
	/** Breaks off all of it. */
	close(): void;
};

/** Whom a relay serves: who was told a token of it, and the devices of its library; not those that were removed from that. */
export type Admitted = Entitled & { readonly removed: readonly Uint8Array[] };

/** `member`: the key of a device of the relay's library, by which it has its place. */
type Holder = { readonly socket: WebSocket; readonly member: Uint8Array | null; heardMs: number; calls: number };
type Call = { readonly socket: WebSocket; readonly holder: Holder; readonly sinceMs: number };
type Asked = Extract<ClientMessage, { kind: 'call' }>;

const tickMs = 1_000;
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
const say = (socket: WebSocket, message: RelayMessage) => socket.send(printRelayMessage(message));

/** Who is where, and who is joined with whom. Nothing of it outlives its connection. */
class Desk {
	readonly #admits: () => Admitted;
	readonly #limits: RelayLimits;
	readonly #places = new Map<string, Holder>();
	readonly #calls = new Map<string, Call>();
	readonly #rooms = new Map<Room, number>();
	#aliveMs = performance.now();

	constructor(admits: () => Admitted, limits: RelayLimits) {
		this.#admits = admits;
		this.#limits = limits;
	}

	get counts() {
		return { places: this.#places.size, calls: this.#calls.size, rooms: this.#rooms.size };
	}

	/** Greets who has come, and does what they want; they have a few seconds to say it. */
	greet(socket: WebSocket): void {
		const challenge = randomBytes(challengeBytes);
		const timer = setTimeout(() => endSocket(socket, relayCodes.idle), this.#limits.sayWithinMs);
		socket.once('close', () => clearTimeout(timer));
		socket.once('message', (bytes, isBinary) => {
			clearTimeout(timer);
			const message = this.#read(bytes, isBinary);
			if (message?.kind === 'hold') this.#hold(socket, message, challenge);
			else if (message?.kind === 'call') this.#call(socket, message, challenge);
			else if (message?.kind === 'answer') this.#answer(socket, hex(message.ticket));
			else endSocket(socket, relayCodes.wrong);
		});
		say(socket, { kind: 'greeting', version: relayVersion, challenge });
	}

	tick(): void {
		const nowMs = performance.now();
		const { sayWithinMs, idleMs, silentMs, aliveEveryMs } = this.#limits;
		for (const { socket, sinceMs } of this.#calls.values())
			if (nowMs - sinceMs > sayWithinMs) endSocket(socket, relayCodes.nobody);
		for (const [room, movedMs] of this.#rooms) {
			room.tick();
			if (room.hasMoved()) this.#rooms.set(room, nowMs);
			else if (nowMs - movedMs > idleMs) room.end(relayCodes.idle);
		}
		this.#partWithRemoved();
		const isDue = nowMs - this.#aliveMs > aliveEveryMs;
		if (isDue) this.#aliveMs = nowMs;
		for (const { socket, heardMs } of this.#places.values())
			if (nowMs - heardMs > silentMs) endSocket(socket, relayCodes.idle);
			else if (isDue) say(socket, { kind: 'alive' });
	}

	/** Who was let keep a place as a device of the library, and is none any more. */
	#partWithRemoved(): void {
		const holders = [...this.#places.values()].filter(({ member }) => member !== null);
		const members = new Set(holders.length === 0 ? [] : this.#admits().members.map(hex));
		for (const { socket, member } of holders)
			if (member !== null && !members.has(hex(member))) endSocket(socket, relayCodes.refused);
	}

	#read(bytes: RawData, isBinary: boolean): ClientMessage | null {
		return isBinary && Buffer.isBuffer(bytes) ? readClientMessage(bytes) : null;
	}

	#hold(socket: WebSocket, message: Extract<ClientMessage, { kind: 'hold' }>, challenge: Uint8Array): void {
		const held = heldPlace(message, challenge, this.#admits());
		if (held === null) return endSocket(socket, relayCodes.refused);
		const place = hex(held.place);
		const before = this.#places.get(place);
		if (before === undefined && this.#places.size >= this.#limits.placesMax) return endSocket(socket, relayCodes.full);
		if (before !== undefined) endSocket(before.socket, relayCodes.replaced);
		const holder: Holder = { socket, member: held.member, heardMs: performance.now(), calls: 0 };
		this.#places.set(place, holder);
		socket.once('close', () => {
			if (this.#places.get(place) === holder) this.#places.delete(place);
		});
		socket.on('message', (bytes, isBinary) => {
			const said = this.#read(bytes, isBinary);
			if (said?.kind === 'decline') this.#decline(holder, hex(said.ticket));
			else if (said?.kind !== 'alive') return endSocket(socket, relayCodes.wrong);
			holder.heardMs = performance.now();
		});
		say(socket, { kind: 'held' });
	}

	#decline(holder: Holder, ticket: string): void {
		const call = this.#calls.get(ticket);
		if (call?.holder === holder) endSocket(call.socket, relayCodes.nobody);
	}

	#call(socket: WebSocket, { place, pass }: Asked, challenge: Uint8Array): void {
		// Whether others may call, who is called says: this one may not, whether or not that one has heard.
		const isRemoved = passHolder(pass, { use: 'call', about: place, challenge }, this.#admits().removed) !== null;
		if (isRemoved) return endSocket(socket, relayCodes.refused);
		const holder = this.#places.get(hex(place));
		const { callsPerPlaceMax, roomsMax } = this.#limits;
		if (holder === undefined) return endSocket(socket, relayCodes.nobody);
		const isFull = holder.calls >= callsPerPlaceMax || this.#calls.size + this.#rooms.size >= roomsMax;
		if (isFull) return endSocket(socket, relayCodes.full);
		const ticket = randomBytes(ticketBytes);
		const call: Call = { socket, holder, sinceMs: performance.now() };
		holder.calls++;
		this.#calls.set(hex(ticket), call);
		// Nothing is to be said before the other side is there.
		socket.once('message', () => endSocket(socket, relayCodes.wrong));
		socket.once('close', () => this.#endCall(hex(ticket)));
		say(holder.socket, { kind: 'called', ticket, challenge, pass });
	}

	#endCall(ticket: string): Call | null {
		const call = this.#calls.get(ticket) ?? null;
		if (call === null || !this.#calls.delete(ticket)) return null;
		call.holder.calls--;
		return call;
	}

	#answer(socket: WebSocket, ticket: string): void {
		const call = this.#endCall(ticket);
		// A caller who is about to hang up is gone as well.
		if (call?.socket.readyState !== socket.OPEN) return endSocket(socket, relayCodes.nobody);
		call.socket.removeAllListeners('message');
		for (const one of [call.socket, socket]) say(one, { kind: 'joined' });
		const room = joinRoom(call.socket, socket, this.#limits, () => this.#rooms.delete(room));
		this.#rooms.set(room, performance.now());
	}
}

/**
 * Joins devices that call each other by their places, for whom it `admits`, and hands on what they say as it is. Whether a
 * request may come is for who hands it in.
 */
export function createRelay(admits: () => Admitted, limits: Partial<RelayLimits> = {}): Relay {
	const server = new WebSocketServer({
		...socketLimits,
		noServer: true,
		handleProtocols: (protocols) => (protocols.has(linkProtocol) ? linkProtocol : false)
	});
	const desk = new Desk(admits, { ...relayLimits, ...limits });
	const ticking = setInterval(() => desk.tick(), tickMs);
	ticking.unref();
	return {
		accept(request, socket, head) {
			server.handleUpgrade(request, socket, head, (opened) => {
				// `close` tells of the end.
				opened.on('error', () => undefined);
				desk.greet(opened);
			});
		},
		get counts() {
			return desk.counts;
		},
		close: () => {
			clearInterval(ticking);
			for (const socket of server.clients) socket.terminate();
			server.close();
		}
	};
}
