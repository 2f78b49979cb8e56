import type { RandomPort } from '#core/ports';
import { equal, holds, type Cases } from './expectation.ts';

export type RandomWorld = { readonly port: RandomPort };

export const randomCases: Cases<RandomWorld> = {
	'gives as many bytes as asked, plain ones': async ({ port }) => {
		for (const length of [0, 1, 16, 65_536, 65_537, 200_000]) {
			const bytes = port.bytes(length);
			equal(bytes.length, length);
			equal(Object.getPrototypeOf(bytes), Uint8Array.prototype);
			equal(bytes.buffer.byteLength, length, 'nobody else has a view of them');
		}
	},
	'gives others each time': async ({ port }) => {
		const seen = new Set(Array.from({ length: 1_000 }, () => port.bytes(16).join()));
		equal(seen.size, 1_000);
	},
	'gives every byte about as often': async ({ port }) => {
		const counts = Array.from({ length: 256 }, () => 0);
		const draws = 256 * 1_000;
		for (const byte of port.bytes(draws)) counts[byte] = (counts[byte] ?? 0) + 1;
		const chiSquare = counts.reduce((sum, count) => sum + (count - 1_000) ** 2 / 1_000, 0);
		// 255 degrees of freedom: outside 100..450 less than once in 10^10 runs.
		holds(chiSquare > 100 && chiSquare < 450, `chi square ${chiSquare.toFixed(0)} is that of chance`);
	},
	'fills the whole of a long answer': async ({ port }) => {
		const bytes = port.bytes(200_000);
		for (let at = 0; at < bytes.length; at += 1_000)
			holds(
				bytes.subarray(at, at + 1_000).some((byte) => byte !== 0),
				`bytes from ${at} are drawn`
			);
	}
};
