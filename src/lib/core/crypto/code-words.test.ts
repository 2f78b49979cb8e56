import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { bytesToWords, drawWords, suggestWords, wordsToBytes } from '#core/crypto';

const fresh = (length: number) => new Uint8Array(randomBytes(length));

describe('twelve words', () => {
	/** Vectors of BIP39 (the reference wallet's `vectors.json`). */
	test.each([
		['00'.repeat(16), 'abandon '.repeat(11) + 'about'],
		['7f'.repeat(16), 'legal winner thank year wave sausage worth useful legal winner thank yellow'],
		['80'.repeat(16), 'letter advice cage absurd amount doctor acoustic avoid letter advice cage above'],
		['ff'.repeat(16), 'zoo '.repeat(11) + 'wrong'],
		['9e885d952ad362caeb4efe34a8e91bd2', 'ozone drill grab fiber curtain grace pudding thank cruise elder eight picnic']
	])('%s are %s', (hex, words) => {
		const bytes = new Uint8Array(Buffer.from(hex, 'hex'));
		expect(bytesToWords(bytes).join(' ')).toBe(words);
		expect(wordsToBytes(words)).toEqual({ ok: true, value: bytes });
	});

	test('are read however they are typed', () => {
		const bytes = fresh(16);
		const words = bytesToWords(bytes);
		expect(wordsToBytes(`  ${words.join(', ').toUpperCase()}.\n`)).toEqual({ ok: true, value: bytes });
		expect(wordsToBytes(words.map((word, at) => `${at + 1} ${word}`).join('\n'))).toMatchObject({ ok: false });
	});

	test('tell what is wrong with them', () => {
		const words = bytesToWords(new Uint8Array(16).fill(0x80));
		const said = (typed: readonly string[]) => wordsToBytes(typed.join(' '));
		expect(said(words.slice(1))).toMatchObject({ failure: { type: 'WordCountWrong', found: 11, wanted: 12 } });
		expect(said(words.with(3, 'absrud'))).toMatchObject({
			failure: { type: 'WordsUnknown', unknown: [{ place: 3, word: 'absrud' }] }
		});
		expect(said(words.with(3, 'orbit'))).toMatchObject({ failure: { type: 'WordsMistyped' } });
		expect(wordsToBytes('orbit '.repeat(1000))).toMatchObject({ failure: { type: 'WordCountWrong' } });
	});
});

test('a word with a slip is suggested as what it was meant to be', () => {
	const cases = { orbt: 'orbit', violni: 'violin', absrud: 'absurd', viol: 'violin', yellwo: 'yellow', zebra: 'zebra' };
	for (const [typed, meant] of Object.entries(cases)) expect(suggestWords(typed)[0]).toBe(meant);
	for (const typed of ['', 'qqqqqq', 'x'.repeat(1000)]) expect(suggestWords(typed)).toEqual([]);
});

test('words are drawn by eleven bits each', () => {
	expect(drawWords(Uint8Array.of(0, 0, 0, 0, 0), 3)).toEqual(['abandon', 'abandon', 'abandon']);
	expect(drawWords(Uint8Array.of(0, 0x3f, 0xff), 2)).toEqual(['ability', 'zoo']);
	const seen = new Set(Array.from({ length: 300 }, () => drawWords(fresh(5), 3).join(' ')));
	expect(seen.size).toBe(300);
});
