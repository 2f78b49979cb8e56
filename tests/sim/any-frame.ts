import type { WireValue } from '#core/kernel';
import { frameToBytes, muxSettings, type Frame } from '#core/net';
import { mutated } from './fuzz.ts';
import type { SimRandom } from './host/random.ts';

/** Values that sit on the edges of varints and lengths. */
const edges = [
	0,
	1,
	23,
	24,
	63,
	64,
	255,
	256,
	16_383,
	16_384,
	65_535,
	65_536,
	2 ** 30 - 1,
	2 ** 30,
	2 ** 32,
	2 ** 53 - 1
];
const pick = <T>(random: SimRandom, all: readonly T[], otherwise: T): T => all[random.integer(all.length)] ?? otherwise;
const anyNumber = (random: SimRandom) => (random.chance(0.5) ? random.integer(40) : pick(random, edges, 0));

export function anyValue(random: SimRandom, depth = 0): WireValue {
	const kind = random.integer(depth > 4 ? 6 : 8);
	if (kind === 0) return pick<WireValue>(random, [null, true, false], null);
	if (kind === 1) return anyNumber(random) * (random.chance(0.3) ? -1 : 1);
	if (kind === 2) return random.integer(1_000_000) / pick(random, [2, 3, 1024, 0], 1);
	if (kind < 5) return pick(random, ['', 'a', 'ü水𐅑', '__proto__', 'name'.repeat(9)], '');
	if (kind === 5) return random.bytes(random.integer(30));
	if (kind === 6) return Array.from({ length: random.integer(5) }, () => anyValue(random, depth + 1));
	return Object.fromEntries(
		Array.from({ length: random.integer(4) }, (_, at) => [
			`${'k'.repeat(random.integer(3))}${at}`,
			anyValue(random, depth + 1)
		])
	);
}

function anyFrame(random: SimRandom): Frame {
	const id = random.chance(0.8) ? random.integer(12) : anyNumber(random);
	const [code, max] = [anyNumber(random), anyNumber(random)];
	const frames: readonly (() => Frame)[] = [
		() => ({ type: 'ping' }),
		() => ({ type: 'pong' }),
		() => ({ type: 'reset', id, code, finalBytes: anyNumber(random) }),
		() => ({ type: 'stop', id, code }),
		() => ({
			type: 'stream',
			id,
			offset: random.chance(0.8) ? 0 : anyNumber(random),
			isLast: random.chance(0.3),
			bytes: random.bytes(random.integer(40))
		}),
		() => ({ type: 'max-bytes', max }),
		() => ({ type: 'max-stream-bytes', id, max }),
		() => ({ type: 'max-streams', max }),
		() => ({ type: 'open', id, priority: pick(random, ['control', 'bulk'], 'normal'), kind: 'fuzz/1' })
	];
	if (random.chance(0.01)) return { type: 'close', code };
	if (random.chance(0.01)) return { type: 'settings', settings: { ...muxSettings, version: max } };
	return pick(random, frames, () => ({ type: 'ping' }))();
}

export function anyMessage(random: SimRandom): Uint8Array {
	if (random.chance(0.1)) return random.bytes(random.integer(60));
	const frames = Array.from({ length: 1 + random.integer(4) }, () => frameToBytes(anyFrame(random)));
	const message = Buffer.concat(frames);
	return Uint8Array.from(random.chance(0.3) ? mutated(random, message) : message);
}
