import { describe, expect, test } from 'vitest';
import type { SyncDomain } from '#core/sync';
import { isNightly } from '../tier.ts';
import {
	connect,
	connectStream,
	createSimClock,
	createTalker,
	deviceOf,
	helloOf,
	meetStranger
} from './session-world.ts';

async function pair() {
	const clock = createSimClock();
	const [a, b] = [await createTalker(clock, 1), await createTalker(clock, 2)];
	return { clock, a, b };
}

describe('two devices', () => {
	test('catch up in both directions at once, and are told of what is written from then on', async () => {
		const { clock, a, b } = await pair();
		for (let n = 0; n < 50; n++) a.say(a.tags, `a${n}`);
		for (let n = 0; n < 50; n++) b.say(b.tags, `b${n}`);
		connect(clock, a, b);
		await clock.advance(100);
		expect(a.tags.rows()).toHaveLength(100);
		expect(a.tags.dump()).toBe(b.tags.dump());
		a.say(a.files, 'new');
		b.say(b.tags, 'new');
		await clock.advance(20);
		expect(b.files.dump()).toBe(a.files.dump());
		expect(a.tags.dump()).toBe(b.tags.dump());
		await clock.advance(100);
		for (const [one, other] of [
			[a, b],
			[b, a]
		] as const) {
			expect(one.status(other)).toMatchObject({ link: 'open', ended: null, heardMs: expect.any(Number) });
			for (const domain of one.status(other)?.domains ?? [])
				expect(domain).toMatchObject({ pull: { type: 'level' }, levelMs: expect.any(Number) });
		}
	});

	test('say little: a change costs a handful of messages, many at once hardly more, and silence almost nothing', async () => {
		const { clock, a, b } = await pair();
		const sent = { bytes: 0, messages: 0 };
		connect(clock, a, b, {
			onSend: ({ length }) => {
				sent.bytes += length;
				sent.messages++;
			}
		});
		await clock.advance(1_000);
		Object.assign(sent, { bytes: 0, messages: 0 });
		a.say(a.tags, 'one');
		await clock.advance(1_000);
		expect(sent.messages).toBeLessThanOrEqual(6);
		Object.assign(sent, { bytes: 0, messages: 0 });
		for (let n = 0; n < 100; n++) {
			a.say(a.tags, `many${n}`);
			await clock.advance(5);
		}
		await clock.advance(1_000);
		expect(b.tags.dump()).toBe(a.tags.dump());
		expect(sent.messages).toBeLessThan(60);
		await clock.advance(60_000);
		Object.assign(sent, { bytes: 0, messages: 0 });
		await clock.advance(10 * 60_000);
		expect(sent.bytes / 10).toBeLessThan(200);
		expect(a.status(b)?.link).toBe('open');
	});

	test('share a link with other streams: caught up over one of them, and under 1 kB a minute when nothing happens', async () => {
		const { clock, a, b } = await pair();
		for (let n = 0; n < 20; n++) a.say(a.files, `a${n}`, 'x'.repeat(50_000));
		b.say(b.tags, 'b');
		let bytes = 0;
		const muxes = await connectStream(clock, a, b, { onSend: (message) => void (bytes += message.length) });
		await clock.advance(2_000);
		expect([b.files.dump(), b.tags.dump()]).toEqual([a.files.dump(), a.tags.dump()]);
		bytes = 0;
		await clock.advance(10 * 60_000);
		expect(bytes / 10).toBeLessThan(500);
		b.say(b.tags, 'later');
		await clock.advance(100);
		expect(b.tags.dump()).toBe(a.tags.dump());
		await Promise.all([a.sessions.close(), clock.advance(2_000)]);
		expect(b.status(a)?.ended).toEqual({ type: 'PeerEnded', code: 'closing' });
		for (const mux of muxes) mux.close(0);
	});

	test('go on from where they were, after whatever message they were cut', async () => {
		const clock = createSimClock();
		const value = 'x'.repeat(60_000);
		for (let last = 1, isWhole = false; !isWhole; last += isNightly ? 1 : 4) {
			const [a, b] = [await createTalker(clock, 1), await createTalker(clock, 2)];
			for (let n = 0; n < 10; n++) a.say(a.files, `a${n}`, value);
			b.say(b.tags, 'b');
			let messages = 0;
			let cut = () => {};
			const first = connect(clock, a, b, { onSend: () => void (++messages >= last && cut()) });
			cut = () => first.link.cut();
			await clock.advance(200);
			const came = b.files.rows().length;
			isWhole = messages < last;
			if (!isWhole) expect(first.ends).toEqual([{ type: 'Cut' }, { type: 'Cut' }]);
			let bytes = 0;
			connect(clock, a, b, { onSend: (message) => void (bytes += message.length) });
			await clock.advance(200);
			expect([b.files.dump(), b.tags.dump()]).toEqual([a.files.dump(), a.tags.dump()]);
			// What had come does not come again.
			expect(bytes).toBeLessThan((10 - came) * value.length + 5_000);
			await Promise.all([a.sessions.close(), b.sessions.close(), clock.advance(2_000)]);
		}
	});

	test('have one session: a link of the same rank replaces the one before it, a worse one is not used', async () => {
		const { clock, a, b } = await pair();
		const first = connect(clock, a, b, {}, 1);
		await clock.advance(100);
		const worse = connect(clock, a, b, {}, 0);
		await clock.advance(100);
		expect(worse.ends).toEqual([{ type: 'Closed' }, { type: 'Closed' }]);
		const better = connect(clock, a, b, {}, 1);
		await clock.advance(2_000);
		for (const end of first.ends) expect(end).toMatchObject({ type: expect.stringMatching(/Replaced|PeerEnded/) });
		expect(better.ends).toEqual([null, null]);
		a.say(a.tags, 'x');
		await clock.advance(100);
		expect(b.tags.dump()).toBe(a.tags.dump());
		await Promise.all([a.sessions.forget(b.device), clock.advance(2_000)]);
		expect(a.sessions.status()).toEqual([]);
		expect(better.ends).toEqual([{ type: 'Closed' }, { type: 'PeerEnded', code: 'closing' }]);
	});

	test('of different versions speak the newest that both do, and pass over what they do not know', async () => {
		const clock = createSimClock();
		const odd: SyncDomain = {
			name: 'of-a-later-version',
			have: () => ({ odd: true }),
			next: () => null,
			merge: () => ({ ok: true, value: undefined })
		};
		const newer = await createTalker(clock, 1, { versions: { from: 1, to: 2 }, features: ['new'] }, [odd]);
		const older = await createTalker(clock, 2);
		const newest = await createTalker(clock, 3, { versions: { from: 2, to: 3 } });
		connect(clock, newer, older);
		connect(clock, newer, newest);
		const apart = connect(clock, older, newest);
		newer.say(newer.tags, 'x');
		await clock.advance(2_000);
		expect([older.tags.dump(), newest.tags.dump()]).toEqual([newer.tags.dump(), newer.tags.dump()]);
		expect(
			newer
				.status(older)
				?.domains.map(({ domain }) => domain)
				.toSorted()
		).toEqual(['files', 'tags']);
		expect(apart.ends).toContainEqual({ type: 'OtherVersion', from: 2, to: 3 });
	});

	test('a third one gets all from whom it knows, and asks one at a time', async () => {
		const clock = createSimClock();
		const [a, b, c] = await Promise.all([1, 2, 3].map((n) => createTalker(clock, n)));
		if (!a || !b || !c) throw new Error('three');
		for (let n = 0; n < 10; n++) a.say(a.files, `a${n}`, 'x'.repeat(50_000));
		connect(clock, a, b);
		await clock.advance(500);
		const bytes = { fromA: 0, fromB: 0 };
		connect(clock, a, c, {
			delayMs: [20, 20],
			onSend: (message, by) => void (by === 0 && (bytes.fromA += message.length))
		});
		connect(clock, b, c, {
			delayMs: [20, 20],
			onSend: (message, by) => void (by === 0 && (bytes.fromB += message.length))
		});
		await clock.advance(2_000);
		expect(c.files.dump()).toBe(a.files.dump());
		expect(Math.min(bytes.fromA, bytes.fromB)).toBeLessThan(2_000);
		c.say(c.tags, 'c');
		await clock.advance(500);
		expect([a.tags.dump(), b.tags.dump()]).toEqual([c.tags.dump(), c.tags.dump()]);
	});
});

