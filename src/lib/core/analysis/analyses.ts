import type { FileKind } from '#core/content';

/**
 * What can be made of files, as plain rows: for which kinds of file it makes sense, and whether it is wanted where
 * nobody has said so. `now`: soon; `idle`: when there is nothing else to do, as it is dear.
 */
export const analyses = [
	{
		kind: 'thumbnail',
		words: 'a small picture',
		files: ['image', 'video', 'document', 'book', 'slides'],
		policy: 'now'
	},
	{ kind: 'facts', words: 'date, place, length', files: ['image', 'video', 'audio'], policy: 'now' },
	{
		kind: 'text',
		words: 'the text in it',
		files: ['document', 'book', 'mail', 'sheet', 'slides', 'text', 'code'],
		policy: 'now'
	},
	{ kind: 'ocr', words: 'text in pictures', files: ['image', 'document'], policy: 'idle' },
	{ kind: 'transcript', words: 'what is said', files: ['audio', 'video'], policy: 'idle' },
	{
		kind: 'embedding',
		words: 'what it is about',
		files: ['document', 'book', 'mail', 'sheet', 'slides', 'text', 'image'],
		policy: 'idle'
	}
] as const satisfies readonly {
	readonly kind: string;
	readonly words: string;
	readonly files: readonly FileKind[];
	readonly policy: 'now' | 'idle';
}[];

export type AnalysisKind = (typeof analyses)[number]['kind'];

/** From the least wanted to the most: what copies share is wanted as much as by the one that wants it most. */
export const analysisPolicies = ['never', 'idle', 'now'] as const;
export type AnalysisPolicy = (typeof analysisPolicies)[number];

export function isAnalysisKind(text: string): text is AnalysisKind {
	return analyses.some(({ kind }) => kind === text);
}

export function isAnalysisPolicy(text: string): text is AnalysisPolicy {
	return analysisPolicies.some((policy) => policy === text);
}

/** What may be wanted of a file of this kind. */
export function analysesOf(fileKind: FileKind): readonly AnalysisKind[] {
	return analyses.filter(({ files }) => files.some((one) => one === fileKind)).map(({ kind }) => kind);
}

export function moreWanted(a: AnalysisPolicy, b: AnalysisPolicy): AnalysisPolicy {
	return analysisPolicies.indexOf(a) > analysisPolicies.indexOf(b) ? a : b;
}
