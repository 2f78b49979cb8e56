import * as v from 'valibot';

/** Says that the sender is still there, where it has said nothing else for long. */
export const pingSchema = v.object({ kind: v.literal('ping') });
