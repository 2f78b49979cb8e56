import { describe, expect, it } from 'vitest';
import type { Content } from '#core/content';
import { contentId } from '#core/kernel';
import { identitySign, identityWords, proofWords } from './contents.ts';

const content = (sizeBytes: number): Content => ({
	id: contentId(1),
	identity: new Uint8Array(32).fill(0x0a),
	sizeBytes,
	type: { id: 'text', kind: 'text', words: 'Text' },
	confidence: 100,
	proof: null
});
const known = (sizeBytes: number, proven: boolean, copiesCount: number) => ({
	content: content(sizeBytes),
	proven,
	damaged: false,
	copies: [],
	copiesCount
});

describe('words for contents', () => {
	it('says how much of a file was looked at', () => {
		expect(identityWords(known(100 * 1024, false, 0))).toMatch(/all/);
		expect(identityWords(known(100 * 1024 + 1, false, 0))).toMatch(/parts/);
		expect(identityWords(known(100 * 1024 + 1, true, 0))).toMatch(/all/);
		expect(identityWords({ content: null, proven: false })).toBeNull();
	});

	it('says what is proven, and of a lone file nothing that it need not know', () => {
		expect(proofWords(known(5e6, true, 2))).toMatch(/^Proven/);
		expect(proofWords(known(5e6, false, 2))).toMatch(/^Not proven/);
		expect(proofWords(known(5e6, false, 0))).toBeNull();
	});

	it('shortens an identity', () => {
		expect(identitySign(new Uint8Array(32).fill(0x0a))).toBe('0a0a0a0a0a0a0a0a');
	});
});
