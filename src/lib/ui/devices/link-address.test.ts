import { expect, test } from 'vitest';
import { isLink, linkAddress } from './link-address.ts';

const page = { protocol: 'https:', host: 'nas.local:4173' };

test.each([
	['', page, 'wss://nas.local:4173/link'],
	['  ', { protocol: 'http:', host: 'localhost:4173' }, 'ws://localhost:4173/link'],
	['cellar.local', page, 'wss://cellar.local/link'],
	['cellar.local:99/', page, 'wss://cellar.local:99/link'],
	['tls://10.0.0.2:4311', page, 'tls://10.0.0.2:4311']
])('“%s” is called', (typed, from, address) => expect(linkAddress(typed, from)).toBe(address));

test('only a link says where the other device is', () => {
	expect(isLink('https://nas.local/#pair=1.AAAA')).toBe(true);
	expect(isLink('7-orbit-violin')).toBe(false);
});
