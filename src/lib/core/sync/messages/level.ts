import * as v from 'valibot';
import { digest, name, pull } from './fields.ts';

/** The end of a pull: there is nothing more. `digest` is of what the asker has now if it merged all that came. */
export const levelSchema = v.object({ kind: v.literal('level'), domain: name, pull, digest });
