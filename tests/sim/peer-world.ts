import { secureLink, type Link, type SecureOptions } from '#core/net';
import { linkToChannel } from './host/channel.ts';
import { createSimClock, type SimClock } from './host/clock.ts';
import { createSimLink, type SimLinkPair } from './host/network.ts';
import { createSimRandom, type SimRandom } from './host/random.ts';
import { readyOrigin, SimPeer, type HeardBatch } from './peer.ts';
import type { Deed } from './peer-person.ts';
import type { RegisterManner } from './register-domain.ts';

/** What can happen in a world; each step makes sense, or does nothing, whatever went before. */
export type Step =
	| { readonly do: 'write'; readonly peer: number; readonly key: string; readonly value: string | null }
	/** A device of a version to come says what others do not understand. */
	| { readonly do: 'say-later'; readonly peer: number; readonly which: number }
	/** Somebody at a device does something. */
	| { readonly do: 'act'; readonly peer: number; readonly deed: Deed; readonly which: number }
	| { readonly do: 'wait'; readonly ms: number }
	| { readonly do: 'cut' | 'silence'; readonly link: number }
	/** Devices whose bits differ do not hear one another. */
	| { readonly do: 'part'; readonly bits: number }
	| { readonly do: 'heal' }
	| { readonly do: 'skew'; readonly peer: number; readonly aheadMs: number }
	| { readonly do: 'stop'; readonly peer: number; readonly how: 'power' | 'kill' }
	/** The power goes in the middle of one of the next operations of the disk. */
	| { readonly do: 'lose'; readonly peer: number; readonly operations: number }
	| { readonly do: 'start'; readonly peer: number }
	/** A device hears again, late, what some device was told before. */
	| { readonly do: 'repeat'; readonly peer: number; readonly nth: number };

export type WorldOptions = {
	readonly seed: number;
	readonly peers: number;
	/** Who dials whom; else everyone everyone. */
	readonly links?: readonly (readonly [number, number])[];
	readonly manner?: RegisterManner;
	readonly hasPeople?: boolean;
	/** Devices of a version to come: they say more than the others know of, and speak their version as well. */
	readonly later?: readonly number[];
	/** Whether lines are secured by the keys of the devices, as those are that carry nothing safely by themselves. */
	readonly isSecure?: boolean;
	/** Sees every message as it passes, as somebody on the way would. */
	readonly onSend?: (message: Uint8Array) => void;
};

/** Milliseconds that a deed may take before the next begins. */
const patienceTurns = 2_000;
/** Batches that are kept to be told again. */
const heardMax = 200;
/** Within this of the last trouble all are level. */
export const settleMs = 30_000;
/** How far the clocks of people's devices differ on a good day. */
const calmAheadMs = 60_000;

type Line = {
	readonly ends: readonly [SimPeer, SimPeer];
	readonly bits: readonly [number, number];
	link: SimLinkPair | null;
};

function everyPair(peers: number): [number, number][] {
	const pairs: [number, number][] = [];
	for (let a = 0; a < peers; a++) for (let b = a + 1; b < peers; b++) pairs.push([a, b]);
	return pairs;
}

/** Many devices with one library, on one virtual clock, and the lines between them. */
export class PeerWorld {
	readonly clock: SimClock = createSimClock();
	readonly peers: readonly SimPeer[];
	/** Bytes and messages of all lines. */
	readonly sent = { bytes: 0, messages: 0 };
	readonly #random: SimRandom;
	readonly #lines: readonly Line[];
	readonly #heard: HeardBatch[] = [];
	readonly #life = new AbortController();
	readonly #isSecure: boolean;
	readonly #onSend: (message: Uint8Array) => void;
	#parted = 0;

