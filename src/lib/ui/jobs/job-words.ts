/** What a job is and how it stands, in plain words. */
import type { AnyJob, JobKind } from '#core';
import type { Location } from '#core/volumes';
import { visibleName } from '#ui/files/name-parts.ts';
import { failureWords } from '#ui/words/failures.ts';
import { countWords, dateWords, plural, sizeWords, spanWords } from '#ui/words/values.ts';

type KindWords = {
	/** While it is to be done, and when it is done. */
	readonly title: (subject: string, isDone: boolean) => string;
	readonly unit: string;
};

/** A kind of job without words does not compile. */
const kinds: Readonly<Record<JobKind, KindWords>> = {
	index: { title: (subject, isDone) => `${isDone ? 'Read' : 'Reading'} ${subject}`, unit: 'item' },
	folder: { title: (subject, isDone) => `${isDone ? 'Read' : 'Reading'} a folder of ${subject} again`, unit: 'item' },
	content: { title: (subject, isDone) => `${isDone ? 'Looked' : 'Looking'} at the files of ${subject}`, unit: 'file' },
	queue: {
		title: (_, isDone) => (isDone ? 'Sorted what can be made of files' : 'Sorting what can be made of files'),
		unit: 'file'
	},
	scrub: { title: (subject, isDone) => `${isDone ? 'Checked' : 'Checking'} every byte of ${subject}`, unit: 'file' },
	action: { title: (_, isDone) => (isDone ? 'Changed files' : 'Changing files'), unit: 'step' }
};

export function jobTitle({ kind, target, state }: AnyJob, locations: readonly Location[]): string {
	const location = locations.find(({ id }) => String(id) === target.split('/')[0]);
	const subject = location === undefined ? 'a folder' : `“${visibleName(location.name)}”`;
	return kinds[kind].title(subject, state === 'completed');
}

function amount({ kind, done, total }: AnyJob): string {
	const { unit } = kinds[kind];
	return total === null ? plural(done, unit) : `${countWords(done)} of ${plural(total, unit)}`;
}

function waitingWords({ failure, againMs, needs }: AnyJob, nowMs: number): string {
	if (needs.length > 0) return 'Waits for another job';
	if (failure === null || againMs === null) return 'Waits for its turn';
	return `${failureWords(failure).title}. Tried again in ${spanWords(againMs - nowMs)}`;
}

/** One line under the title. */
export function jobLine(job: AnyJob, nowMs: number): string {
	switch (job.state) {
		case 'queued':
			return waitingWords(job, nowMs);
		case 'running': {
			const parts = [amount(job)];
			if (job.totalBytes !== null && job.totalBytes > 0)
				parts.push(`${sizeWords(job.doneBytes)} of ${sizeWords(job.totalBytes)}`);
			if (job.perSecond > 0) parts.push(`${countWords(job.perSecond)} a second`);
			if (job.leftMs !== null) parts.push(`about ${spanWords(job.leftMs)} left`);
			return parts.join(' · ');
		}
		case 'paused':
			return job.done === 0 ? 'Paused' : `Paused at ${amount(job)}`;
		case 'completed':
			return `${plural(job.done, kinds[job.kind].unit)} · ${dateWords(job.endedMs ?? nowMs, nowMs)}`;
		case 'failed':
			return job.failure === null ? 'Failed' : `${failureWords(job.failure).title}.`;
		case 'cancelled':
			return 'Cancelled. What was done is kept.';
	}
}

/** How full its bar is, 0 to 1; null while nobody knows. */
export function jobShare({ done, total }: AnyJob): number | null {
	return total === null || total === 0 ? null : Math.min(1, done / total);
}
