import { entryId, err, invariant, ok, type EntryId, type Result } from '#core/kernel';
import type { DueOperation, StepContext } from '#core/actions';
import { anything, removeTrees } from '#core/bytes';
import { readTrashed } from '#core/index';
import type { DiskPlace } from '#core/ports';
import type { GivenUp } from './make-steps.ts';
import { dropBin, type End } from './move-steps.ts';
import { createPlaces, type Places, type StepsDeps } from './places.ts';
import type { DeleteEntry, FilesStepFailure } from './schema.ts';

/** What lies in the trash and is due to go, and the bin that it is in. */
type Doomed = { readonly id: EntryId; readonly bin: DiskPlace; readonly name: string };

async function findDoomed(
	{ database }: StepsDeps,
	places: Places,
	{ operation }: DueOperation<DeleteEntry>
): Promise<Result<Doomed, FilesStepFailure>> {
	const id = entryId(operation.entry);
	const trashed = database.read(() => readTrashed(database, id));
	if (!trashed.ok) return trashed;
	if (trashed.value === null) return err({ type: 'EntryGone' });
	const { location, bin, name } = trashed.value;
	const at = await places.trash(location, bin);
	return at.ok ? ok({ id, bin: at.value, name }) : at;
}

function isSameBin(a: Doomed, b: Doomed): boolean {
	return a.bin.root === b.bin.root && a.bin.path.at(-1) === b.bin.path.at(-1);
}

function gone({ index }: StepsDeps, { id }: Doomed): End {
	return ok({
		write: () => {
			index.writeGone(id);
			return null;
		}
	});
}

/** Removes what lies in one bin for good, and the bin once it is empty. */
async function deleteSome(deps: StepsDeps, bin: DiskPlace, doomed: readonly Doomed[], signal: AbortSignal) {
	const names = doomed.map(({ name }) => name);
	const removed = await removeTrees(deps, bin, names, anything, signal);
	await dropBin(deps, bin, new AbortController().signal);
	return removed.map((end, at): End => {
		const one = doomed[at];
		invariant(one !== undefined, 'there are no more answers than names');
		return end.ok ? gone(deps, one) : end;
	});
}

/** Removes what lies in the trash for good: at once what comes one after the other from one bin. */
export async function runDeletions(
	deps: StepsDeps,
	due: readonly DueOperation<DeleteEntry>[],
	{ signal }: StepContext
): Promise<End[]> {
	const places = createPlaces(deps, signal);
	const together: Doomed[] = [];
	for (const one of due) {
		const found = await findDoomed(deps, places, one);
		const [first] = together;
		if (!found.ok && first === undefined) return [found];
		if (!found.ok || (first !== undefined && !isSameBin(first, found.value))) break;
		together.push(found.value);
	}
	const [first] = together;
	return first === undefined ? [] : deleteSome(deps, first.bin, together, signal);
}

/** What was begun to be deleted for good is no whole thing any more: as long as anything of it is there it can be deleted again. */
export async function giveUpDeleting(
	deps: StepsDeps,
	due: DueOperation<DeleteEntry>,
	signal: AbortSignal
): Promise<GivenUp> {
	const doomed = await findDoomed(deps, createPlaces(deps, signal), due);
	if (!doomed.ok) return doomed.failure.type === 'EntryGone' ? ok(null) : doomed;
	const { bin, name } = doomed.value;
	const place = { root: bin.root, path: [...bin.path, name] };
	const there = await deps.files.look(place.root, place.path, signal);
	if (!there.ok) return err({ ...there.failure, place });
	if (there.value !== null) return ok(null);
	const [end] = await deleteSome(deps, bin, [doomed.value], signal);
	// Broken off it is as it was, and asked again.
	signal.throwIfAborted();
	invariant(end !== undefined, 'what is not broken off is answered');
	return end;
}
