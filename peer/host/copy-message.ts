import type { ChangeFailure, SmallEnd, DiskPlace, FileFailure, SeenEntry } from '#core/ports';
import { hashBytes } from './hash-file.ts';

/** A file that is read, and, unless it is only to be hashed, what it is expected to be and where its copy goes. */
export type SmallTask = {
	readonly from: DiskPlace;
	readonly copy: { readonly expected: SeenEntry; readonly to: DiskPlace } | null;
};

/** Files of one folder, in few pieces: each object of its own costs as much as opening a file. */
export type FolderOrder = {
	/** The last segment is of no meaning. */
	readonly from: DiskPlace;
	readonly to: DiskPlace | null;
	readonly names: readonly string[];
	/** What their copies are called. */
	readonly newNames: readonly string[];
	/** For each file that is copied its size, time and inode, NaN where it has none. */
	readonly marks: Float64Array<ArrayBuffer>;
};

export type CopyRequest = { readonly id: number; readonly orders: readonly FolderOrder[] };

export type CopyFault = {
	/** Which of the files of a request. */
	readonly which: number;
	readonly failed: 'from' | 'to';
	readonly failure: FileFailure | ChangeFailure;
};

/** The hash of each file of a request, one after the other, or why there is none. */
export type CopyAnswer = {
	readonly id: number;
	readonly hashes: Uint8Array<ArrayBuffer>;
	readonly faults: readonly CopyFault[];
};

export const numbersOfMark = 3;

function isOneFolder(a: DiskPlace, b: DiskPlace): boolean {
	if (a.root !== b.root || a.path.length !== b.path.length) return false;
	for (let at = a.path.length - 2; at >= 0; at--) if (a.path[at] !== b.path[at]) return false;
	return true;
}

/** Whether two tasks read from one folder and write into one. */
function isAlike(a: SmallTask, b: SmallTask): boolean {
	if (!isOneFolder(a.from, b.from)) return false;
	return a.copy === null || b.copy === null ? a.copy === b.copy : isOneFolder(a.copy.to, b.copy.to);
}

function packFolder(tasks: readonly SmallTask[], first: SmallTask): FolderOrder {
	const marks = new Float64Array(tasks.length * numbersOfMark);
	for (const [at, { copy }] of tasks.entries()) {
		if (copy === null) continue;
		const { sizeBytes, modifiedMs, inode } = copy.expected;
		marks.set([sizeBytes, modifiedMs ?? NaN, inode ?? NaN], at * numbersOfMark);
	}
	return {
		from: first.from,
		to: first.copy?.to ?? null,
		names: tasks.map(({ from }) => from.path.at(-1) ?? ''),
		newNames: tasks.map(({ copy }) => copy?.to.path.at(-1) ?? ''),
		marks
	};
}

export function packTasks(tasks: readonly SmallTask[]): FolderOrder[] {
	const orders: FolderOrder[] = [];
	for (let start = 0; start < tasks.length;) {
		const first = tasks[start];
		if (first === undefined) break;
		const length = tasks.slice(start).findIndex((task) => !isAlike(first, task));
		const end = length < 0 ? tasks.length : start + length;
		orders.push(packFolder(tasks.slice(start, end), first));
		start = end;
	}
	return orders;
}

export function unpackAnswer({ hashes, faults }: CopyAnswer): SmallEnd[] {
	const ends = Array.from({ length: hashes.length / hashBytes }, (_, at): SmallEnd => {
		return { hash: hashes.subarray(at * hashBytes, (at + 1) * hashBytes), failed: null };
	});
	for (const { which, failed, failure } of faults) ends[which] = { failed, failure };
	return ends;
}
