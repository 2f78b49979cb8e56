import { err, ok, type EntryId, type Result } from '#core/kernel';
import type { IndexOutcome, IndexProgress } from '#core/index';
import type { Location } from '#core/volumes';
import type { AnyFailure } from './failure.ts';
import type { OpenLibrary } from './open-library.ts';
import { printCount, printName, printNumber } from './print.ts';
import type { Shell } from './shell.ts';

function progressLine(
	{ name }: Location,
	{ entries, foldersLeft, entriesPerSecond }: Omit<IndexProgress, 'location'>
): string {
	const left = `${printNumber(foldersLeft, 'folder', 'folders')} to go`;
	return `/${printName(name)}: ${printNumber(entries, 'entry', 'entries')}, ${left}, ${printCount(entriesPerSecond)}/s`;
}

/** How a run ended, in one line. */
export function outcomeLine({ name }: Location, outcome: IndexOutcome): string {
	const { entries, added, changed, moved, removed, leftOut, problems, durationMs } = outcome;
	const counts = `${printCount(added)} new, ${printCount(changed)} changed, ${printCount(moved)} moved, ${printCount(removed)} gone${leftOut === 0 ? '' : `, ${printCount(leftOut)} left out by rules`}`;
	const skipped = problems === 0 ? '' : `; ${printNumber(problems, 'problem', 'problems')}`;
	const seconds = (durationMs / 1000).toFixed(1);
	return `/${printName(name)}: ${printNumber(entries, 'entry', 'entries')} (${counts}${skipped}) in ${seconds} s`;
}

/** `folder`: a part of the location instead of all of it. */
export type IndexWish = {
	readonly acceptEmpty: boolean;
	readonly folder: { readonly folder: EntryId; readonly isDeep: boolean } | null;
};

/** Indexes one location, or a part of it, to the end, with its progress on a terminal. An interruption keeps what was committed. */
export async function runIndex(
	{ core, commands, context }: OpenLibrary,
	location: Location,
	{ acceptEmpty, folder }: IndexWish,
	{ terminal, signal }: Shell
): Promise<Result<IndexOutcome, AnyFailure>> {
	const end = core.subscribe((event) => {
		if (event.type === 'index-progress' && event.progress.location === location.id)
			terminal.progress(progressLine(location, event.progress));
	});
	terminal.progress(progressLine(location, { entries: 0, foldersLeft: 1, entriesPerSecond: 0 }));
	try {
		const outcome =
			folder === null
				? await commands['index.run']({ location: location.id, acceptEmpty }, context())
				: await commands['index.folder'](folder, context());
		return outcome.ok ? ok(outcome.value) : outcome;
	} catch (thrown) {
		if (signal.aborted) return err({ type: 'IndexPaused' });
		throw thrown;
	} finally {
		end();
		terminal.progress(null);
	}
}
