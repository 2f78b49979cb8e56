import type { AnyJob, JobKind } from '#core';
import type { Location } from '#core/volumes';
import { printCount, printMinute, printName, printNumber, printSize } from './print.ts';
import { failureToWords } from './words.ts';

const verbs = {
	index: 'index',
	folder: 'index a folder of',
	content: 'identify',
	queue: 'fill the queue',
	scrub: 'scrub',
	action: 'action'
} as const satisfies Readonly<Record<JobKind, string>>;
const units = {
	index: ['entry', 'entries'],
	folder: ['entry', 'entries'],
	content: ['file', 'files'],
	queue: ['content', 'contents'],
	scrub: ['file', 'files'],
	action: ['step', 'steps']
} as const satisfies Readonly<Record<JobKind, readonly [string, string]>>;

/** What a job does, in words: `index /Photos`. */
export function jobTitle({ kind, target }: Pick<AnyJob, 'kind' | 'target'>, locations: readonly Location[]): string {
	if (kind === 'queue') return verbs.queue;
	if (kind === 'action') return `${verbs.action} ${target}`;
	const location = locations.find(({ id }) => String(id) === target.split('/')[0]);
	return `${verbs[kind]} ${location === undefined ? `location ${target}` : `/${printName(location.name)}`}`;
}

/** `90` seconds as `1:30`. */
export function printSpan(spanMs: number): string {
	const seconds = Math.ceil(spanMs / 1000);
	const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
	const twoDigits = (number: number) => String(number).padStart(2, '0');
	return hours > 0
		? `${hours}:${twoDigits(minutes)}:${twoDigits(seconds % 60)}`
		: `${minutes}:${twoDigits(seconds % 60)}`;
}

function bytesAmount({ doneBytes, totalBytes }: AnyJob): string {
	if (totalBytes === 0) return '';
	if (totalBytes === null) return doneBytes === 0 ? '' : `, ${printSize(doneBytes)}`;
	return `, ${printSize(doneBytes)} of ${printSize(totalBytes)}`;
}

/** How far it is: `1,200 of 4,000 files (30 %), 20 MB of 81 MB`. */
export function jobAmount(job: AnyJob): string {
	const { kind, done, total } = job;
	const [one, many] = units[kind];
	if (total === null) return printNumber(done, one, many) + bytesAmount(job);
	const percent = total === 0 ? 100 : Math.floor((done / total) * 100);
	return `${printCount(done)} of ${printNumber(total, one, many)} (${percent} %)${bytesAmount(job)}`;
}

/** Its progress in one line, while it runs. */
export function jobProgress(job: AnyJob, locations: readonly Location[]): string {
	const left = job.leftMs === null ? '' : `, ${printSpan(job.leftMs)} to go`;
	const bytes = job.bytesPerSecond === 0 ? '' : `, ${printSize(job.bytesPerSecond)}/s`;
	return `${jobTitle(job, locations)}: ${jobAmount(job)}, ${printCount(job.perSecond)}/s${bytes}${left}`;
}

/** What else there is to say of it. */
export function jobNote({ id, state, failure, warnings, againMs, needs, endedMs }: AnyJob): string {
	const notes: string[] = [];
	if (failure !== null && state !== 'completed' && state !== 'running') notes.push(failureToWords(failure).what);
	if (againMs !== null) notes.push(`Tried again ${printMinute(againMs)}.`);
	if (needs.length > 0) notes.push(`Waits for job ${needs.join(', ')}.`);
	if (warnings > 0) notes.push(`${printNumber(warnings, 'warning', 'warnings')}: atoll jobs warnings ${id}`);
	if (endedMs !== null) notes.push(printMinute(endedMs));
	return notes.join(' ');
}
