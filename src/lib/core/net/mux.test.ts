import { describe, expect, test } from 'vitest';
import { closeCodes, createMessages, createMux, frameToBytes, muxSettings } from '#core/net';
import type { Frame, Link, LinkEnd, Mux, MuxSettings, Stream } from '#core/net';
import { createSimClock } from '../../../../tests/sim/host/clock.ts';
import { createSimLink, type SimLinkOptions } from '../../../../tests/sim/host/network.ts';
import { createSimRandom } from '../../../../tests/sim/host/random.ts';

const { signal } = new AbortController();
const settings = { ...muxSettings, windowBytes: 80_000, streamWindowBytes: 10_000, streamsMax: 4 };
const bytesOf = (length: number, from = 0) => Uint8Array.from({ length }, (_, at) => (at + from) % 251);

/** What others opened, in order. */
class Accepted {
	readonly #come: Stream[] = [];
	#wake: () => void = () => undefined;
	readonly take = (stream: Stream): void => {
		this.#come.push(stream);
		this.#wake();
	};
	async next(): Promise<Stream> {
		for (;;) {
			const stream = this.#come.shift();
			if (stream !== undefined) return stream;
			await new Promise<void>((resolve) => (this.#wake = resolve));
		}
	}
}

function join(own: Partial<MuxSettings> = {}, options: SimLinkOptions = {}) {
	const clock = createSimClock();
	const link = createSimLink(clock, createSimRandom(1), options);
	const accepted = new Accepted();
	const of = (role: 'client' | 'server', at: 0 | 1) =>
		createMux(link.ends[at], { role, settings: { ...settings, ...own }, clock, onStream: accepted.take });
	return { clock, link, accepted, client: of('client', 0), server: of('server', 1) };
}

async function opened(mux: Mux, priority: 'control' | 'normal' | 'bulk' = 'normal'): Promise<Stream> {
	const stream = await mux.open('echo/1', priority, signal);
	if (!stream.ok) throw new Error(stream.failure.type);
	return stream.value;
}

async function readAll(stream: Stream): Promise<Uint8Array> {
	const pieces: Uint8Array[] = [];
	for (;;) {
		const read = await stream.read(signal);
		if (!read.ok) throw new Error(read.failure.type);
		if (read.value === null) return Buffer.concat(pieces);
		pieces.push(read.value);
	}
}

/** A side that says what a test has it say, to one that keeps to the rules. */
function withForger() {
	const clock = createSimClock();
	const link = createSimLink(clock, createSimRandom(1));
	const [end, forger] = link.ends;
	const accepted = new Accepted();
	const mux = createMux(end, { role: 'client', settings, clock, onStream: accepted.take });
	forger.start({ onMessage: () => undefined, onReady: () => undefined, onEnd: () => undefined });
	const say = (...frames: readonly Frame[]) => void forger.send(Buffer.concat(frames.map(frameToBytes)));
	const hello: Frame = { type: 'settings', settings: { ...settings, version: 1 } };
	return { mux, forger, accepted, say, hello, clock };
}

const open = (id: number, kind = 'echo/1'): Frame => ({ type: 'open', id, priority: 'normal', kind });
const data = (id: number, offset: number, length: number, isLast = false): Frame => ({
	type: 'stream',
	id,
	offset,
	isLast,
	bytes: bytesOf(length)
});

describe('streams', () => {
	test('carry bytes both ways, whole and in order, far beyond their windows', async () => {
		const { client, accepted } = join();
		const ours = await opened(client);
		const [there, back] = [bytesOf(200_000), bytesOf(150_000, 7)];
		const theirs = accepted.next();
		const writing = ours.write(there, signal).then(() => ours.end(signal));
		const answering = theirs.then((stream) => stream.write(back, signal).then(() => stream.end(signal)));
		const [gotBack, gotThere] = await Promise.all([readAll(ours), theirs.then(readAll)]);
		expect(await writing).toEqual({ ok: true, value: undefined });
		expect(await answering).toEqual({ ok: true, value: undefined });
		expect(Buffer.compare(gotThere, there)).toBe(0);
		expect(Buffer.compare(gotBack, back)).toBe(0);
	});

	test('have the kind and priority that they were opened with', async () => {
		const { server, accepted } = join();
		await server.open('sync/1', 'control', signal);
		expect(await accepted.next()).toMatchObject({ id: 1, kind: 'sync/1', priority: 'control' });
	});

	test('a reader that stalls stops its writer at the window, while others pass', async () => {
		const { client, accepted, server } = join();
		const stalled = await opened(client);
		let isWritten = false;
		void stalled.write(bytesOf(50_000), signal).then(() => (isWritten = true));
		await accepted.next();
		const passing = await opened(client);
		const theirs = await accepted.next();
		void passing.write(bytesOf(500_000), signal).then(() => passing.end(signal));
		expect((await readAll(theirs)).length).toBe(500_000);
		expect(isWritten).toBe(false);
		expect(server.heldBytes).toBe(settings.streamWindowBytes);
	});

	test('control passes although bulk that nobody reads has used up the rest of the link', async () => {
		const { client, accepted, server } = join({ windowBytes: 16_000 });
		for (let n = 0; n < 2; n++) void (await opened(client, 'bulk')).write(bytesOf(20_000), signal);
		await accepted.next();
		await accepted.next();
		const control = await opened(client, 'control');
		const theirs = await accepted.next();
		void control.write(bytesOf(100_000), signal).then(() => control.end(signal));
		expect((await readAll(theirs)).length).toBe(100_000);
		expect(server.heldBytes).toBe(14_000);
	});

	test('of one priority take turns, control goes first', async () => {
		const order: string[] = [];
		const onSend = (message: Uint8Array, by: 0 | 1) => {
			if (by === 0 && (message[0] === 0x0c || message[0] === 0x0d)) order.push(String(message[1]));
		};
		const { client } = join({ streamWindowBytes: 80_000, messageBytesMax: 1_024 }, { bufferBytesMax: 1, onSend });
		const [one, two, control] = [await opened(client), await opened(client), await opened(client, 'control')];
		await Promise.all([
			one.write(bytesOf(3_000), signal),
			two.write(bytesOf(3_000), signal),
			control.write(bytesOf(1_500), signal)
		]);
		expect(order).toEqual(['8', '8', '0', '4', '0', '4', '0', '4']);
	});

	test('are no more at once than the other side allows, and one more when one has ended', async () => {
		const { client, accepted } = join();
		const four = [await opened(client), await opened(client), await opened(client), await opened(client)];
		let isFifth = false;
		const fifth = opened(client).then((stream) => {
			isFifth = true;
			return stream;
		});
		const [first] = [await accepted.next()];
		await four[1]?.end(signal);
		expect(isFifth).toBe(false);
		first.close(0x100);
		expect(await four[0]?.read(signal)).toEqual({ ok: false, failure: { type: 'StreamReset', code: 0x100 } });
		four[0]?.close(0);
		expect((await fifth).id).toBe(16);
	});

	test('closed on one side, tell the other on its next write and its next read', async () => {
		const { client, accepted } = join();
		const ours = await opened(client);
		const theirs = await accepted.next();
		theirs.close(0x123);
		const reset = { ok: false, failure: { type: 'StreamReset', code: 0x123 } };
		expect(await ours.read(signal)).toEqual(reset);
		expect(await ours.write(bytesOf(1), signal)).toEqual({
			ok: false,
			failure: { type: 'StreamStopped', code: 0x123 }
		});
		expect(await theirs.read(signal)).toEqual({ ok: false, failure: { type: 'StreamClosed' } });
		expect(await theirs.write(bytesOf(1), signal)).toEqual({ ok: false, failure: { type: 'StreamClosed' } });
	});

	test('give back the credit of what is thrown away', async () => {
		const { client, accepted, server } = join({ windowBytes: 16_000 });
		for (let round = 0; round < 20; round++) {
			const stream = await opened(client);
			void stream.write(bytesOf(10_000), signal);
			const theirs = await accepted.next();
			await theirs.read(signal);
			theirs.close(0x100);
			expect((await stream.read(signal)).ok).toBe(false);
		}
		const last = await opened(client);
		void last.write(bytesOf(40_000), signal).then(() => last.end(signal));
		expect((await readAll(await accepted.next())).length).toBe(40_000);
		expect(server.heldBytes).toBe(0);
	});
});

describe('called off', () => {
	const late = async <T>(
		work: (signal: AbortSignal) => Promise<T>,
		before: () => Promise<unknown>
	): Promise<unknown> => {
		const controller = new AbortController();
		const caught = work(controller.signal).catch((reason: unknown) => reason);
		await before();
		controller.abort('enough');
		return caught;
	};

	test('a read loses nothing', async () => {
		const { client, accepted } = join();
		const ours = await opened(client);
		const theirs = await accepted.next();
		expect(
			await late(
				(until) => theirs.read(until),
				async () => undefined
			)
		).toBe('enough');
		void ours.write(bytesOf(5), signal);
		expect(await theirs.read(signal)).toEqual({ ok: true, value: bytesOf(5) });
	});

	test('a write leaves its direction reset', async () => {
		const { client, accepted, clock } = join();
		const ours = await opened(client);
		const theirs = await accepted.next();
		expect(
			await late(
				(until) => ours.write(bytesOf(50_000), until),
				() => clock.wait(0, signal)
			)
		).toBe('enough');
		for (let read = await theirs.read(signal); read.ok; read = await theirs.read(signal));
		expect(await theirs.read(signal)).toEqual({
			ok: false,
			failure: { type: 'StreamReset', code: closeCodes.cancelled }
		});
	});

	test('an opening opens nothing', async () => {
		const { client } = join({ streamsMax: 0 });
		expect(
			await late(
				(until) => client.open('echo/1', 'bulk', until),
				async () => undefined
			)
		).toBe('enough');
	});
});

describe('the end', () => {
	test('is told to both with its code, after all that was written', async () => {
		const { client, server, accepted } = join();
		const ours = await opened(client);
		await ours.write(bytesOf(9_000), signal);
		await ours.end(signal);
		client.close(0x105);
		expect(await client.ended).toEqual({ type: 'LinkClosed', by: 'us', code: 0x105 });
		const theirs = await accepted.next();
		expect(await server.ended).toEqual({ type: 'LinkClosed', by: 'them', code: 0x105 });
		expect((await readAll(theirs)).length).toBe(9_000);
		const failure = { type: 'LinkClosed', by: 'them', code: 0x105 };
		expect(await theirs.write(bytesOf(1), signal)).toEqual({ ok: false, failure });
		expect(await server.open('echo/1', 'bulk', signal)).toEqual({ ok: false, failure });
		expect(await server.ping(signal)).toEqual({ ok: false, failure });
	});

	test('of a link that was cut comes to whoever waits', async () => {
		const { client, server, link, accepted } = join();
		const ours = await opened(client);
		const theirs = await accepted.next();
		const waiting = [ours.read(signal), theirs.read(signal), ours.write(bytesOf(90_000), signal)];
		link.cut();
		const lost: LinkEnd = { type: 'LinkLost', what: 'the link was cut' };
		expect([await client.ended, await server.ended]).toEqual([lost, lost]);
		for (const result of await Promise.all(waiting)) expect(result.ok).toBe(false);
	});

	test('of a link that fell silent is found out by both', async () => {
		const { client, server, link, clock } = join({ pingAfterMs: 1_000 });
		await clock.advance(60_000);
		expect((await client.ping(signal)).ok).toBe(true);
		link.silence();
		await clock.advance(5_000);
		const lost: LinkEnd = { type: 'LinkLost', what: 'the other side is silent' };
		expect([await client.ended, await server.ended]).toEqual([lost, lost]);
		expect(clock.waiting).toBe(0);
	});

	test('a link on which nothing happens takes less than 1 kB a minute', async () => {
		let bytes = 0;
		const { clock, client } = join({}, { onSend: (message) => void (bytes += message.length) });
		await client.ping(signal);
		bytes = 0;
		await clock.advance(60_000);
		expect(bytes).toBeGreaterThan(0);
		expect(bytes).toBeLessThan(50);
	});
});

test('the settings go first, even where something has come by then and is answered at once', () => {
	const sent: Uint8Array[] = [];
	const hello: Frame = { type: 'settings', settings: { ...settings, version: 1 } };
	const link: Link = {
		messageBytesMax: 65_536,
		start: ({ onMessage }) => onMessage(Buffer.concat([hello, open(1)].map(frameToBytes))),
		send: (message) => sent.push(message.slice()) > 0,
		close: () => undefined
	};
	const onStream = (stream: Stream) => void stream.write(bytesOf(5), signal);
	createMux(link, { role: 'client', settings, clock: createSimClock(), onStream }).close(0);
	expect(sent.map(([type]) => type)).toEqual([0x20, 0x0c, 0x1c]);
});

test('a ping tells how long the way there and back takes', async () => {
	const { client, clock } = join({}, { delayMs: [20, 20] });
	await clock.advance(20);
	const asked = client.ping(signal);
	await clock.advance(40);
	expect(await asked).toEqual({ ok: true, value: 40 });
});

describe('who breaks a rule', () => {
	const { hello } = withForger();
	test.each<readonly [string, keyof typeof closeCodes, readonly Frame[]]>([
		['speaks before the settings', 'protocol', [{ type: 'ping' }]],
		['has settings twice', 'protocol', [hello, hello]],
		['has another version', 'version', [{ type: 'settings', settings: { ...settings, version: 2 } }]],
		[
			'takes no messages',
			'settings',
			[{ type: 'settings', settings: { ...settings, messageBytesMax: 5, version: 1 } }]
		],
		['sends past a stream’s window', 'flowControl', [hello, open(1), data(1, 0, 10_001)]],
		['opens more streams than may be', 'streamLimit', [hello, open(1), open(5), open(9), open(13), open(17)]],
		['opens streams out of order', 'streamState', [hello, open(5)]],
		['opens a stream twice', 'streamState', [hello, open(1), open(1)]],
		['opens a stream of ours', 'streamState', [hello, open(0)]],
		['opens one way only', 'streamState', [hello, open(3)]],
		['writes to a stream that is not open', 'streamState', [hello, data(1, 0, 5)]],
		['writes to one of ours that is not open', 'streamState', [hello, data(0, 0, 5)]],
		['resets what is not open', 'streamState', [hello, { type: 'reset', id: 1, code: 0, finalBytes: 0 }]],
		['leaves a gap', 'protocol', [hello, open(1), data(1, 7, 5)]],
		['repeats itself', 'protocol', [hello, open(1), data(1, 0, 0), data(1, 5, 5)]],
		[
			'resets with bytes that never came',
			'finalSize',
			[hello, open(1), { type: 'reset', id: 1, code: 0, finalBytes: 9 }]
		]
	])('%s', async (_, code, frames) => {
		const { mux, say } = withForger();
		for (const frame of frames) say(frame);
		expect(await mux.ended).toEqual({ type: 'LinkClosed', by: 'us', code: closeCodes[code] });
	});

	test('goes on after the end of a stream', async () => {
		const { mux, say, accepted } = withForger();
		say(hello, open(1), data(1, 0, 5, true));
		await accepted.next();
		say(data(1, 5, 5));
		expect(await mux.ended).toMatchObject({ code: closeCodes.finalSize });
	});

	test('sends past the window of the link, within those of its streams', async () => {
		const clock = createSimClock();
		const { ends } = createSimLink(clock, createSimRandom(1));
		const mux = createMux(ends[0], {
			role: 'client',
			settings: { ...settings, windowBytes: 15_000 },
			clock,
			onStream: () => undefined
		});
		ends[1].start({ onMessage: () => undefined, onReady: () => undefined, onEnd: () => undefined });
		const frames = [hello, open(1), open(5), data(1, 0, 10_000), data(5, 0, 6_000)];
		for (const frame of frames) ends[1].send(frameToBytes(frame));
		expect(await mux.ended).toMatchObject({ code: closeCodes.flowControl });
	});

	test.each<readonly [string, readonly number[]]>([
		['an empty message', []],
		['a frame of no known type', [0x3f]],
		['a frame that is cut short', [0x04, 0x01]],
		['a number that is longer than it need be', [0x40, 0x01]],
		['a number out of range', [0x10, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]],
		['a kind that is no name', [0x22, 0x01, 0x00, 0x02, 0x20, 0x20]],
		['a kind that is too long', [0x22, 0x01, 0x00, 0x41, 0xbf]],
		['a priority that is none', [0x22, 0x01, 0x03, 0x01, 0x61]],
		['more frames than a message has', Array<number>(65).fill(0x01)]
	])('says %s', async (_, message) => {
		const { mux, forger, say } = withForger();
		say(hello);
		forger.send(Uint8Array.from(message));
		expect(await mux.ended).toMatchObject({ by: 'us', code: closeCodes.frameEncoding });
	});

	test('may be late: frames of streams that are over mean nothing', async () => {
		const { mux, say, accepted, clock } = withForger();
		say(hello, open(1), data(1, 0, 5, true));
		const stream = await accepted.next();
		stream.close(0x100);
		say({ type: 'max-stream-bytes', id: 1, max: 99_999 }, { type: 'stop', id: 1, code: 0 });
		say({ type: 'reset', id: 1, code: 0, finalBytes: 5 });
		// Whatever is sent to nobody counts and is given back at once.
		for (let n = 0; n < 20; n++) {
			say(data(1, 5, 9_000));
			await clock.wait(0, signal);
		}
		say(open(5));
		expect((await accepted.next()).id).toBe(5);
		expect(mux.heldBytes).toBe(0);
	});
});

describe('messages', () => {
	const value = (size: number) => ({ n: 1, list: ['a', null, 1.5], bytes: bytesOf(size) });

	test('come whole, one after another, until the end', async () => {
		const { client, accepted } = join();
		const ours = await opened(client);
		const [sender, receiver] = [createMessages(ours), createMessages(await accepted.next())];
		const sizes = [0, 1, 50, 20_000, 63, 64, 300_000, 5];
		const sending = (async () => {
			for (const size of sizes) expect((await sender.send(value(size), signal)).ok).toBe(true);
			await ours.end(signal);
		})();
		for (const size of sizes) expect(await receiver.receive(signal)).toEqual({ ok: true, value: value(size) });
		expect(await receiver.receive(signal)).toEqual({ ok: true, value: null });
		await sending;
	});

	test.each<readonly [string, readonly number[], unknown]>([
		['is longer than it may be', [0xbf, 0xff, 0xff, 0xff], { type: 'MessageTooLong', bytes: 0x3fff_ffff }],
		['is longer than can be said', [0xff], { type: 'MessageTooLong', bytes: Infinity }],
		['is no CBOR', [0x01, 0xff], { type: 'CborWrong', at: 0, what: 'has an indefinite or reserved length' }],
		['is cut', [0x05, 0x00], { type: 'MessageCut' }],
		['is cut in its length', [0x80, 0x00], { type: 'MessageCut' }]
	])('one that %s closes the stream, and no more', async (_, bytes, failure) => {
		const { client, accepted } = join();
		const ours = await opened(client);
		await ours.write(Uint8Array.from(bytes), signal);
		await ours.end(signal);
		expect(await createMessages(await accepted.next()).receive(signal)).toEqual({ ok: false, failure });
		expect(await ours.read(signal)).toMatchObject({ failure: { type: 'StreamReset', code: closeCodes.frameEncoding } });
		expect((await client.ping(signal)).ok).toBe(true);
	});
});
