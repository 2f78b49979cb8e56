import * as v from 'valibot';
import { name, pull } from './fields.ts';

/** The next batch of a pull is merged and durable: acknowledged, and room for another. */
export const mergedSchema = v.object({ kind: v.literal('merged'), domain: name, pull });
