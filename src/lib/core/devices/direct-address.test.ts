import { expect, test } from 'vitest';
import { addressMax, parseDirectAddress, printDirectAddress } from './mod.ts';

const [fingerprint, channelKey] = [1, 2].map((byte) => new Uint8Array(32).fill(byte));
if (fingerprint === undefined || channelKey === undefined) throw new Error('two');
const keys = 'AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQECAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAg';

test.each([
	['192.168.100.200', '192.168.100.200'],
	['fd00::1', '[fd00::1]']
])('%s is named with a port and the two keys, and read again', (host, literal) => {
	const address = { host, port: 65_535, fingerprint, channelKey };
	const printed = printDirectAddress(address);
	expect(printed).toBe(`rtc://${literal}:65535#${keys}`);
	expect(printed?.length).toBeLessThanOrEqual(addressMax.letters);
	expect(parseDirectAddress(printed ?? '')).toEqual(address);
});

test('an address that is longer than others keep is none', () => {
	const host = '2001:db8:85a3:8d3:1319:8a2e:370:7348';
	expect(printDirectAddress({ host, port: 4_310, fingerprint, channelKey })).toBeNull();
});

test.each([
	'',
	'rtc://192.168.1.2:4310',
	`rtc://nas.local:4310#${keys}`,
	`rtc://192.168.1.256:4310#${keys}`,
	`rtc://192.168.1.2:0#${keys}`,
	`rtc://192.168.1.2:65536#${keys}`,
	`rtc://192.168.1.2#${keys}`,
	`rtc://192.168.1.2:4310#${keys}A`,
	`rtc://192.168.1.2:4310#${keys.slice(1)}`,
	`rtc://192.168.1.2:4310#${keys.slice(0, -1)}h`, // bits beyond the last byte
	`rtc://192.168.1.2:4310#${keys}\n`,
	`ws://192.168.1.2:4310/link#${keys}`
])('“%s” is none', (text) => expect(parseDirectAddress(text)).toBeNull());
