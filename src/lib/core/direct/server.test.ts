import { expect, test } from 'vitest';
import { parseDirectServer } from './mod.ts';

test('servers are read as people name them', () => {
	expect(parseDirectServer('stun:nas.example')).toEqual({ urls: 'stun:nas.example' });
	expect(parseDirectServer('stun:[::1]:3478')).toEqual({ urls: 'stun:[::1]:3478' });
	expect(parseDirectServer('turn:1700000000%3Aatoll:a%2Fb%2B%3D@nas.example:3478?transport=udp')).toEqual({
		urls: 'turn:nas.example:3478?transport=udp',
		username: '1700000000:atoll',
		credential: 'a/b+='
	});
	for (const wrong of [
		'',
		'nas.example',
		'stun:',
		'stun:a:b@c',
		'turn:nas.example',
		'turn:a:%zz@b',
		'http://a',
		'stun:a b'
	])
		expect([wrong, parseDirectServer(wrong)]).toEqual([wrong, null]);
	expect(parseDirectServer(`stun:${'a'.repeat(600)}`)).toBeNull();
});
