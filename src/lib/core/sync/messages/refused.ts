import * as v from 'valibot';
import { name, pull } from './fields.ts';

/** Why a batch, or what was asked for, was refused; a code of a later version counts as `wrong`. */
export const refusalCodes = ['wrong', 'future', 'not-theirs', 'deletes-much'] as const;
const code = v.fallback(v.picklist(refusalCodes), 'wrong');

/** Ends a pull from either side: the asker merges no more of it, or the giver gives no more. */
export const refusedSchema = v.object({
	kind: v.literal('refused'),
	domain: name,
	/** Each side counts its own pulls. */
	pull,
	by: v.picklist(['asker', 'giver']),
	code
});
