import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { WireValue } from '#core/kernel';
import { messageSchemas, parseMessage, protocolVersions } from '#core/sync';
import { isNightly } from '../../../../tests/tier.ts';

/**
 * The hash of all schemas of each version. A version that devices speak is not edited: other schemas are the next one. What
 * an older device reads as it did may come to it: codes of an end, of which it takes those that it does not know for others.
 */
const pinned: Readonly<Record<number, string>> = {
	1: 'd47fe887d1e934905b8bd08d2ad27bd7b6119f47c718e84a6def8aa0c46c091a'
};

/** A schema as text: what it is made of and what it expects. */
function describeSchema(part: unknown): unknown {
	if (Array.isArray(part)) return part.map(describeSchema);
	if (typeof part !== 'object' || part === null || part instanceof RegExp)
		return typeof part === 'function' ? 'function' : String(part);
	return Object.entries(part)
		.filter(([name]) => !name.startsWith('~') && name !== 'async' && name !== 'reference')
		.toSorted(([a], [b]) => (a < b ? -1 : 1))
		.map(([name, inner]) => [name, describeSchema(inner)]);
}

function hashOf(schemas: unknown): string {
	return bytesToHex(sha256(utf8ToBytes(JSON.stringify(describeSchema(schemas)))));
}

test('the messages are those of the version that is spoken', () => {
	expect(hashOf(messageSchemas)).toBe(pinned[protocolVersions.to]);
});

test('control: a bound that is another makes another hash', async () => {
	const { hello, ...others } = messageSchemas;
	const changed = structuredClone(describeSchema(hello.entries.domains));
	expect(JSON.stringify(changed)).toContain('<=64');
	expect(hashOf({ ...others, hello: { ...hello, entries: { ...hello.entries, domains: 1 } } })).not.toBe(
		hashOf(messageSchemas)
	);
});

const { wire } = fc.letrec<{ wire: WireValue }>((tie) => ({
	wire: fc.oneof(
		{ depthSize: 'small' },
		fc.constantFrom(null, true, false, ...Object.keys(messageSchemas), 'tags', '__proto__'),
		fc.integer({ min: -3, max: 9 }),
		fc.double(),
		fc.string(),
		fc.uint8Array({ maxLength: 20 }),
		fc.array(tie('wire')),
		fc.dictionary(fc.string(), tie('wire'))
	)
}));
const memberNames = [...new Set(Object.values(messageSchemas).flatMap(({ entries }) => Object.keys(entries)))];

test('whatever comes is a message of the protocol, passed over, or refused', () => {
	const message = fc
		.tuple(
			fc.constantFrom(...Object.keys(messageSchemas), 'of-a-later-version'),
			fc.dictionary(fc.constantFrom(...memberNames), wire)
		)
		.map(([kind, members]): WireValue => ({ ...members, kind }));
	fc.assert(
		fc.property(fc.oneof(wire, message), (value) => {
			const parsed = parseMessage(value);
			if (!parsed.ok) expect(parsed.failure.type).toBe('MessageWrong');
			else if (parsed.value !== null) expect(parseMessage(parsed.value)).toEqual(parsed);
		}),
		{ numRuns: isNightly ? 1_000_000 : 5_000 }
	);
}, 3_600_000);
