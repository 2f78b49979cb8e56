import { err, ok } from '#core/kernel';
import type { FileHasher, HashFailure, HashWish } from '#core/ports';
import { hashBytes } from './hash-file.ts';

/** What is asked of a thread, in few pieces: each object of its own costs as much as opening a file. */
export type HashRequest = {
	readonly id: number;
	readonly root: string;
	/** Names of a path set apart by `/`, paths by NUL: no name holds either. */
	readonly paths: string;
	/** For each file its size, its time and inode (NaN where it has none), and how many spans follow as pairs. */
	readonly numbers: Float64Array<ArrayBuffer>;
};

export type HashAnswer = {
	readonly id: number;
	/** For each file how long its head is, or why there is none. */
	readonly outcomes: readonly (number | HashFailure)[];
	/** For each file that was hashed its hash, and then its head. */
	readonly bytes: ArrayBuffer;
};

type Outcomes = Awaited<ReturnType<FileHasher['hash']>>;

const numbersOfFile = 4;

export function packWishes(id: number, root: string, wishes: readonly HashWish[]): HashRequest {
	const spansCount = wishes.reduce((count, { spans }) => count + spans.length, 0);
	const numbers = new Float64Array(numbersOfFile * wishes.length + 2 * spansCount);
	let at = 0;
	for (const { mark, spans } of wishes) {
		numbers[at++] = mark.sizeBytes;
		numbers[at++] = mark.modifiedMs ?? NaN;
		numbers[at++] = mark.inode ?? NaN;
		numbers[at++] = spans.length;
		for (const { offset, length } of spans) {
			numbers[at++] = offset;
			numbers[at++] = length;
		}
	}
	return { id, root, paths: wishes.map(({ path }) => path.join('/')).join('\0'), numbers };
}

export function unpackWishes({ paths, numbers }: HashRequest): HashWish[] {
	if (numbers.length === 0) return [];
	let at = 0;
	const next = () => numbers[at++] ?? NaN;
	const orNull = (value: number) => (Number.isNaN(value) ? null : value);
	return paths.split('\0').map((path) => {
		const mark = { sizeBytes: next(), modifiedMs: orNull(next()), inode: orNull(next()) };
		const spans = Array.from({ length: next() }, () => ({ offset: next(), length: next() }));
		return { path: path.split('/'), mark, spans };
	});
}

export function unpackAnswer({ outcomes, bytes }: HashAnswer): Outcomes {
	let at = 0;
	return outcomes.map((outcome) => {
		if (typeof outcome !== 'number') return err(outcome);
		const hash = new Uint8Array(bytes, at, hashBytes);
		const head = new Uint8Array(bytes, at + hashBytes, outcome);
		at += hashBytes + outcome;
		return ok({ hash, head });
	});
}
