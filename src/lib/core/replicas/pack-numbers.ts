import { invariant } from '#core/kernel';

const bytesOfNumber = 8;
/** Numbers are below it in either direction: zigzag doubles them, and 2^53 is where they stop being exact. */
const magnitudeMax = 2 ** 52;

/**
 * Whole numbers as bytes, seven bits in each from the lowest on (LEB128), the sign in the lowest bit (zigzag, as in
 * Protocol Buffers): small ones take one byte.
 */
export function packNumbers(numbers: readonly number[]): Uint8Array {
	const bytes = new Uint8Array(numbers.length * bytesOfNumber);
	let at = 0;
	for (const number of numbers) {
		invariant(Math.abs(number) < magnitudeMax, 'a packed number is below 2^52');
		let left = number < 0 ? -number * 2 - 1 : number * 2;
		for (; left >= 0x80; left = Math.floor(left / 0x80)) bytes[at++] = (left % 0x80) | 0x80;
		bytes[at++] = left;
	}
	return bytes.slice(0, at);
}

/** What was packed: exactly `count` numbers, or null where that is not what the bytes are. */
export function unpackNumbers(bytes: Uint8Array, count: number): readonly number[] | null {
	if (bytes.length < count || bytes.length > count * bytesOfNumber) return null;
	const numbers: number[] = [];
	let [value, scale] = [0, 1];
	for (const byte of bytes) {
		value += (byte & 0x7f) * scale;
		if (value >= 2 * magnitudeMax) return null;
		if (byte >= 0x80) {
			scale *= 0x80;
			continue;
		}
		// One form of each number: none ends in a byte that adds nothing.
		if (byte === 0 && scale > 1) return null;
		numbers.push(value % 2 === 0 ? value / 2 : -(value + 1) / 2);
		[value, scale] = [0, 1];
	}
	return scale === 1 && numbers.length === count ? numbers : null;
}

/** As differences, each from the one before: what follows in order or lies together is small. */
export function packSteps(numbers: readonly number[]): Uint8Array {
	return packNumbers(numbers.map((number, at) => number - (numbers[at - 1] ?? 0)));
}

/** What `packSteps` has packed, each from `least` on and below `below`; null where it is not. */
export function unpackSteps(bytes: Uint8Array, count: number, least: number, below: number): number[] | null {
	const steps = unpackNumbers(bytes, count);
	if (steps === null) return null;
	const numbers: number[] = [];
	let number = 0;
	for (const step of steps) {
		number += step;
		if (number < least || number >= below) return null;
		numbers.push(number);
	}
	return numbers;
}
