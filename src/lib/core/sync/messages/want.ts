import * as v from 'valibot';
import { carried, name, pull } from './fields.ts';

/** Begins a pull: the sender has `have` of a domain, and asks for all that it lacks. It ends a pull before it. */
export const wantSchema = v.object({ kind: v.literal('want'), domain: name, pull, have: carried });
