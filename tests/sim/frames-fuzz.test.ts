import { describe, expect, test, vi } from 'vitest';
import { bytesToWire, wireToBytes } from '#core/kernel';
import { createMux, frameToBytes, framesPerMessageMax, muxSettings, readFrame, VarintReader } from '#core/net';
import type { Link, LinkEnd, LinkReceiver, Stream } from '#core/net';
import { heldBytes } from '../held-bytes.ts';
import { isNightly } from '../tier.ts';
import { anyMessage, anyValue } from './any-frame.ts';
import { createSimClock } from './host/clock.ts';
import { CpuTimes, mutated, slowMax } from './fuzz.ts';
import { createSimRandom, testSeed } from './host/random.ts';

vi.setConfig({ testTimeout: isNightly ? 900_000 : 60_000 });
const seed = testSeed('fuzzing of frames');
const { signal } = new AbortController();
/** Of each decoder. */
const decodedMax = isNightly ? 1_000_000 : 50_000;
/** Of a live mux, which has time pass between messages. */
const rounds = isNightly ? 334_000 : 12_000;
describe('decoders that are fed anything', () => {
	test('CBOR: takes it or says what is wrong, and what it takes has no other encoding', () => {
		const random = createSimRandom(seed);
		const times = new CpuTimes();
		let taken = 0;
		for (let round = 0; round < decodedMax; round++) {
			const valid = () => wireToBytes(anyValue(random));
			const bytes = random.chance(0.2) ? random.bytes(random.integer(60)) : mutated(random, valid());
			times.of(() => {
				const read = bytesToWire(bytes);
				if (!read.ok) return;
				taken++;
				if (Buffer.compare(wireToBytes(read.value), bytes) !== 0) throw new Error(`seed ${seed}, round ${round}`);
			});
		}
		expect(taken).toBeGreaterThan(decodedMax / 10);
		expect(times.slow).toBeLessThanOrEqual(slowMax);
	});

	test('frames: takes them or says the code, and what it takes has no other encoding', () => {
		const random = createSimRandom(seed + 1);
		const times = new CpuTimes();
		let taken = 0;
		for (let round = 0; round < decodedMax; round++) {
			const message = anyMessage(random);
			const again: Uint8Array[] = [];
			let isWhole = true;
			times.of(() => {
				const reader = new VarintReader(message);
				for (let count = 0; !reader.isAtEnd && isWhole && count < framesPerMessageMax; count++) {
					const frame = readFrame(reader);
					isWhole = frame.ok && frame.value.type !== 'settings'; // of which those that are not known are left out
					if (frame.ok) again.push(frameToBytes(frame.value));
				}
			});
			if (!isWhole) continue;
			taken++;
			expect(Buffer.compare(Buffer.concat(again), message), `seed ${seed + 1}, round ${round}`).toBe(0);
		}
		expect(taken).toBeGreaterThan(decodedMax / 10);
		expect(times.slow).toBeLessThanOrEqual(slowMax);
	});
});

/** A link whose other side is the test. */
class OpenLink implements Link {
	readonly messageBytesMax = 65_536;
	readonly sent: Uint8Array[] = [];
	isFull = false;
	#receiver: LinkReceiver | null = null;
	start(receiver: LinkReceiver): void {
		this.#receiver = receiver;
	}
	send(message: Uint8Array): boolean {
		this.sent.push(message.slice());
		return !this.isFull;
	}
	close(code: number): void {
		const receiver = this.#receiver;
		this.#receiver = null;
		receiver?.onEnd({ type: 'LinkClosed', by: 'us', code });
	}
	say(message: Uint8Array): void {
		this.#receiver?.onMessage(message);
	}
	drain(): void {
		this.isFull = false;
		this.#receiver?.onReady();
	}
}

const settings = { ...muxSettings, windowBytes: 4_000, streamWindowBytes: 1_000, streamsMax: 5 };
const hello = frameToBytes({ type: 'settings', settings: { ...settings, version: 1 } });

