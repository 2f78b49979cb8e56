import type { MergeRefusal } from '#core/sync';

/** Ends a transaction that has found in its midst that a batch is not to be merged: nothing of it stays. */
export class Refused extends Error {
	override readonly name = 'Refused';
	readonly why: MergeRefusal;
	constructor(why: MergeRefusal) {
		super(why.type);
		this.why = why;
	}
}
