import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { deviceIdOfKey } from '#core/crypto';
import type { Failure, Result } from '#core/kernel';
import { readDeviceId, readDeviceIdentity } from '#core/library';
import { createSimSecrets } from '../../../../tests/sim/host/secrets.ts';

const signal = new AbortController().signal;
const random = { bytes: (length: number) => new Uint8Array(randomBytes(length)) };

function given<T, F extends Failure>(result: Result<T, F>): T {
	if (!result.ok) throw new Error(`expected a value: ${result.failure.type}`);
	return result.value;
}

test('a new device has an id that is made from its key, and keeps both', async () => {
	const means = { secrets: createSimSecrets(), random };
	const id = given(await readDeviceId(means, signal));
	const identity = given(await readDeviceIdentity(means, signal));
	expect(identity.id).toBe(id);
	expect(id).toBe(deviceIdOfKey(identity.keys.signing.public));
	expect(given(await readDeviceIdentity(means, signal))).toEqual(identity);
	const other = given(await readDeviceIdentity({ secrets: createSimSecrets(), random }, signal));
	expect(other.id).not.toBe(id);
});

test('a device that had an id before there were keys keeps its id', async () => {
	const means = { secrets: createSimSecrets(), random };
	const old = random.bytes(16);
	given(await means.secrets.keep('device-id', old, signal));
	const identity = given(await readDeviceIdentity(means, signal));
	expect(identity.id).toBe(Buffer.from(old).toString('hex'));
	expect(identity.id).not.toBe(deviceIdOfKey(identity.keys.signing.public));
	expect(given(await readDeviceIdentity(means, signal))).toEqual(identity);
});

test('all who ask at once for the first time are told the same', async () => {
	const means = { secrets: createSimSecrets(), random };
	const asked = Array.from({ length: 5 }, (_, at) =>
		at % 2 === 0
			? readDeviceIdentity(means, signal).then(given)
			: readDeviceId(means, signal).then((id) => ({ id: given(id) }))
	);
	const told = await Promise.all(asked);
	expect(new Set(told.map(({ id }) => id)).size).toBe(1);
});

test('a store that fails is told of, and nothing is made up', async () => {
	const means = { secrets: createSimSecrets(), random };
	means.secrets.broken = true;
	expect((await readDeviceId(means, signal)).ok).toBe(false);
	expect((await readDeviceIdentity(means, signal)).ok).toBe(false);
	means.secrets.broken = false;
	expect((await readDeviceIdentity(means, signal)).ok).toBe(true);
});
