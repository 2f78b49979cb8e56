import { bytesToHex } from '@noble/hashes/utils.js';
import { deviceId, ok, type DeviceId, type Result } from '#core/kernel';
import type { Host, SecretsFailure } from '#core/ports';

const secretName = 'device-id';
const idBytes = 16;

/** What this device is known by, the same for each library on it; drawn by chance when it is first asked for. */
export async function readDeviceId(
	{ secrets, random }: Pick<Host, 'secrets' | 'random'>,
	signal: AbortSignal
): Promise<Result<DeviceId, SecretsFailure>> {
	const known = await secrets.recall(secretName, signal);
	if (!known.ok) return known;
	if (known.value?.length === idBytes) return ok(deviceId(bytesToHex(known.value)));
	const drawn = random.bytes(idBytes);
	const kept = await secrets.keep(secretName, drawn, signal);
	return kept.ok ? ok(deviceId(bytesToHex(drawn))) : kept;
}
