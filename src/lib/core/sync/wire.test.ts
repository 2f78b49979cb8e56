import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { expect, test } from 'vitest';
import { messageSchemas, protocolVersions } from '#core/sync';

/** The hash of all schemas of each version. A version that devices speak is not edited: other schemas are the next one. */
const pinned: Readonly<Record<number, string>> = {
	1: 'b225e7319e4e4e000035351931aa7fb6439b5241b4d516a54ab0b09370c8d90d'
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
