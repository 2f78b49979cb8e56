import { err, ok, type Failure, type Result } from '#core/kernel';
import type { JsonValue } from '#core/schema';
import type { JobEnd } from './schema.ts';

/** What whoever waits for a job is answered: its outcome as `read` has it, why it failed, or that somebody stopped it. */
export function endToResult<T, F extends Failure, C extends Failure, P extends Failure>(
	end: JobEnd<F>,
	read: (outcome: JsonValue) => T,
	stopped: { readonly cancelled: C; readonly paused: P }
): Result<T, F | C | P> {
	switch (end.end) {
		case 'completed':
			return ok(read(end.outcome));
		case 'failed':
			return { ok: false, failure: end.failure };
		case 'cancelled':
			return err(stopped.cancelled);
		case 'paused':
		case 'interrupted':
			return err(stopped.paused);
	}
}
