import type { FileKind } from '#core/content';

/** What an entry is: a kind of file, or no file at all. */
export type EntryClass = FileKind | 'folder' | 'link';

/** Each with the number that stands for it in a column. */
const classes = {
	folder: 0,
	link: 1,
	other: 2,
	image: 3,
	video: 4,
	audio: 5,
	document: 6,
	book: 7,
	mail: 8,
	sheet: 9,
	slides: 10,
	text: 11,
	code: 12,
	archive: 13,
	disk: 14,
	font: 15,
	model: 16,
	database: 17,
	program: 18
} as const satisfies Readonly<Record<EntryClass, number>>;

function isClass(name: string): name is EntryClass {
	return Object.hasOwn(classes, name);
}

/** By their numbers. */
export const classNames: readonly EntryClass[] = Object.keys(classes).filter(isClass);

export function classNamed(name: string): EntryClass | undefined {
	return isClass(name) ? name : undefined;
}

export function classCode(name: EntryClass): number {
	return classes[name];
}

export function classOf(code: number): EntryClass {
	return classNames[code] ?? 'other';
}
