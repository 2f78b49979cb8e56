import { err, ok, type Result } from '#core/kernel';
import type { ContentProgress, IdentifyOutcome } from '#core/content';
import type { Location } from '#core/volumes';
import type { AnyFailure } from './failure.ts';
import type { OpenLibrary } from './open-library.ts';
import { printCount, printName, printNumber, printSize } from './print.ts';
import type { Shell } from './shell.ts';

function progressLine({ name }: Location, { files, filesLeft, filesPerSecond }: ContentProgress): string {
	const read = `${printNumber(files, 'file', 'files')} read`;
	return `/${printName(name)}: ${read}, ${printCount(filesLeft)} to go, ${printCount(filesPerSecond)}/s`;
}

/** How reading the files of a location ended, in one line; null where there was nothing to read. */
export function identifiedLine({ name }: Location, outcome: IdentifyOutcome): string | null {
	if (outcome.files === 0) return null;
	const seconds = (outcome.durationMs / 1000).toFixed(1);
	const read = `${printNumber(outcome.files, 'file', 'files')} read (${printSize(outcome.bytesRead)})`;
	const problems = outcome.problems === 0 ? '' : `, ${printCount(outcome.problems)} could not be`;
	return `/${printName(name)}: ${read}${problems} in ${seconds} s`;
}

/** Finds out what the files of a location are that nobody has looked at, with its progress on a terminal. */
export async function identifyFiles(
	{ core, commands, context }: OpenLibrary,
	location: Location,
	{ terminal, signal }: Shell
): Promise<Result<IdentifyOutcome, AnyFailure>> {
	const end = core.subscribe((event) => {
		if (event.type === 'content-progress' && event.progress.location === location.id)
			terminal.progress(progressLine(location, event.progress));
	});
	try {
		const outcome = await commands['content.identify']({ location: location.id }, context());
		return outcome.ok ? ok(outcome.value) : outcome;
	} catch (thrown) {
		if (signal.aborted) return err({ type: 'ContentPaused' });
		throw thrown;
	} finally {
		end();
		terminal.progress(null);
	}
}
