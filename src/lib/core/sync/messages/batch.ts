import * as v from 'valibot';
import { carried, name, pull } from './fields.ts';

/** A part of what a pull asked for. */
export const batchSchema = v.object({ kind: v.literal('batch'), domain: name, pull, batch: carried });
