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
};

type Sample = { readonly atMs: number; readonly done: number };

/** Measures how fast a job goes. Times are of a clock that never goes back. */
export class Meter {
	#samples: Sample[];
	#last: Sample;
	#total: number | null;

	constructor(done: number, total: number | null, atMs: number) {
		this.#last = { atMs, done };
		this.#samples = [this.#last];
		this.#total = total;
	}

	tell(done: number, total: number | null, atMs: number): void {
		this.#last = { atMs, done };
		this.#total = total;
		if (atMs - (this.#samples.at(-1)?.atMs ?? -Infinity) < sampleEveryMs) return;
		this.#samples.push(this.#last);
		// The oldest that is kept lies just outside of the window, so that it is covered whole.
		while ((this.#samples[1]?.atMs ?? Infinity) <= atMs - windowMs) this.#samples.shift();
	}

	read(): Reading {
		const first = this.#samples[0] ?? this.#last;
		const passedMs = this.#last.atMs - first.atMs;
		const perMs = passedMs > 0 ? Math.max(0, this.#last.done - first.done) / passedMs : 0;
		const { done } = this.#last;
		const left = this.#total === null ? null : Math.max(0, this.#total - done);
		return {
			done,
			total: this.#total,
			perSecond: Math.round(perMs * 1000),
			leftMs: left === null || perMs === 0 ? null : Math.round(left / perMs)
		};
	}
}
