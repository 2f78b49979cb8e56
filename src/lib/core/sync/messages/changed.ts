import * as v from 'valibot';
import { digest, name } from './fields.ts';

/** What the sender has of a domain is something else now; who has the same digest already has nothing to ask for. */
export const changedSchema = v.object({ kind: v.literal('changed'), domain: name, digest });