function liveMux(onStream: (stream: Stream) => void = () => undefined, own = settings) {
	const link = new OpenLink();
	const mux = createMux(link, { role: 'client', settings: own, clock: createSimClock(), onStream });
	const life: { end: LinkEnd | null } = { end: null };
	void mux.ended.then((end) => (life.end = end));
	link.say(hello);
	return { link, mux, life };
}

describe('a live mux that is fed anything', () => {
	test('ends with a code or goes on, holding no more than its window', async () => {
		const random = createSimRandom(seed + 2);
		const use = (stream: Stream) => {
			const does = random.integer(4);
			if (does === 0) stream.close(random.integer(500));
			if (does === 1) void stream.read(signal).then(() => stream.end(signal));
			if (does === 2) void stream.write(random.bytes(3_000), signal).then(() => stream.read(signal));
		};
		const times = new CpuTimes();
		let [closed, wentOn] = [0, 0];
		let live = liveMux(use);
		for (let round = 0; round < rounds; round++) {
			const { link, mux, life } = live;
			if (random.chance(0.02))
				void mux.open('fuzz/2', 'normal', signal).then((stream) => stream.ok && use(stream.value));
			const message = anyMessage(random);
			times.of(() => link.say(message));
			link.isFull = random.chance(0.1);
			if (random.chance(0.5)) link.drain();
			if (mux.heldBytes > settings.windowBytes) throw new Error(`seed ${seed + 2}, round ${round}: holds too much`);
			if (round % 16 === 0) await Promise.resolve();
			await Promise.resolve();
			if (life.end === null) {
				wentOn++;
				link.sent.length = 0;
			} else {
				if (life.end.type !== 'LinkClosed') throw new Error(`seed ${seed + 2}, round ${round}: ${life.end.type}`);
				closed++;
				live = liveMux(use);
			}
		}
		expect(closed).toBeGreaterThan(rounds / 100);
		expect(wentOn).toBeGreaterThan(rounds / 100);
		expect(times.slow).toBeLessThanOrEqual(slowMax);
	});

	test('lets nothing pile up for a peer that asks and never reads', () => {
		const { link } = liveMux((stream) => stream.close(0x100));
		link.isFull = true;
		link.say(frameToBytes({ type: 'ping' })); // whose answer fills the link
		link.sent.length = 0;
		for (let round = 0; round < 10_000; round++) {
			link.say(frameToBytes({ type: 'ping' }));
			const id = 1 + 4 * Math.floor(round / 3);
			link.say(frameToBytes({ type: 'open', id, priority: 'bulk', kind: 'fuzz/1' }));
			link.say(frameToBytes({ type: 'stream', id, offset: 0, isLast: true, bytes: new Uint8Array(1) }));
		}
		expect(link.sent).toEqual([]);
		link.drain();
		expect(Buffer.concat(link.sent).length).toBeLessThan(1_000);
	});

	test.each([
		['single bytes', 1],
		['small pieces', 17],
		['pieces at the end of long messages', 40]
	])('holds a window full of %s in no more than twice its size', (_, pieceBytes) => {
		const windowBytes = 262_144;
		const { link, mux } = liveMux(undefined, { ...settings, windowBytes, streamWindowBytes: windowBytes / 4 });
		for (const id of [1, 5, 9, 13]) link.say(frameToBytes({ type: 'open', id, priority: 'bulk', kind: 'fuzz/1' }));
		const before = heldBytes();
		let offset = 0;
		for (; offset + pieceBytes <= windowBytes / 4; offset += pieceBytes)
			for (const id of [1, 5, 9, 13]) {
				const frame = frameToBytes({ type: 'stream', id, offset, isLast: false, bytes: new Uint8Array(pieceBytes) });
				const message = pieceBytes === 40 ? new Uint8Array(4_096) : frame;
				message.set(frame, message.length - frame.length);
				link.say(pieceBytes === 40 ? message.subarray(message.length - frame.length) : message);
			}
		expect(mux.heldBytes).toBe(4 * offset);
		expect(heldBytes() - before).toBeLessThan(2 * windowBytes);
	});
});
