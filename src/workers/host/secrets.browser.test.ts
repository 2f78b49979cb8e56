import { afterEach, expect, test } from 'vitest';
import { failureOf, never, valueOf } from '../../../tests/conformance/expectation.ts';
import { forget, keep, recall } from './device-store.ts';
import { createSecrets } from './secrets.ts';

const port = createSecrets();
const secret = Uint8Array.from({ length: 48 }, (_, at) => at + 100);

afterEach(async () => {
	for (const name of ['mine', 'other']) valueOf(await port.forget(name, never));
});

type Sealed = { iv: Uint8Array<ArrayBuffer>; sealed: ArrayBuffer };

async function storedAs(name: string): Promise<Sealed> {
	return (await recall('secrets', name)) as Sealed;
}

test('what is stored is sealed under a key that never leaves the browser', async () => {
	valueOf(await port.keep('mine', secret, never));
	const { iv, sealed } = await storedAs('mine');
	expect(iv.length).toBe(12);
	expect(new Uint8Array(sealed).join()).not.toContain(secret.subarray(0, 8).join());
	const key = await recall('secrets', '#device-key');
	expect(key).toBeInstanceOf(CryptoKey);
	expect((key as CryptoKey).extractable).toBe(false);
	await expect(crypto.subtle.exportKey('raw', key as CryptoKey)).rejects.toThrow();
});

test('the same secret is sealed otherwise each time', async () => {
	valueOf(await port.keep('mine', secret, never));
	const first = await storedAs('mine');
	valueOf(await port.keep('mine', secret, never));
	const second = await storedAs('mine');
	expect(first.iv.join()).not.toBe(second.iv.join());
	expect(new Uint8Array(first.sealed).join()).not.toBe(new Uint8Array(second.sealed).join());
});

test('what was changed, or put under another name, is not opened', async () => {
	const refused = { type: 'SecretStoreFailed', code: 'OperationError', retry: 'never' };
	valueOf(await port.keep('mine', secret, never));
	const { iv, sealed } = await storedAs('mine');
	const changed = new Uint8Array(sealed.slice(0));
	changed[5] = (changed[5] ?? 0) ^ 1;
	await keep('secrets', 'mine', { iv, sealed: changed.buffer });
	expect(failureOf(await port.recall('mine', never))).toEqual(refused);
	await keep('secrets', 'other', { iv, sealed });
	expect(failureOf(await port.recall('other', never))).toEqual(refused);
	await keep('secrets', 'mine', 'nonsense');
	expect(failureOf(await port.recall('mine', never))).toMatchObject({ code: 'UnknownFormat', retry: 'never' });
});

test('two tabs that start at once have one key', async () => {
	await forget('secrets', '#device-key');
	await Promise.all(['mine', 'other'].map((name) => createSecrets().keep(name, secret, never)));
	for (const name of ['mine', 'other']) expect(valueOf(await createSecrets().recall(name, never))).toEqual(secret);
});
