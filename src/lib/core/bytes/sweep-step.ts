import { ok, type Result } from '#core/kernel';
import type { DiskPlace } from '#core/ports';
import { look } from './look.ts';
import { removeOwn } from './remove-tree.ts';
import { above, ownPrefix, type FilesDeps, type StepFailure } from './schema.ts';

/** Takes away what a step that nobody will ask for again has left beside its target. Nothing there is fine. */
export async function sweepStep(
	deps: FilesDeps,
	step: string,
	to: DiskPlace,
	signal: AbortSignal
): Promise<Result<null, StepFailure>> {
	const folder = above(to);
	const found = folder.path.length === 0 ? ok(true) : await look(deps, folder, signal);
	if (!found.ok) return found;
	if (found.value === null) return ok(null);
	const own = ownPrefix(step);
	const swept = await removeOwn(deps, folder, (name) => name.startsWith(own), signal);
	return swept.ok ? ok(null) : swept;
}
