import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { blockBytes, paddingBytes, parseTarHeader, printTarHeader } from './tar.ts';

const path = fc.stringMatching(/^[a-z0-9./-]{1,100}$/);
const size = fc.nat({ max: 8 ** 11 - 1 });

describe('tar header', () => {
	test('is read back', () => {
		fc.assert(
			fc.property(path, size, (name, sizeBytes) => {
				const block = printTarHeader({ path: name, sizeBytes }, 1_700_000_000_000);
				expect(block && parseTarHeader(block)).toEqual({ path: name, sizeBytes });
			})
		);
	});

	test('says no to what the format cannot hold', () => {
		expect(printTarHeader({ path: 'x'.repeat(101), sizeBytes: 1 }, 0)).toBeNull();
		expect(printTarHeader({ path: 'x', sizeBytes: 8 ** 11 }, 0)).toBeNull();
	});

	test('any bytes are read or refused, never more', () => {
		fc.assert(
			fc.property(fc.uint8Array({ maxLength: 600 }), (block) => {
				parseTarHeader(block);
			})
		);
	});

	test('a changed byte is refused', () => {
		const block = printTarHeader({ path: 'a/b', sizeBytes: 5 }, 0);
		if (block === null) throw new Error('a short path is printed');
		// The checksum does not cover the padding of its own field.
		for (let at = 0; at < 148; at++) {
			const changed = block.slice();
			changed[at] = (changed[at] ?? 0) ^ 1;
			expect(parseTarHeader(changed)).toBeNull();
		}
	});
});

test('tar itself unpacks what is printed', () => {
	const folder = mkdtempSync(join(tmpdir(), 'atoll-tar-'));
	try {
		const content = Buffer.from('hello');
		const header = printTarHeader({ path: 'a.sdlibrary/library.json', sizeBytes: content.length }, 1_700_000_000_000);
		const padding = Buffer.alloc(paddingBytes(content.length) + 2 * blockBytes);
		writeFileSync(join(folder, 'x.tar'), Buffer.concat([header ?? Buffer.alloc(0), content, padding]));
		execFileSync('tar', ['xf', 'x.tar'], { cwd: folder });
		expect(readFileSync(join(folder, 'a.sdlibrary/library.json'), 'utf8')).toBe('hello');
	} finally {
		rmSync(folder, { recursive: true });
	}
});
