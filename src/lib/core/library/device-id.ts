import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import { deviceIdOfKey, deviceKeys, deviceSeedBytes, type DeviceKeys } from '#core/crypto';
import { deviceId, ok, type DeviceId, type Result } from '#core/kernel';
import type { Host, SecretsFailure, SecretsPort } from '#core/ports';

const idName = 'device-id';
const seedName = 'device-seed';
const idBytes = 16;

type Means = Pick<Host, 'secrets' | 'random'>;

/** What this device is known by, and what it proves that with. */
export type DeviceIdentity = { readonly id: DeviceId; readonly keys: DeviceKeys };

/** Who asked first for what a store keeps: two who ask at once must not draw two keys. */
const askers = new WeakMap<SecretsPort, Promise<unknown>>();

function inTurn<T>(secrets: SecretsPort, ask: () => Promise<T>): Promise<T> {
	const turn = (askers.get(secrets) ?? Promise.resolve()).then(ask, ask);
	askers.set(secrets, turn);
	return turn;
}

async function recallSized(
	secrets: SecretsPort,
	name: string,
	length: number,
	signal: AbortSignal
): Promise<Result<Uint8Array | null, SecretsFailure>> {
	const known = await secrets.recall(name, signal);
	return known.ok && known.value?.length !== length ? ok(null) : known;
}

async function readKeys({ secrets, random }: Means, signal: AbortSignal): Promise<Result<DeviceKeys, SecretsFailure>> {
	const known = await recallSized(secrets, seedName, deviceSeedBytes, signal);
	if (!known.ok) return known;
	if (known.value !== null) return ok(deviceKeys(known.value));
	const drawn = random.bytes(deviceSeedBytes);
	const kept = await secrets.keep(seedName, drawn, signal);
	return kept.ok ? ok(deviceKeys(drawn)) : kept;
}

async function readIdentity(means: Means, signal: AbortSignal): Promise<Result<DeviceIdentity, SecretsFailure>> {
	const keys = await readKeys(means, signal);
	if (!keys.ok) return keys;
	const known = await recallSized(means.secrets, idName, idBytes, signal);
	if (!known.ok) return known;
	if (known.value !== null) return ok({ id: deviceId(bytesToHex(known.value)), keys: keys.value });
	const id = deviceIdOfKey(keys.value.signing.public);
	const kept = await means.secrets.keep(idName, hexToBytes(id), signal);
	return kept.ok ? ok({ id, keys: keys.value }) : kept;
}

/**
 * Who this device is, the same for each library on it. Its keys come of a seed that it draws when it is first asked;
 * the id is made from them, so that no other device can have it. A device that had an id before it had keys stays who
 * it is: other devices then hold its key beside its id.
 */
export function readDeviceIdentity(means: Means, signal: AbortSignal): Promise<Result<DeviceIdentity, SecretsFailure>> {
	return inTurn(means.secrets, () => readIdentity(means, signal));
}

/** What this device is known by. */
export async function readDeviceId(means: Means, signal: AbortSignal): Promise<Result<DeviceId, SecretsFailure>> {
	const known = await recallSized(means.secrets, idName, idBytes, signal);
	if (!known.ok) return known;
	if (known.value !== null) return ok(deviceId(bytesToHex(known.value)));
	const identity = await readDeviceIdentity(means, signal);
	return identity.ok ? ok(identity.value.id) : identity;
}