describe('a device that is wrong, or means harm', () => {
	const meet = async () => {
		const clock = createSimClock();
		const talker = await createTalker(clock, 1);
		talker.say(talker.tags, 'mine');
		return { clock, talker, before: talker.tags.dump(), stranger: meetStranger(clock, talker, 2) };
	};
	const rowBy = (device: string, key: string, seq = 1) => ({ key, value: 'v', stamp: 5 + seq, device, seq });
	const batchOf = (count: number, key = 'k') => {
		const by = deviceOf(2);
		const rows = Array.from({ length: count }, (_, n) => rowBy(by, `${key}${n}`, n + 1));
		return { from: {}, to: { [by]: count }, rows };
	};
	/** Has the talker ask for tags. */
	const offer = { kind: 'changed', domain: 'tags', digest: new Uint8Array(16) };

	test.each([
		['another library’s', helloOf(2, { library: 'd1'.repeat(16) }), { type: 'OtherLibrary' }, 'library'],
		['another device than its link’s', helloOf(3), { type: 'OtherDevice' }, 'device'],
		[
			'of versions to come',
			helloOf(2, { versions: { from: 9, to: 9 } }),
			{ type: 'OtherVersion', from: 9, to: 9 },
			'version'
		],
		['no hello', { kind: 'want', domain: 'tags', pull: 1, have: {} }, { type: 'Breach', what: 'no hello' }, 'breach'],
		['without a kind', [1, 2, 3], { type: 'Breach', what: "a message of kind ''" }, 'breach'],
		[
			'a hello of nonsense',
			helloOf(2, { domains: 'tags' }),
			{ type: 'Breach', what: "a message of kind 'hello'" },
			'breach'
		],
		[
			'of too many domains',
			helloOf(2, { domains: Array.from({ length: 65 }, String) }),
			{ type: 'Breach', what: "a message of kind 'hello'" },
			'breach'
		]
	])('%s is told so and left', async (_what, first, end, code) => {
		const { clock, talker, before, stranger } = await meet();
		await stranger.say(first);
		await stranger.say({ kind: 'batch', domain: 'tags', pull: 1, batch: batchOf(3) });
		await clock.advance(2_000);
		expect(stranger.end()).toEqual(end);
		expect(stranger.heard.map(({ kind }) => kind)).toEqual(['hello', 'bye']);
		expect(stranger.heard.at(-1)).toEqual({ kind: 'bye', code });
		expect(talker.tags.dump()).toBe(before);
		expect(talker.status(deviceOf(2))).toMatchObject({ link: 'none', ended: end });
	});

	test.each([
		['a second hello', helloOf(2)],
		['a batch of which a part is missing', { kind: 'batch', domain: 'tags', pull: 1 }],
		['a pull that is no number', { kind: 'want', domain: 'tags', pull: -1, have: {} }],
		['a digest that is too long', { ...offer, digest: new Uint8Array(17) }]
	])('who sends %s is left', async (_what, message) => {
		const { clock, talker, before, stranger } = await meet();
		await stranger.say(helloOf(2));
		await stranger.say(message);
		await clock.advance(2_000);
		expect(stranger.end()?.type).toBe('Breach');
		expect(talker.tags.dump()).toBe(before);
	});

	test('kinds and domains that are not known are passed over', async () => {
		const { stranger } = await meet();
		await stranger.say(helloOf(2));
		await stranger.say({ kind: 'of-a-later-version', deep: [{}] });
		await stranger.say({ kind: 'constructor' });
		await stranger.say({ kind: 'want', domain: 'unknown', pull: 1, have: {} });
		await stranger.say({ kind: 'want', domain: 'tags', pull: 1, have: {}, more: 'of a later version' });
		expect(stranger.end()).toBeNull();
		expect(stranger.heard.filter(({ kind }) => kind === 'batch')).toHaveLength(1);
	});

	test('a batch that nobody asked for, or for a pull that is over, changes nothing', async () => {
		const { talker, before, stranger } = await meet();
		await stranger.say(helloOf(2));
		await stranger.say({ kind: 'batch', domain: 'tags', pull: 1, batch: batchOf(1) });
		expect(talker.tags.dump()).toBe(before);
		await stranger.say(offer);
		await stranger.say({ kind: 'level', domain: 'tags', pull: 1, digest: new Uint8Array(16) });
		await stranger.say({ kind: 'batch', domain: 'tags', pull: 1, batch: batchOf(1) });
		expect(talker.tags.dump()).toBe(before);
		expect(stranger.end()).toBeNull();
	});

	test('a message that is too long is not held: the link ends', async () => {
		const { clock, talker, before, stranger } = await meet();
		await stranger.say(helloOf(2));
		await stranger.say(offer);
		await stranger.say({ kind: 'batch', domain: 'tags', pull: 1, batch: new Uint8Array(2 ** 20) });
		await clock.advance(100);
		expect(stranger.end()).toEqual({ type: 'Cut' });
		expect(talker.tags.dump()).toBe(before);
	});

	test('the same told over and over is broken off', async () => {
		const { clock, talker, stranger } = await meet();
		await stranger.say(helloOf(2));
		await stranger.say(offer);
		for (let n = 0; n < 1_100 && stranger.end() === null; n++)
			await stranger.say({ kind: 'batch', domain: 'tags', pull: 1, batch: batchOf(1) });
		await clock.advance(2_000);
		expect(stranger.end()?.type).toBe('Breach');
		expect(talker.tags.rows()).toHaveLength(2);
	});

	test('who says nothing is given up; who is there and never answers as well, and holds up nobody', async () => {
		const { clock, talker, stranger } = await meet();
		/** What falls due at last comes to its end, too. */
		const pass = async (ms: number) => {
			for (const part of [ms - 20, 10, 10]) await clock.advance(part);
		};
		await pass(11_000);
		expect(stranger.end()).toEqual({ type: 'Silent' });

		const quiet = meetStranger(clock, talker, 3);
		await quiet.say(helloOf(3));
		await pass(21_000);
		expect(quiet.end()).toEqual({ type: 'Silent' });

		const idle = meetStranger(clock, talker, 4);
		await idle.say(helloOf(4));
		await idle.say(offer);
		const honest = await createTalker(clock, 5);
		honest.say(honest.tags, 'honest');
		connect(clock, talker, honest);
		for (let n = 0; n < 2; n++) {
			await clock.advance(5_000);
			await idle.say({ kind: 'ping' });
		}
		expect(talker.tags.rows().map(({ key }) => key)).toEqual(['honest', 'mine']);
		for (let n = 0; n < 6 && idle.end() === null; n++) {
			await idle.say({ kind: 'ping' });
			await pass(10_000);
		}
		expect(idle.end()).toEqual({ type: 'Silent' });
	});

	test('who lies about what it has gets it again, or nothing, and the rest goes on', async () => {
		const { clock, talker, before, stranger } = await meet();
		await stranger.say(helloOf(2));
		for (const [at, have] of [{}, {}, 'nonsense', { [deviceOf(1)]: 99 }].entries())
			await stranger.say({ kind: 'want', domain: 'tags', pull: at + 1, have });
		const answers = stranger.heard.flatMap((message) =>
			message.kind === 'batch' || message.kind === 'level' || message.kind === 'refused'
				? [[message.pull, message.kind]]
				: []
		);
		expect(answers).toEqual([
			[1, 'batch'],
			[1, 'level'],
			[2, 'batch'],
			[2, 'level'],
			[3, 'refused'],
			[4, 'level']
		]);
		expect(talker.tags.dump()).toBe(before);
		expect(stranger.end()).toBeNull();
		await clock.advance(1_000);
	});

	test('a batch that is refused stands in the way of nothing else, is shown, and is asked for again in time', async () => {
		const { clock, talker, stranger } = await meet();
		await stranger.say(helloOf(2));
		await stranger.say(offer);
		const stamp = clock.nowMs() + 6 * 60_000;
		const ahead = { from: {}, to: { [deviceOf(2)]: 1 }, rows: [{ ...rowBy(deviceOf(2), 'ahead'), stamp }] };
		await stranger.say({ kind: 'batch', domain: 'tags', pull: 1, batch: ahead });
		expect(stranger.heard.at(-1)).toEqual({ kind: 'refused', domain: 'tags', pull: 1, by: 'asker', code: 'future' });
		await stranger.say({ ...offer, domain: 'files' });
		await stranger.say({ kind: 'batch', domain: 'files', pull: 1, batch: batchOf(2) });
		await stranger.say({ kind: 'level', domain: 'files', pull: 1, digest: new Uint8Array(16) });
		expect(talker.files.rows()).toHaveLength(2);
		const pulls = () =>
			Object.fromEntries((talker.status(deviceOf(2))?.domains ?? []).map(({ domain, pull }) => [domain, pull]));
		expect(pulls()['tags']).toEqual({
			type: 'refused',
			why: { type: 'BatchFromTheFuture', aheadMs: expect.any(Number) }
		});
		const wants = () => stranger.heard.filter((message) => message.kind === 'want' && message.domain === 'tags');
		// What is offered again at once is not asked for at once.
		await stranger.say(offer);
		expect(wants()).toHaveLength(1);
		for (let n = 0; n < 10; n++) {
			await stranger.say({ kind: 'ping' });
			await clock.advance(6_500);
		}
		expect(wants()).toHaveLength(2);
		await stranger.say({ kind: 'batch', domain: 'tags', pull: 2, batch: ahead });
		expect(talker.tags.rows().map(({ key }) => key)).toEqual(['ahead', 'mine']);
	});

	test('a person may have it asked for again at once', async () => {
		const { talker, stranger } = await meet();
		await stranger.say(helloOf(2));
		await stranger.say(offer);
		await stranger.say({ kind: 'batch', domain: 'tags', pull: 1, batch: 'nonsense' });
		expect(stranger.heard.at(-1)).toMatchObject({ kind: 'refused', code: 'wrong' });
		talker.sessions.retry(deviceOf(2), 'tags');
		await stranger.say({ kind: 'ping' });
		expect(stranger.heard.at(-1)).toMatchObject({ kind: 'want', pull: 2 });
	});
});

test('a domain that throws ends its session, says so, and nothing else', async () => {
	const clock = createSimClock();
	const broken: SyncDomain = {
		name: 'broken',
		have: () => {
			throw new Error('a disk that fails');
		},
		next: () => null,
		merge: () => ({ ok: true, value: undefined })
	};
	const [a, b, c] = [
		await createTalker(clock, 1, {}, [broken]),
		await createTalker(clock, 2, {}, [broken]),
		await createTalker(clock, 3)
	];
	const talk = connect(clock, a, b);
	connect(clock, a, c);
	await clock.advance(2_000);
	expect(talk.ends).toContainEqual({ type: 'SessionFailed', detail: 'Error: a disk that fails' });
	a.say(a.tags, 'x');
	await clock.advance(100);
	expect(c.tags.dump()).toBe(a.tags.dump());
});
