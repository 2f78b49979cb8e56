import { expect, test } from 'vitest';
import { allowedHosts, hostOfHeader, isAnyAddress } from './host-names.ts';

test.each([
	['localhost', 'localhost'],
	['LOCALHOST:4310', 'localhost'],
	['[::1]:80', '[::1]'],
	['nas.local', 'nas.local'],
	['', null],
	['::1', null],
	['[::1', null],
	['a b', null],
	['a:b', null],
	['a:123456', null],
	['a:', null],
	['user@host', null],
	['a/b', null],
	['ä', null],
	['a\n', null]
])('the host of %j is %j', (header, host) => {
	expect(hostOfHeader(header)).toBe(host);
});

test('a single address to listen on is a name, all addresses are none', () => {
	expect([...allowedHosts('192.168.1.5', [])]).toContain('192.168.1.5');
	expect([...allowedHosts('fe80::1', ['NAS'])]).toEqual(['localhost', '127.0.0.1', '[::1]', '[fe80::1]', 'nas']);
	for (const any of ['0.0.0.0', '::', '[::]']) {
		expect(isAnyAddress(any)).toBe(true);
		expect([...allowedHosts(any, [])]).toEqual(['localhost', '127.0.0.1', '[::1]']);
	}
});
