/**
 * What went wrong, for people: what happened, what to do, and the one button that does it.
 *
 * Keyed by failure type over everything that any command can answer with: a new failure without words here does not
 * compile. Each room of words is a file in `failures/`.
 */
import type { AnyBlock } from '#core';
import { coreFailures } from './failures/core.ts';
import { deviceFailures } from './failures/devices.ts';
import { diskFailures } from './failures/disks.ts';
import type { AnyFailure, FailureWords, WordsTable } from './failures/failure.ts';
import { folderFailures } from './failures/folders.ts';
import { libraryFailures } from './failures/library.ts';
import { placeWords } from './failures/places.ts';
import { workFailures } from './failures/work.ts';

export type { AnyFailure, FailureWords, HandleFailure, Remedy } from './failures/failure.ts';

const words: WordsTable = {
	...libraryFailures,
	...deviceFailures,
	...folderFailures,
	...placeWords,
	...diskFailures,
	...workFailures,
	...coreFailures
};

/** The words for any failure. */
export function failureWords(failure: AnyFailure): FailureWords {
	// The table has an entry for exactly this type; TypeScript cannot follow the pair through the lookup.
	const speak = words[failure.type] as (failure: AnyFailure) => FailureWords;
	return speak(failure);
}

/** Whether what is in the way of an operation can be told like any failure. */
export function isFailure(block: AnyBlock): block is Extract<AnyBlock, AnyFailure> {
	return Object.hasOwn(words, block.type);
}
