import { utf8ToBytes } from '@noble/hashes/utils.js';
import { err, ok, type Result } from '#core/kernel';
import type { DueOperation, StepContext, StepDone } from '#core/actions';
import { sweepStep, writeFile } from '#core/bytes';
import { added, copyDue, giveUpDue, type GivenUp } from './make-steps.ts';
import { createPlaces, lookAt, settle, type Places, type StepsDeps } from './places.ts';
import type { FilesOperation, FilesStepFailure, IngestEntry, MakeFile } from './schema.ts';

type End = Result<StepDone<FilesOperation>, FilesStepFailure>;

const missing: ReadonlySet<string> = new Set(['FileMissing', 'FolderMissing', 'FolderNeedsConsent']);

/** Whether a source is not there any more, as a whole. */
async function isGone({ files }: StepsDeps, failure: FilesStepFailure, { source }: IngestEntry, signal: AbortSignal) {
	return missing.has(failure.type) && !(await files.rootName(source, signal)).ok;
}

/** What takes a folder back: the rules of its location may leave out some of what came. */
function lenient(inverse: FilesOperation | null): FilesOperation | null {
	return inverse?.kind === 'trash-entry' && inverse.seen.kind === 'directory'
		? { ...inverse, isAtMost: true }
		: inverse;
}

/** Where the source is gone nothing is to be waited for: what was on its way goes, what is whole stays. */
async function endGone(
	deps: StepsDeps,
	{ operation, step }: DueOperation<IngestEntry>,
	end: End,
	signal: AbortSignal
): Promise<End> {
	if (end.ok) return ok({ write: () => lenient(end.value.write()) });
	if (signal.aborted || !(await isGone(deps, end.failure, operation, signal))) return end;
	const to = await createPlaces(deps, signal).of(operation.to);
	if (to.ok) await sweepStep(deps, step, to.value, signal);
	return err({ type: 'SourceGone', retry: 'never' });
}

const sourceOutside = async ({ source, path }: IngestEntry) => ok({ root: source, path });

/** As `giveUpCopying`; where the source is gone, what was on its way goes. */
export async function giveUpIngesting(
	deps: StepsDeps,
	due: DueOperation<IngestEntry>,
	signal: AbortSignal
): Promise<GivenUp> {
	const given = await giveUpDue(deps, due, sourceOutside, signal);
	if (!given.ok) return endGone(deps, due, given, signal);
	return given.value === null ? given : endGone(deps, due, ok(given.value), signal);
}

/** Brings what is due from outside the library, as `runCopies` copies within it. */
export async function runIngests(
	deps: StepsDeps,
	due: readonly DueOperation<IngestEntry>[],
	context: StepContext
): Promise<End[]> {
	const ends = await copyDue(deps, due, sourceOutside, context);
	const ended: End[] = [];
	for (const [at, end] of ends.entries()) {
		const one = due[at];
		if (one !== undefined) ended.push(await endGone(deps, one, end, context.signal));
	}
	return ended;
}

async function makeOne(
	deps: StepsDeps,
	places: Places,
	{ operation: { at, text }, step, isRepeat }: DueOperation<MakeFile>,
	signal: AbortSignal
): Promise<End> {
	const to = await places.of(at);
	if (!to.ok) return to;
	const bytes = utf8ToBytes(text);
	const made = await writeFile(deps, { step, to: to.value, bytes, isFirst: !isRepeat }, signal);
	if (!made.ok) return { ok: false, failure: await settle(deps, to.value, made.failure, signal) };
	const disk = await lookAt(deps, to.value, signal);
	return disk.ok ? ok(added(deps, at, { items: 1, sizeBytes: bytes.length }, disk.value)) : disk;
}

/** Makes files of the text that is given. */
export async function runMakeFiles(
	deps: StepsDeps,
	due: readonly DueOperation<MakeFile>[],
	{ signal }: StepContext
): Promise<End[]> {
	const places = createPlaces(deps, signal);
	const ends: End[] = [];
	for (const one of due) ends.push(await makeOne(deps, places, one, signal));
	return ends;
}
