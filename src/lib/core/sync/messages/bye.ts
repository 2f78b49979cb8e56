import * as v from 'valibot';

/** Why a side ends the session; a code of a later version counts as `closing`. */
export const byeCodes = [
	'closing',
	'replaced',
	'version',
	'library',
	'device',
	'breach',
	'failed',
	'removed',
	'storage'
] as const;

/** The last message of a side. */
export const byeSchema = v.object({ kind: v.literal('bye'), code: v.fallback(v.picklist(byeCodes), 'closing') });
