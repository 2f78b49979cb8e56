import { randomBytes } from 'node:crypto';
import { openBeacon, sealBeacon, type Beacon } from '#core/devices';
import type { DeviceId } from '#core/kernel';
import type { ClockPort, RandomPort } from '#core/ports';
import { printAnswer, printQuestion, readMessage } from './dns-message.ts';
import { createMulticast, type Multicast } from './multicast.ts';

export type NearbyInput = {
	readonly clock: ClockPort;
	readonly random: RandomPort;
	/** What the devices of the library have in common; null while it is not open. */
	readonly libraryKey: () => Uint8Array | null;
	/** This device, once it has a name among others; null while there is nobody to find. */
	readonly own: () => Promise<DeviceId | null>;
	/** Where this device is reached now, the best first; none where it is not. */
	readonly addresses: () => Promise<readonly string[]>;
	/** The port that strangers are told of, of one of `addresses`. */
	readonly port: number;
	/** A device of the library has called; it may be this one. */
	readonly onHeard: (beacon: Beacon) => void;
	/** Of tests. */
	readonly multicast?: (onMessage: (bytes: Buffer) => void) => Multicast;
};

/** How often it is looked whether this machine has other addresses. */
const lookMs = 5_000;
/** What is asked and called at the beginning may get lost: so many times, each of them later (RFC 6762, 8.3). */
const repeatsAtMs = [0, 1_000, 3_000, 9_000] as const;
/** And then again, for whoever was away. */
const againMs = 60_000;
/** An answer goes to all, so not more than one a second is needed (RFC 6762, 6). */
const answerEveryMs = 1_000;
/** Whose key fits is found out by trying: of more than these in a second nobody looks. */
const callsPerSecondMax = 200;

/**
 * Finds devices of the library in the networks around this machine, and is found by them. Others see that there is an Atoll,
 * and where, under a name that is drawn anew for each answer.
 */
export function watchNearby(input: NearbyInput): { close(): void } {
	const { clock, random } = input;
	let answeredMs = -Infinity;
	let isAnswering = false;
	let repeats: number[] = [];
	let heard = { sinceMs: 0, calls: 0 };
	const multicast = (input.multicast ?? createMulticast)(take);

	async function answer(): Promise<void> {
		if (isAnswering || clock.elapsedMs() - answeredMs < answerEveryMs) return;
		isAnswering = true;
		try {
			const [device, addresses, key] = [await input.own(), await input.addresses(), input.libraryKey()];
			if (device === null || key === null || addresses.length === 0) return;
			answeredMs = clock.elapsedMs();
			const bytes = sealBeacon(key, { device, addresses, atMs: clock.nowMs() }, random);
			const instance = randomBytes(8).toString('hex');
			multicast.send((address) => printAnswer({ instance, port: input.port, address, bytes }));
		} finally {
			isAnswering = false;
		}
	}

	function take(message: Buffer): void {
		const said = readMessage(message);
		if (said === null) return;
		if (said.asks) void answer();
		const nowMs = clock.elapsedMs();
		if (nowMs - heard.sinceMs > 1_000) heard = { sinceMs: nowMs, calls: 0 };
		const key = input.libraryKey();
		for (const call of said.calls) {
			if (key === null || ++heard.calls > callsPerSecondMax) return;
			const beacon = openBeacon(key, call, clock.nowMs());
			if (beacon !== null) input.onHeard(beacon);
		}
	}

	async function look(): Promise<void> {
		if ((await input.own()) === null) return;
		const nowMs = clock.elapsedMs();
		if (multicast.refresh()) repeats = repeatsAtMs.map((atMs) => nowMs + atMs);
		const due = repeats.filter((atMs) => atMs <= nowMs).length;
		if (due === 0) return;
		repeats.splice(0, due);
		if (repeats.length === 0) repeats.push(nowMs + againMs);
		multicast.send(printQuestion);
		await answer();
	}

	const looking = setInterval(() => void look(), lookMs);
	looking.unref();
	void look();
	return {
		close: () => {
			clearInterval(looking);
			multicast.close();
		}
	};
}
