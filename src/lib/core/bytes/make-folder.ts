import { ok, type Result } from '#core/kernel';
import type { DiskPlace } from '#core/ports';
import { lookExactly } from './look.ts';
import { above, failedAt, type FilesDeps, type StepFailure } from './schema.ts';

/**
 * Makes a folder, which then outlasts a loss of power. Where a folder of exactly that name is there it is left as it is:
 * `wasThere`, which may be of an earlier run.
 */
export async function makeFolder(
	deps: FilesDeps,
	at: DiskPlace,
	signal: AbortSignal
): Promise<Result<{ readonly wasThere: boolean }, StepFailure>> {
	const made = await deps.changes.makeFolder(at, signal);
	if (!made.ok && made.failure.type !== 'NameTaken') return failedAt(at, made.failure);
	if (!made.ok) {
		const found = await lookExactly(deps, at, signal);
		if (!found.ok) return found;
		if (found.value === null || found.value === 'other' || found.value.kind !== 'directory')
			return failedAt(at, made.failure);
	}
	const flushed = await deps.changes.flush([], [above(at)], signal);
	return flushed.ok ? ok({ wasThere: !made.ok }) : failedAt(at, flushed.failure);
}
