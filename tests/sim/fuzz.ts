import type { WireValue } from '#core/kernel';
import type { SimRandom } from './host/random.ts';

const slowestMs = 50;

/** How much of the processor's time each of many pieces of work took. What other programs do meanwhile is not counted. */
export class CpuTimes {
	slow = 0;
	of(work: () => void): void {
		const before = process.threadCpuUsage();
		work();
		const { user, system } = process.threadCpuUsage(before);
		if (user + system > slowestMs * 1_000) this.slow++;
	}
}
/** The collector of garbage may fall on any of them; a frame that is slow by itself comes again and again. */
export const slowMax = 2;

/** What was right, with some of it changed, cut, doubled or put together with other bytes. */
export function mutated(random: SimRandom, bytes: Uint8Array): Uint8Array {
	const changed = Uint8Array.from(bytes);
	for (let left = random.integer(4); left > 0 && changed.length > 0; left--) {
		const at = random.integer(changed.length);
		changed[at] = random.chance(0.5) ? random.integer(256) : (changed[at] ?? 0) ^ (1 << random.integer(8));
	}
	if (random.chance(0.2)) return changed.subarray(0, random.integer(changed.length + 1));
	if (random.chance(0.1)) return Buffer.concat([changed, random.bytes(random.integer(20))]);
	return random.chance(0.05) ? Buffer.concat([changed, changed]) : changed;
}

const oddities: readonly WireValue[] = [
	null,
	true,
	-1,
	0,
	1,
	2 ** 32,
	2 ** 53 - 1,
	0.5,
	Infinity,
	'',
	'a/b',
	'ff'.repeat(16),
	[],
	{}
];

/** A value that was right, with something within it of another kind, cut, doubled, or left out. */
export function bent(random: SimRandom, value: WireValue): WireValue {
	if (random.chance(0.08)) return oddities[random.integer(oddities.length)] ?? null;
	if (value instanceof Uint8Array) return random.chance(0.2) ? mutated(random, value) : value;
	if (Array.isArray(value)) {
		const items = value.map((item: WireValue) => bent(random, item));
		const at = random.integer(items.length + 1);
		if (random.chance(0.1)) items.splice(at, 1);
		return random.chance(0.1) ? [...items, ...items.slice(at)] : items;
	}
	if (typeof value !== 'object' || value === null) return value;
	const members = Object.entries(value).map(
		([key, item]) => [random.chance(0.02) ? `${key}x` : key, bent(random, item)] as const
	);
	return Object.fromEntries(members.filter(() => !random.chance(0.02)));
}