	constructor(options: WorldOptions) {
		const { seed, peers, links = everyPair(peers), manner = 'sound', hasPeople = false } = options;
		this.#isSecure = options.isSecure ?? false;
		this.#onSend = options.onSend ?? (() => undefined);
		this.#random = createSimRandom(seed);
		const onBatch = (heard: HeardBatch) => {
			if (this.#heard.length < heardMax) this.#heard.push(heard);
		};
		this.peers = Array.from(
			{ length: peers },
			(_, n) =>
				new SimPeer(n, this.clock, { seed, manner, hasPeople, onBatch, isLater: options.later?.includes(n) ?? false })
		);
		this.#lines = links.map(([a, b]) => ({ ends: [this.#peer(a), this.#peer(b)], bits: [a, b], link: null }));
	}

	async begin(): Promise<void> {
		await readyOrigin(); // what takes time outside of this world would count among what a start may take
		for (const { ends } of this.#lines) {
			ends[0].paired.push(ends[1]);
			ends[1].paired.push(ends[0]);
		}
		for (const peer of this.peers) await this.#while(peer.start());
		for (const line of this.#lines) void this.#dial(line);
	}

	async take(step: Step): Promise<void> {
		switch (step.do) {
			case 'write':
				this.#peer(step.peer).write(step.key, step.value);
				break;
			case 'say-later':
				this.#peer(step.peer).sayLater(step.which);
				break;
			case 'act':
				await this.#while(this.#peer(step.peer).act(step.deed, step.which));
				break;
			case 'wait':
				await this.clock.advance(step.ms);
				break;
			case 'cut':
			case 'silence':
				this.#trouble(this.#lines[step.link % this.#lines.length], step.do);
				break;
			case 'part':
				this.#parted = step.bits;
				for (const line of this.#lines) if (!this.#isInReach(line)) this.#trouble(line, 'silence');
				break;
			case 'heal':
				this.#parted = 0;
				break;
			case 'skew': {
				const { clock } = this.#peer(step.peer);
				clock.setNow(this.clock.nowMs() + step.aheadMs);
				break;
			}
			case 'stop':
				this.#stop(this.#peer(step.peer), step.how);
				break;
			case 'lose': {
				const { disk, core } = this.#peer(step.peer);
				if (core !== null) disk.powerLossAt = disk.operations + step.operations;
				break;
			}
			case 'start':
				await this.#while(this.#peer(step.peer).start());
				break;
			case 'repeat': {
				const heard = this.#heard[step.nth % Math.max(1, this.#heard.length)];
				if (heard !== undefined) this.#peer(step.peer).hear(heard);
			}
		}
		for (const peer of this.peers) if (peer.isDead) this.#stop(peer, 'power');
	}

	/** All trouble ends: everyone is there and in reach, with clocks that are nearly right. Then time passes. */
	async settle(): Promise<void> {
		this.#parted = 0;
		// Time passes while the first of them start: nobody is to lose its power by then.
		for (const { disk } of this.peers) disk.powerLossAt = null;
		for (const peer of this.peers) {
			if (peer.isDead) this.#stop(peer, 'power');
			peer.clock.setNow(this.clock.nowMs() + this.#random.integer(calmAheadMs));
			await this.#while(peer.start());
		}
		await this.clock.advance(settleMs);
	}

	async close(): Promise<void> {
		this.#life.abort();
		const closing = Promise.all(this.peers.map(async ({ core }) => core?.close()));
		await this.clock.advance(5_000);
		await closing;
	}

	/** Lets time pass until `work` has ended; what waits for longer than people do goes on by itself. */
	async #while(work: Promise<void>): Promise<void> {
		let hasEnded = false;
		const ended = work.finally(() => (hasEnded = true));
		for (let turns = 0; turns < patienceTurns && !hasEnded; turns++) await this.clock.advance(1);
		if (hasEnded) await ended;
	}

	#peer(n: number): SimPeer {
		const peer = this.peers[n % this.peers.length];
		if (peer === undefined) throw new Error('a world has devices');
		return peer;
	}

	#isInReach({ ends, bits }: Line): boolean {
		const [a, b] = bits.map((bit) => (this.#parted >> bit) & 1);
		return a === b && ends.every(({ core }) => core !== null);
	}

	/** Keeps a line up: as soon as either side has given it up, there is another one. */
	async #dial(line: Line): Promise<void> {
		const { signal } = this.#life;
		const [a, b] = line.ends;
		while (!signal.aborted) {
			await this.clock.wait(100 + this.#random.integer(900), signal);
			if (signal.aborted || !this.#isInReach(line)) continue;
			line.link = createSimLink(this.clock, this.#random, {
				delayMs: [1, 1 + this.#random.integer(200)],
				messageBytesMax: 2 ** 21,
				onSend: (message) => {
					this.sent.bytes += message.length;
					this.sent.messages++;
					this.#onSend(message);
				}
			});
			const ends = this.#isSecure ? await this.#secure(line, line.link.ends) : line.link.ends;
			if (ends === null) continue;
			const [near, far] = ends;
			await Promise.race([a.talk(b.device, linkToChannel(near)), b.talk(a.device, linkToChannel(far))]);
		}
	}

	/** Both ends once each has proved to be the device that it is, or null where that came to nothing. */
	async #secure({ ends: [a, b] }: Line, [near, far]: readonly [Link, Link]): Promise<readonly [Link, Link] | null> {
		const { signal } = this.#life;
		const shared = { clock: this.clock, random: this.#random, aead: null, binding: new Uint8Array(0) };
		const isOf = (peer: SimPeer) => (key: Uint8Array) => Buffer.compare(key, peer.channelKeys.public) === 0;
		const dialling = { role: 'initiator', pattern: 'XK', responder: b.channelKeys.public } as const;
		const answering: SecureOptions['side'] = { role: 'responder', patterns: ['XK'], psk: null };
		const [one, other] = await Promise.all([
			secureLink(near, { ...shared, side: dialling, own: a.channelKeys, isWelcome: isOf(b) }, signal),
			secureLink(far, { ...shared, side: answering, own: b.channelKeys, isWelcome: isOf(a) }, signal)
		]);
		return one.ok && other.ok ? [one.value.link, other.value.link] : null;
	}

	#trouble(line: Line | undefined, how: 'cut' | 'silence'): void {
		if (how === 'cut') line?.link?.cut();
		else line?.link?.silence();
	}

	#stop(peer: SimPeer, how: 'power' | 'kill'): void {
		// A program that ends has its lines cut; of a machine without power nobody hears anything.
		for (const line of this.#lines)
			if (line.ends.includes(peer)) this.#trouble(line, how === 'kill' ? 'cut' : 'silence');
		peer.stop(how);
	}
}
