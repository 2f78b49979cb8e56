import { expect, test } from 'vitest';
import { deviceKeys, type DeviceKeys } from '#core/crypto';
import { createSimClock } from '../../../../tests/sim/host/clock.ts';
import { createSimLink } from '../../../../tests/sim/host/network.ts';
import { createSimRandom, testSeed } from '../../../../tests/sim/host/random.ts';
import { printDeviceProof, readDeviceProof } from './device-link.ts';
import { linkToDevice, type DeviceLinkOptions } from './mod.ts';

const seed = testSeed('links between devices');
const { signal } = new AbortController();
const keysOf = (byte: number): DeviceKeys => deviceKeys(new Uint8Array(32).fill(byte));
const [near, far, other] = [keysOf(1), keysOf(2), keysOf(3)] as const;

type Welcome = DeviceLinkOptions['isWelcome'];
type Said = { readonly heard: readonly Uint8Array[]; readonly welcome: Welcome };

function listener(answer: boolean): Said {
	const heard: Uint8Array[] = [];
	return { heard, welcome: (key) => (heard.push(key), answer) };
}

/** Both ends of a link between the device that dials and the one that answers. */
async function link(pattern: 'XK' | 'XX', dials: Said, answers: Said, answering: DeviceKeys = far) {
	const [clock, random] = [createSimClock(), createSimRandom(seed)];
	const { ends } = createSimLink(clock, random, { delayMs: [1, 1] });
	const common = { clock, random, aead: null };
	const both = Promise.all([
		linkToDevice(
			ends[0],
			{
				...common,
				own: near,
				isWelcome: dials.welcome,
				side:
					pattern === 'XK'
						? { role: 'initiator', pattern, responder: far.channel.public }
						: { role: 'initiator', pattern }
			},
			signal
		),
		linkToDevice(
			ends[1],
			{
				...common,
				own: answering,
				isWelcome: answers.welcome,
				side: { role: 'responder', patterns: ['XK', 'XX'], psk: null }
			},
			signal
		)
	]);
	await clock.advance(15_000);
	return both;
}

test.each(['XK', 'XX'] as const)(
	'%s: both ends learn the device key of the other, and judge by that',
	async (pattern) => {
		const [dials, answers] = [listener(true), listener(true)];
		const [one, two] = await link(pattern, dials, answers);
		expect(one).toMatchObject({ ok: true, value: { deviceKey: far.signing.public } });
		expect(two).toMatchObject({ ok: true, value: { deviceKey: near.signing.public } });
		expect([dials.heard, answers.heard]).toEqual([[far.signing.public], [near.signing.public]]);
	}
);

test.each(['XK', 'XX'] as const)(
	'%s: who answers and is not welcome is told nothing of who dialled',
	async (pattern) => {
		const [dials, answers] = [listener(false), listener(true)];
		const [one, two] = await link(pattern, dials, answers);
		expect(one).toMatchObject({ ok: false, failure: { type: 'DeviceRefused' } });
		expect(two).toMatchObject({ ok: false, failure: { type: 'LinkEnded' } });
		expect([dials.heard.length, answers.heard.length]).toEqual([1, 0]);
	}
);

test('who has another channel key cannot answer at all, and a device is no link of its own', async () => {
	const [dials, answers] = [listener(true), listener(true)];
	const [one, two] = await link('XK', dials, answers, other);
	expect([one.ok, two.ok, dials.heard.length, answers.heard.length]).toEqual([false, false, 0, 0]);
	const [own] = await link('XX', listener(true), listener(true), near);
	expect(own).toMatchObject({ ok: false, failure: { type: 'DeviceRefused' } });
});

test('a proof is that of one channel key, whole, and signed by the key that it names', () => {
	const proof = printDeviceProof(near);
	const key = near.channel.public;
	expect(readDeviceProof(proof, key)).toEqual(near.signing.public);
	expect(readDeviceProof(proof, far.channel.public)).toBeNull();
	for (let at = 0; at < proof.length; at++)
		expect(readDeviceProof(proof.with(at, (proof[at] ?? 0) ^ 1), key), `byte ${at}`).toBeNull();
	for (const length of [0, 32, 95]) expect(readDeviceProof(proof.slice(0, length), key)).toBeNull();
	expect(readDeviceProof(Uint8Array.from([...proof, 0]), key)).toBeNull();
	// Of small order: such a key would sign anything.
	expect(readDeviceProof(new Uint8Array(96), key)).toBeNull();
});
