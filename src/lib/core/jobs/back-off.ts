import type { Failure } from '#core/kernel';

const soonMs = 2_000;
const soonMsMax = 5 * 60_000;
/** Tries in a row without any progress after which a job has failed. */
const soonTriesMax = 8;
const onlineMs = 30_000;
const onlineMsMax = 15 * 60_000;

function doubled(firstMs: number, failures: number, mostMs: number): number {
	return Math.min(mostMs, firstMs * 2 ** (failures - 1));
}

/**
 * How long a job waits after its `failures`th failure in a row until it is tried again; null: it has failed. What is
 * away is waited for without end, each time longer, up to a quarter of an hour.
 */
export function backOffMs(failure: Failure & { readonly retry?: string }, failures: number): number | null {
	switch (failure.retry) {
		case 'soon':
			return failures < soonTriesMax ? doubled(soonMs, failures, soonMsMax) : null;
		case 'when-online':
			return doubled(onlineMs, failures, onlineMsMax);
		default:
			return null;
	}
}
