import type { SecretsPort } from '#core/ports';
import { abortedSignal, equal, holds, isAbort, never, rejectionOf, valueOf, type Cases } from './expectation.ts';

export type SecretsWorld = {
	readonly port: SecretsPort;
	/** The same device after a restart. */
	readonly later: SecretsPort;
};

function utf8(text: string): Uint8Array {
	return new TextEncoder().encode(text);
}

function hex(bytes: Uint8Array): string {
	return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** PBKDF2-HMAC-SHA512, the first 32 bytes; computed with OpenSSL's `kdf` command. */
const vectors = [
	{
		password: 'password',
		salt: 'salt',
		rounds: 1,
		key: '867f70cf1ade02cff3752599a3a53dc4af34c7a669815ae5d513554e1c8cf252'
	},
	{
		password: 'password',
		salt: 'salt',
		rounds: 2,
		key: 'e1d9c16aa681708a45f5c7c4e215ceb66e011a2e9f0040713f18aefdb866d53c'
	},
	{
		password: 'password',
		salt: 'salt',
		rounds: 4_096,
		key: 'd197b1b33db0143e018b12f3d1d1479e6cdebdcc97c5c0f87f6902e072f457b5'
	},
	{
		password: 'passwordPASSWORDpassword',
		salt: 'saltSALTsaltSALTsaltSALTsaltSALTsalt',
		rounds: 4_096,
		key: '8c0511f4c6e597c6ac6315d8f0362e225f3c501495ba23b868c005174dc4ee71'
	}
] as const;

export const secretsCases: Cases<SecretsWorld> = {
	'stretches as RFC 8018 says': async ({ port }) => {
		for (const { password, salt, rounds, key } of vectors)
			equal(hex(await port.stretch(utf8(password), utf8(salt), rounds, never)), key);
		const empty = await port.stretch(new Uint8Array(0), utf8('salt'), 1, never);
		equal(empty.length, 32);
		equal(Object.getPrototypeOf(empty), Uint8Array.prototype);
	},
	'recalls what was kept, also later': async ({ port, later }) => {
		const secret = Uint8Array.from({ length: 64 }, (_, at) => 255 - at);
		valueOf(await port.keep('device', secret, never));
		equal(valueOf(await port.recall('device', never)), secret);
		equal(valueOf(await later.recall('device', never)), secret);
	},
	'replaces, and keeps each name apart': async ({ port }) => {
		const names = ['a', 'A', '', '../a', 'a/b', 'é', 'e\u0301', '#device-key ', 'x'.repeat(300), '\0'];
		for (const [at, name] of names.entries()) valueOf(await port.keep(name, new Uint8Array([at]), never));
		for (const [at, name] of names.entries()) equal(valueOf(await port.recall(name, never)), new Uint8Array([at]));
		valueOf(await port.keep('a', new Uint8Array([99, 98]), never));
		equal(valueOf(await port.recall('a', never)), new Uint8Array([99, 98]));
		valueOf(await port.keep('a', new Uint8Array(0), never));
		equal(valueOf(await port.recall('a', never)), new Uint8Array(0));
		for (const name of names) valueOf(await port.forget(name, never));
	},
	'keeps its own copy': async ({ port }) => {
		const secret = new Uint8Array([1, 2, 3]);
		valueOf(await port.keep('mine', secret, never));
		secret.fill(0);
		valueOf(await port.recall('mine', never))?.fill(0);
		equal(valueOf(await port.recall('mine', never)), new Uint8Array([1, 2, 3]));
	},
	forgets: async ({ port, later }) => {
		equal(valueOf(await port.recall('gone', never)), null);
		valueOf(await port.forget('gone', never));
		valueOf(await port.keep('gone', new Uint8Array([1]), never));
		valueOf(await port.forget('gone', never));
		equal(valueOf(await port.recall('gone', never)), null);
		equal(valueOf(await later.recall('gone', never)), null);
	},
	'throws when called off': async ({ port }) => {
		const signal = abortedSignal();
		const calls: readonly (() => Promise<unknown>)[] = [
			() => port.stretch(new Uint8Array(1), new Uint8Array(16), 1, signal),
			() => port.keep('never', new Uint8Array(1), signal),
			() => port.recall('never', signal),
			() => port.forget('never', signal)
		];
		for (const call of calls) holds(isAbort(await rejectionOf(call)), 'an aborted call throws AbortError');
		equal(valueOf(await port.recall('never', never)), null);
	}
};
