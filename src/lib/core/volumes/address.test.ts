import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bytesToName, contentKey, deviceId, volumeKey } from '#core/kernel';
import { parseAddress, printAddress, type Address } from '#core/volumes';

const hex = (length: number) =>
	fc.uint8Array({ minLength: length, maxLength: length }).map((bytes) => Buffer.from(bytes).toString('hex'));
/** Any name that a Linux disk can hold, UTF-8 or not. */
const name = fc
	.uint8Array({ minLength: 1, maxLength: 255 })
	.filter(
		(bytes) => !bytes.includes(0) && !bytes.includes(0x2f) && !['.', '..'].includes(Buffer.from(bytes).toString())
	)
	.map(bytesToName);
const path = fc.array(name, { maxLength: 12 });
const volume = hex(16).map(volumeKey);
const address: fc.Arbitrary<Address> = fc.oneof(
	fc.record({ kind: fc.constant('device' as const), device: hex(16).map(deviceId), volume, path }),
	fc.record({ kind: fc.constant('cloud' as const), volume, path }),
	fc.record({ kind: fc.constant('content' as const), content: hex(32).map(contentKey) })
);
const utf8 = (text: string) => new TextEncoder().encode(text);
const device = '0123456789abcdef'.repeat(2);
const disk = 'fedcba9876543210'.repeat(2);

describe('an address', () => {
	test('comes back as it was, names that are no UTF-8 too', () => {
		fc.assert(
			fc.property(address, (one) => {
				const printed = printAddress(one);
				expect(printed).toMatch(/^atoll:\/\/[A-Za-z0-9._~%/-]+$/);
				expect(parseAddress(utf8(printed))).toEqual({ ok: true, value: one });
			})
		);
	});

	test('has one text: what was parsed is printed alike again', () => {
		fc.assert(
			fc.property(address, (one) => {
				const parsed = parseAddress(utf8(printAddress(one)));
				expect(parsed.ok && printAddress(parsed.value)).toBe(printAddress(one));
			})
		);
	});

	test('is read as people and programs change it: unescaped, in capitals, with a slash at the end', () => {
		const value = { kind: 'device', device, volume: disk, path: ['Café', 'a b'] };
		for (const text of [
			`atoll://${device}/${disk}/Caf%C3%A9/a%20b`,
			`ATOLL://${device.toUpperCase()}/${disk.toUpperCase()}/Caf%c3%a9/a b/`,
			`atoll://${device}/${disk}/Café/a%20b`
		])
			expect(parseAddress(utf8(text)), text).toEqual({ ok: true, value });
		expect(parseAddress(utf8(`atoll://${device}/${disk}`))).toMatchObject({ value: { path: [] } });
	});

	test.each([
		['', 'no-scheme'],
		['http://example.org', 'no-scheme'],
		['atoll:/content/', 'no-scheme'],
		['atoll://', 'no-device'],
		[`atoll://${device}0/${disk}`, 'no-device'],
		[`atoll://${device}`, 'no-volume'],
		[`atoll://${device}/x/y`, 'no-volume'],
		['atoll://cloud/', 'no-volume'],
		['atoll://content/', 'no-content'],
		[`atoll://content/${disk}`, 'no-content'],
		[`atoll://content/${disk}${disk}/more`, 'no-content'],
		[`atoll://${device}/${disk}/..`, 'path'],
		[`atoll://${device}/${disk}/%2e%2E/etc`, 'path'],
		[`atoll://${device}/${disk}/a//b`, 'path'],
		[`atoll://${device}/${disk}/a%2Fb`, 'path'],
		[`atoll://${device}/${disk}/a%00b`, 'path'],
		[`atoll://${device}/${disk}/a%2`, 'path'],
		[`atoll://${device}/${disk}/a%zz`, 'path'],
		[`atoll://${device}/${disk}/${'a'.repeat(1_048_576)}`, 'too-long']
	])('%s is refused', (text, reason) => {
		expect(parseAddress(utf8(text))).toEqual({ ok: false, failure: { type: 'AddressInvalid', reason } });
	});

	test('is refused or typed whatever the bytes are, and no part of its path leads elsewhere', () => {
		const garbled = fc.tuple(fc.constantFrom('', `atoll://${device}/${disk}/`, 'atoll://cloud/'), fc.uint8Array());
		fc.assert(
			fc.property(garbled, ([head, tail]) => {
				const parsed = parseAddress(Uint8Array.of(...utf8(head), ...tail));
				if (!parsed.ok || parsed.value.kind === 'content') return;
				for (const part of parsed.value.path) expect(part).not.toMatch(/^\.{0,2}$|[/\0]/);
			})
		);
	});
});
