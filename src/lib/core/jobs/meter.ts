/** Time over which a rate is taken: shorter jumps about, longer tells of what has long changed. */
const windowMs = 5_000;
/** A sample is kept at most this often, so that a window stays small. */
const sampleEveryMs = 250;

export type Reading = {
	readonly done: number;
	readonly total: number | null;
	/** Items in a second, of the last seconds; 0 before there is anything to tell. */
	readonly perSecond: number;
	/** Null where the total or the rate is not known. */
	readonly leftMs: number | null;
	/** 0 where bytes do not count. */
	readonly doneBytes: number;
	readonly totalBytes: number | null;
	readonly bytesPerSecond: number;
};

/** How far a job is. */
export type Amount = {
	readonly done: number;
	readonly total: number | null;
	readonly doneBytes: number;
	readonly totalBytes: number | null;
};

type Sample = { readonly atMs: number; readonly done: number; readonly doneBytes: number };

/** How long the rest takes at a rate; null where that cannot be told. */
function leftMsOf(done: number, total: number | null, perMs: number): number | null {
	const left = total === null ? null : Math.max(0, total - done);
	return left === null || perMs === 0 ? null : left / perMs;
}

/** Measures how fast a job goes. Times are of a clock that never goes back. */
export class Meter {
	#samples: Sample[];
	#last: Sample;
	#amount: Amount;

	constructor(amount: Amount, atMs: number) {
		this.#last = { atMs, done: amount.done, doneBytes: amount.doneBytes };
		this.#samples = [this.#last];
		this.#amount = amount;
	}

	tell(amount: Amount, atMs: number): void {
		this.#last = { atMs, done: amount.done, doneBytes: amount.doneBytes };
		this.#amount = amount;
		if (atMs - (this.#samples.at(-1)?.atMs ?? -Infinity) < sampleEveryMs) return;
		this.#samples.push(this.#last);
		// The oldest that is kept lies just outside of the window, so that it is covered whole.
		while ((this.#samples[1]?.atMs ?? Infinity) <= atMs - windowMs) this.#samples.shift();
	}

	read(): Reading {
		const first = this.#samples[0] ?? this.#last;
		const passedMs = this.#last.atMs - first.atMs;
		const perMs = passedMs > 0 ? Math.max(0, this.#last.done - first.done) / passedMs : 0;
		const bytesPerMs = passedMs > 0 ? Math.max(0, this.#last.doneBytes - first.doneBytes) / passedMs : 0;
		const { done, total, doneBytes, totalBytes } = this.#amount;
		const leftMs = leftMsOf(done, total, perMs);
		// Small files first or large ones first: of the two estimates the later one errs less.
		const bytesLeftMs = leftMsOf(doneBytes, totalBytes, bytesPerMs);
		return {
			...this.#amount,
			perSecond: Math.round(perMs * 1000),
			bytesPerSecond: Math.round(bytesPerMs * 1000),
			leftMs: leftMs === null ? null : Math.round(Math.max(leftMs, bytesLeftMs ?? 0))
		};
	}
}
