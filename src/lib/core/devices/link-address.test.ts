import { expect, test } from 'vitest';
import { parseLinkAddress, printLinkAddress, withChannelKey } from './mod.ts';

const channelKey = Uint8Array.from({ length: 32 }, (_, at) => 255 - at);
const key = '__79_Pv6-fj39vX08_Lx8O_u7ezr6uno5-bl5OPi4eA';

test.each(['ws://localhost:4310/link', 'wss://nas.example/link', 'ws://[::1]:1/link', 'ws://192.168.1.2:65535/link'])(
	'%s is an address, with a key and without',
	(url) => {
		expect(parseLinkAddress(url)).toEqual({ url, channelKey: null });
		const printed = printLinkAddress({ url, channelKey });
		expect(printed).toBe(`${url}#${key}`);
		expect(parseLinkAddress(printed)).toEqual({ url, channelKey });
		expect([withChannelKey(url, channelKey), withChannelKey(printed, channelKey)]).toEqual([printed, printed]);
	}
);

test.each([
	'',
	'tls://localhost:4311',
	'http://localhost:4310/link',
	'ws://localhost:4310/',
	'ws://localhost:4310/link/',
	'ws://localhost:4310/link?x',
	'ws://user@localhost/link',
	'ws://localhost:123456/link',
	'ws://localhost/link#',
	`ws://localhost/link#${key}A`,
	`ws://localhost/link#${key.slice(1)}`,
	`ws://localhost/link#${key.slice(0, -1)}B`, // bits beyond the last byte
	`ws://localhost/link#${key}\n`,
	`ws://${'a'.repeat(120)}/link`
])('“%s” is none', (text) => {
	expect(parseLinkAddress(text)).toBeNull();
	expect(withChannelKey(text, channelKey)).toBe(text);
});
