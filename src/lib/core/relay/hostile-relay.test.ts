import { describe, expect, test } from 'vitest';
import { deviceKeys } from '#core/crypto';
import { libraryId, ok } from '#core/kernel';
import { closeCodes, type Link, type LinkEnd } from '#core/net';
import { createSimClock, type SimClock } from '../../../../tests/sim/host/clock.ts';
import { createSimLink } from '../../../../tests/sim/host/network.ts';
import { createSimRandom, testSeed } from '../../../../tests/sim/host/random.ts';
import {
	callDevice,
	keepPlace,
	makePass,
	ownPlace,
	printRelayMessage,
	readClientMessage,
	relayCodes,
	type DialUrl,
	type PlaceDeps,
	type RelayMessage
} from './mod.ts';

const seed = testSeed('hostile relays');
const { signal } = new AbortController();
const keysOf = (byte: number) => deviceKeys(new Uint8Array(32).fill(byte));
const [here, there] = [keysOf(1), keysOf(2)] as const;
const place = ownPlace(there, libraryId('0'.repeat(32)), 'wss://nas.example/relay');
const challenge = new Uint8Array(32).fill(9);

/** The relay's end of one connection: what it hears, and what it likes to say. */
class Caught {
	readonly heard: Uint8Array[] = [];
	end: LinkEnd | null = null;
	readonly #link: Link;
	constructor(link: Link, onMessage: (self: Caught) => void) {
		this.#link = link;
		link.start({
			onMessage: (message) => {
				this.heard.push(message);
				onMessage(this);
			},
			onReady: () => undefined,
			onEnd: (end) => (this.end = end)
		});
	}
	say(...messages: readonly (RelayMessage | Uint8Array)[]): void {
		for (const message of messages)
			this.#link.send(message instanceof Uint8Array ? message : printRelayMessage(message));
	}
	close(code: number): void {
		this.#link.close(code);
	}
}

/** A relay that does what it likes when somebody comes, and when they say something. */
function createHostile(
	clock: SimClock,
	greets: (caught: Caught, number: number) => void,
	answers: (caught: Caught) => void = () => undefined
) {
	const random = createSimRandom(seed);
	const caught: Caught[] = [];
	const dial: DialUrl = () => {
		const { ends } = createSimLink(clock, random, { delayMs: [1, 1], bufferBytesMax: 64 * 1_048_576 });
		const one = new Caught(ends[1], answers);
		caught.push(one);
		greets(one, caught.length - 1);
		return Promise.resolve(ok(ends[0]));
	};
	return { means: { dial, clock, random, aead: null }, caught };
}

const greeting = { kind: 'greeting', version: 2, challenge } as const;

describe('who calls through a relay that means harm', () => {
	async function call(greets: (caught: Caught) => void, answers?: (caught: Caught) => void) {
		const clock = createSimClock();
		const { means, caught } = createHostile(clock, greets, answers);
		const calling = callDevice({ ...means, own: here }, place, there.signing.public, signal);
		await clock.advance(60_000);
		return { called: await calling, caught: caught[0] };
	}
	const unreachable = (what: string) => ({ ok: false, failure: { type: 'DeviceUnreachable', what } });

	test.each<[string, (caught: Caught) => void, string, number]>([
		[
			'of another version',
			(one) => one.say({ ...greeting, version: 3 }),
			'the relay speaks version 3',
			closeCodes.version
		],
		['that says nothing', () => undefined, 'the relay does not answer', closeCodes.protocol],
		[
			'that says something else',
			(one) => one.say({ kind: 'joined' }),
			'the relay does not answer',
			closeCodes.protocol
		],
		[
			'that speaks otherwise',
			(one) => one.say(new Uint8Array(100)),
			`the relay ended it with ${closeCodes.protocol}`,
			closeCodes.protocol
		],
		[
			'that says too much',
			(one) => one.say(greeting, ...Array.from({ length: 100 }, () => new Uint8Array(60_000))),
			`the relay ended it with ${closeCodes.protocol}`,
			closeCodes.protocol
		],
		['that is full', (one) => one.close(relayCodes.full), 'the relay has no room', closeCodes.none]
	])('%s gets nowhere', async (_, greets, what, code) => {
		const { called, caught } = await call(greets);
		expect(called).toEqual(unreachable(what));
		if (code !== closeCodes.none) expect(caught?.end).toMatchObject({ type: 'LinkClosed', code });
	});

	test('is told neither key of either device, and nobody passes for the other one', async () => {
		// It joins the caller with itself, and gives back what it hears for an answer.
		const { called, caught } = await call(
			(one) => one.say(greeting, { kind: 'joined' }),
			(one) => one.heard.length > 1 && one.say(one.heard.at(-1) ?? new Uint8Array(0))
		);
		expect(called).toMatchObject({ ok: false });
		const heard = Buffer.concat(caught?.heard ?? []);
		expect(heard.length).toBeGreaterThan(40);
		const keys = [here, there].flatMap(({ signing, channel }) => [signing.public, channel.public]);
		for (const secret of [...keys, place.secret, place.keys.public])
			expect(heard.includes(Buffer.from(secret))).toBe(false);
	});
});

