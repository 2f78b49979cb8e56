import * as v from 'valibot';
import { deviceId, type DeviceId, type WireValue } from '#core/kernel';
import { addressMax } from '#core/devices';
import { tidyName } from '#core/pairing';
import type { Database } from '#core/schema';
import { deviceKeyOf, keepIntroduced, writeVouching, type IntroducedDevice, type Vouching } from '#core/sync';
import { Refused } from './refused.ts';

const keyBytes = 32;
const wordLengthMax = 256;
const device = v.pipe(
	v.string(),
	v.regex(/^[0-9a-f]{32}$/),
	v.transform((text) => deviceId(text))
);

/** That `by`, which signs it, knows a device by that key as one of the library. */
const introductionSchema = v.strictObject({
	library: v.pipe(v.string(), v.maxLength(wordLengthMax)),
	by: device,
	id: device,
	key: v.custom<Uint8Array>((value) => value instanceof Uint8Array && value.length === keyBytes),
	name: v.pipe(v.string(), v.maxLength(wordLengthMax), v.transform(tidyName)),
	kind: v.picklist(['', 'browser', 'peer']),
	addresses: v.pipe(
		v.array(v.pipe(v.string(), v.regex(/^[\x21-\x7e]+$/), v.maxLength(addressMax.letters))),
		v.maxLength(addressMax.count)
	)
});

export type Introduction = v.InferOutput<typeof introductionSchema>;

export function introductionToWire(library: string, by: DeviceId, known: IntroducedDevice): WireValue {
	const { id, key, name, kind, addresses } = known;
	return { library, by, id, key, name, kind, addresses: [...addresses] };
}

export function wireToIntroduction(value: WireValue): Introduction | null {
	const parsed = v.safeParse(introductionSchema, value);
	return parsed.success ? parsed.output : null;
}

/**
 * Knows a device from now on that one which is trusted here has vouched for, as `vouching` says; null where it was this one
 * itself, before an older copy was put back. Who was removed stays so, whoever speaks of it; one that is a member stays as
 * it is, and one that nobody vouched for any more is one again. Another key for it is refused. Run inside `write`, once
 * the signature was looked at.
 */
export function introduce(database: Database, told: Introduction, vouching: Vouching | null, nowMs: number): boolean {
	const known = deviceKeyOf(database, told.id);
	if (known?.slot === 0 || known?.isRemoved === true) return false;
	if (known?.key != null) {
		if (!known.key.every((byte, at) => byte === told.key[at]))
			throw new Refused({ type: 'BatchNotTheirs', owner: told.id });
		if (known.isMember) return false;
	} else if (!keepIntroduced(database, told, nowMs))
		throw new Refused({ type: 'BatchWrong', what: 'too many devices are known, or two with one key' });
	writeVouching(database, told.id, vouching);
	return true;
}
