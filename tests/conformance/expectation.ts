/**
 * Expectations that hold in any thread. The suites run in a bare worker too, where no test runner is.
 */
export class Unmet extends Error {
	override readonly name = 'Unmet';
}

function show(value: unknown): string {
	const text = JSON.stringify(value, (_key, part: unknown) => {
		if (part instanceof Uint8Array) return `bytes(${part.length}) ${Array.from(part.subarray(0, 24)).join(' ')}`;
		if (typeof part === 'bigint' || part === undefined) return String(part);
		// JSON has neither of them and would say null.
		return typeof part === 'number' && !Number.isFinite(part) ? String(part) : part;
	});
	return text.length > 400 ? `${text.slice(0, 400)}…` : text;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
	return typeof value === 'object' && value !== null;
}

function same(actual: unknown, expected: unknown): boolean {
	if (Object.is(actual, expected)) return true;
	if (!isRecord(actual) || !isRecord(expected)) return false;
	// A Buffer is not the plain bytes that the ports promise, though it looks the same.
	if (Object.getPrototypeOf(actual) !== Object.getPrototypeOf(expected) && expected instanceof Uint8Array) return false;
	if (Array.isArray(actual) !== Array.isArray(expected)) return false;
	const keys = Object.keys(expected);
	return keys.length === Object.keys(actual).length && keys.every((key) => same(actual[key], expected[key]));
}

export function equal(actual: unknown, expected: unknown, claim = ''): void {
	if (!same(actual, expected)) throw new Unmet(`${claim} expected ${show(expected)}, got ${show(actual)}`.trim());
}

export function holds(condition: unknown, claim: string): asserts condition {
	if (!condition) throw new Unmet(`does not hold: ${claim}`);
}

/** The value of an `ok`; the failure is the message otherwise. */
export function valueOf<T>(result: { ok: true; value: T } | { ok: false; failure: unknown }): T {
	if (!result.ok) throw new Unmet(`unexpected failure ${show(result.failure)}`);
	return result.value;
}

/** The failure of an `err`. */
export function failureOf<F>(result: { ok: true; value: unknown } | { ok: false; failure: F }): F {
	if (result.ok) throw new Unmet(`unexpected success ${show(result.value)}`);
	return result.failure;
}

/** What `work` throws. */
export function thrownBy(work: () => unknown): unknown {
	try {
		work();
	} catch (error) {
		return error;
	}
	throw new Unmet('nothing was thrown');
}

/** What `work` rejects with. */
export async function rejectionOf(work: () => Promise<unknown>): Promise<unknown> {
	try {
		await work();
	} catch (error) {
		return error;
	}
	throw new Unmet('nothing was thrown');
}

/** What a port must do, by name, in a world made afresh for each. */
export type Cases<World> = Readonly<Record<string, (world: World) => Promise<void>>>;

/** A world of one case: `dispose` leaves nothing behind. */
export type Disposable<World> = { readonly world: World; dispose(): Promise<void> };

export const never = new AbortController().signal;

export function abortedSignal(): AbortSignal {
	return AbortSignal.abort(new DOMException('called off', 'AbortError'));
}

export function isAbort(error: unknown): boolean {
	return error instanceof Error && error.name === 'AbortError';
}
