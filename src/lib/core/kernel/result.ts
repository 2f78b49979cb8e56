/** An expected failure: plain tagged data that survives structured clone. Words for people live in `ui/words`. */
export type Failure = { readonly type: string };

/** What a fallible operation returns: `value` when `ok`, else `failure`. */
export type Result<T, F extends Failure> =
	{ readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: F };

export function ok<T>(value: T): { readonly ok: true; readonly value: T } {
	return { ok: true, value };
}

export function err<const F extends Failure>(failure: F): { readonly ok: false; readonly failure: F } {
	return { ok: false, failure };
}

export function isOk<T, F extends Failure>(result: Result<T, F>): result is { ok: true; value: T } {
	return result.ok;
}
