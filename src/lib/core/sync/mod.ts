/**
 * sync: what devices tell each other, and how it becomes one.
 *
 * Guarantees: what is merged is the same on every device, whatever the order in which it came, however often.
 */
export type { Batch, Have, MergeRefusal, SyncDomain } from './domain.ts';