describe('who keeps a place at a relay that means harm', () => {
	function keep(clock: SimClock, greets: (caught: Caught, number: number) => void, more: Partial<PlaceDeps> = {}) {
		const { means, caught } = createHostile(clock, greets);
		const [states, links]: [string[], Link[]] = [[], []];
		const life = new AbortController();
		const deps: PlaceDeps = {
			...means,
			own: there,
			place,
			by: { type: 'token', token: new Uint8Array(16) },
			knownKeys: () => [],
			awaitsAnybody: () => true,
			...more,
			isKnown: () => true,
			onLink: (link) => links.push(link),
			onState: (state) => states.push(state.ok ? 'there' : state.failure.what)
		};
		const kept = keepPlace(deps, life.signal);
		const leave = async () => {
			life.abort();
			await clock.advance(1);
			await kept;
		};
		return { caught, states, links, leave };
	}
	const called = (byte: number, pass: Uint8Array = new Uint8Array(0)) =>
		({ kind: 'called', ticket: new Uint8Array(16).fill(byte), challenge, pass }) as const;

	test('answers few of many calls at one time, and gives none of them a link', async () => {
		const clock = createSimClock();
		const calls = Array.from({ length: 40 }, (_, at) => called(at));
		const { caught, states, links, leave } = keep(clock, (one, number) => {
			if (number === 0) one.say(greeting, { kind: 'held' }, ...calls);
		});
		await clock.advance(5_000);
		expect(states).toEqual(['there']);
		expect(caught).toHaveLength(1 + 16);
		expect(links).toEqual([]);
		await leave();
		expect(caught.every(({ end }) => end !== null)).toBe(true);
	});

	test('declines who shows nothing, or what is of somebody else, for another call or place; and only then', async () => {
		const clock = createSimClock();
		const use = { use: 'call', about: place.place, challenge } as const;
		const pass = makePass(here.signing, use);
		const spoiled = pass.map((byte, at) => (at === 70 ? byte ^ 1 : byte));
		const other = new Uint8Array(32).fill(8);
		const passes = [
			new Uint8Array(0),
			makePass(keysOf(3).signing, use),
			makePass(here.signing, { ...use, challenge: other }),
			makePass(here.signing, { ...use, about: other.subarray(16) }),
			makePass(here.signing, { ...use, use: 'hold' }),
			spoiled
		];
		const says = [...passes, pass].map((each, at) => called(at, each));
		const { caught, leave } = keep(
			clock,
			(one, number) => number === 0 && one.say(greeting, { kind: 'held' }, ...says),
			{
				knownKeys: () => [there.signing.public, here.signing.public],
				awaitsAnybody: () => false
			}
		);
		await clock.advance(5_000);
		const declined = caught[0]?.heard
			.map((bytes) => readClientMessage(bytes))
			.filter((said) => said?.kind === 'decline');
		expect(declined?.map((said) => said?.ticket[0])).toEqual([...passes.keys()]);
		// Control: the last of them is answered, on a connection of its own.
		expect(caught).toHaveLength(2);
		await leave();
	});

	test('comes again when it falls silent, later and later where there is no place to be had', async () => {
		const clock = createSimClock();
		const { caught, states, leave } = keep(clock, (one, number) => {
			if (number === 0) one.say(greeting, { kind: 'held' });
			else one.close(relayCodes.refused);
		});
		await clock.advance(59_000);
		expect(caught).toHaveLength(1);
		await clock.advance(4_000);
		expect(caught.length).toBeGreaterThan(1);
		await clock.advance(3_600_000);
		expect(caught.length).toBeLessThan(100);
		expect(new Set(states.slice(2))).toEqual(new Set(['the relay knows neither this device nor its token']));
		await leave();
	});

	test('stays where it gives a sign of life', async () => {
		const clock = createSimClock();
		const { caught, leave } = keep(clock, (one) => one.say(greeting, { kind: 'held' }));
		for (let minute = 0; minute < 10; minute++) {
			await clock.advance(50_000);
			caught[0]?.say({ kind: 'alive' });
		}
		expect(caught).toHaveLength(1);
		await leave();
	});
});
