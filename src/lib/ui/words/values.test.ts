import { describe, expect, it } from 'vitest';
import { dateWords, exactSizeWords, plural, sizeWords, spanWords } from './values.ts';

describe('sizes', () => {
	it.each([
		[0, '0 bytes'],
		[1, '1 byte'],
		[812, '812 bytes'],
		[1000, '1.0 kB'],
		[4213, '4.2 kB'],
		[9960, '10 kB'],
		[64_333, '64 kB'],
		[999_499, '999 kB'],
		[999_500, '1.0 MB'],
		[2_500_000_000_000, '2.5 TB']
	])('%i bytes', (sizeBytes, words) => {
		expect(sizeWords(sizeBytes)).toBe(words);
	});

	it('to the byte', () => {
		expect(exactSizeWords(4_213_776)).toBe('4,213,776 bytes');
		expect(exactSizeWords(1)).toBe('1 byte');
	});
});

describe('dates', () => {
	const nowMs = new Date(2026, 10, 22, 15, 30).getTime();
	const at = (...parts: [number, number, number, number?, number?]): number => new Date(...parts).getTime();
	it.each([
		[nowMs - 20_000, 'Just now'],
		[nowMs - 12 * 60_000, '12 minutes ago'],
		[at(2026, 10, 22, 9, 5), 'Today, 9:05 AM'],
		[at(2026, 10, 21, 23, 59), 'Yesterday, 11:59 PM'],
		[at(2026, 10, 19, 18, 30), 'Thursday, 6:30 PM'],
		[at(2024, 2, 3), 'Mar 3, 2024'],
		[at(2027, 0, 1), 'Jan 1, 2027']
	])('%i', (timeMs, words) => {
		expect(dateWords(timeMs, nowMs).replaceAll('\u202f', ' ')).toBe(words);
	});
});

describe('spans and counts', () => {
	it('never promise less than a second', () => {
		expect(spanWords(0)).toBe('1 second');
		expect(spanWords(8200)).toBe('9 seconds');
		expect(spanWords(150_000)).toBe('3 minutes');
	});

	it('agree with their noun', () => {
		expect(plural(1, 'item')).toBe('1 item');
		expect(plural(12_304, 'match', 'matches')).toBe('12,304 matches');
	});
});
