import { ok, type Result } from '#core/kernel';
import type { DiskPlace } from '#core/ports';
import { look } from './look.ts';
import { removeOwn, removeTree } from './remove-tree.ts';
import { above, beside, ownPrefix, partName, type FilesDeps, type StepFailure } from './schema.ts';

/**
 * Takes away what a step that nobody will ask for again has left on its way. Nothing there is fine. Where a host cannot
 * rename folders, the whole files of a folder that was being copied stay in it.
 */
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
	const mark = await look(deps, beside(to, partName(step)), signal);
	if (!mark.ok) return mark;
	if (mark.value?.kind === 'file' && !deps.changes.renamesFolders) {
		const parts = await removeTree(deps, to, async (_, { name }) => ok(name.startsWith(own)), signal);
		if (!parts.ok) return parts;
	}
	const swept = await removeOwn(deps, folder, (name) => name.startsWith(own), signal);
	return swept.ok ? ok(null) : swept;
}
