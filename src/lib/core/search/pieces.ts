import { foldName } from '#core/kernel';

/** Marks that no name holds stand before and after it in the index, so that "begins with" is a piece like any other. */
const startMark = '\u0001';
const endMark = '\u0002';
const marks = /[\u0000-\u0002]/g;

/** The text that the index cuts into pieces of three letters. */
export function indexedText(name: string): string {
	const plain = foldName(name).replace(marks, ' ');
	return startMark + plain + endMark;
}
