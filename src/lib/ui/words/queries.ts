/** What is asked for in a search, in words: on the chips above what was found, and in the menus beside them. */
import type { Clause, EntryClass, FacetLabel, FacetName, Mistake, Term, Want } from '#core/search';
import { ratingWords } from '#ui/tags/marks.ts';
import { sizeWords } from './values.ts';

const classWords: Readonly<Record<EntryClass, string>> = {
	folder: 'Folders',
	link: 'Links',
	other: 'Other files',
	image: 'Images',
	video: 'Videos',
	audio: 'Audio',
	document: 'Documents',
	book: 'Books',
	mail: 'Mail',
	sheet: 'Spreadsheets',
	slides: 'Presentations',
	text: 'Text',
	code: 'Code',
	archive: 'Archives',
	disk: 'Disk images',
	font: 'Fonts',
	model: '3D models',
	database: 'Databases',
	program: 'Programs'
};

type Range = { readonly from: number | null; readonly to: number | null };

/** Both ends belong to it. */
function sizeRangeWords({ from, to }: Range): string {
	if (from === 0 && to === 0) return 'Empty';
	if (from !== null && to !== null) return from === to ? sizeWords(from) : `${sizeWords(from)} to ${sizeWords(to + 1)}`;
	if (from !== null) return `${sizeWords(from)} or more`;
	return `Up to ${sizeWords(to ?? 0)}`;
}

function ratingRangeWords({ from, to }: Range): string {
	if (from !== null && to !== null) return from === to ? ratingWords(from) : `${from} to ${ratingWords(to)}`;
	return from !== null ? `${ratingWords(from)} or more` : `Up to ${ratingWords(to ?? 0)}`;
}

const namedDates: Readonly<Record<string, string>> = {
	today: 'today',
	yesterday: 'yesterday',
	week: 'this week',
	month: 'this month',
	year: 'this year'
};
const spanUnits: Readonly<Record<string, string>> = { h: 'hours', d: 'days', w: 'weeks', m: 'months', y: 'years' };
const wholeDate = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeZone: 'UTC' });
const wholeMonth = new Intl.DateTimeFormat(undefined, { month: 'long', year: 'numeric', timeZone: 'UTC' });

/** A span of time before now; null for a date. */
function spanWords(date: string): string | null {
	const [, count = '', unit = ''] = /^(\d+)([hdwmy])$/.exec(date) ?? [];
	const words = spanUnits[unit];
	if (words === undefined) return null;
	return count === '1' ? `1 ${words.slice(0, -1)}` : `${count} ${words}`;
}

function dateText(date: string): string {
	const named = namedDates[date];
	if (named !== undefined) return named;
	const span = spanWords(date);
	if (span !== null) return `${span} ago`;
	const [year = '', month, day] = date.split('-');
	if (month === undefined) return year;
	const at = new Date(`${year}-${month}-${day ?? '01'}T00:00:00Z`);
	// A day that its month does not have is said as it was typed.
	if (Number.isNaN(at.getTime())) return date;
	return (day === undefined ? wholeMonth : wholeDate).format(at);
}

function modifiedWords(want: Extract<Want, { is: 'modified' }>): string {
	const span = spanWords(want.date);
	if (span !== null && ['within', 'after', 'since'].includes(want.how)) return `In the last ${span.replace(/^1 /, '')}`;
	switch (want.how) {
		case 'within':
			return `Modified ${dateText(want.date)}`;
		case 'after':
			return `Modified after ${dateText(want.date)}`;
		case 'since':
			return `Modified since ${dateText(want.date)}`;
		case 'before':
			return `Modified before ${dateText(want.date)}`;
		case 'until':
			return `Modified up to ${dateText(want.date)}`;
		case 'between':
			return `Modified ${dateText(want.date)} to ${dateText(want.to)}`;
	}
}

const flagWords = {
	favourite: 'Favourites',
	offline: 'On what is offline',
	online: 'On what is here',
	tagged: 'With tags',
	noted: 'With a note'
} as const;

const namedWords = {
	tag: 'Tag',
	in: 'Inside',
	path: 'Path with',
	device: 'Device',
	location: 'Folder',
	note: 'Note with'
} as const;

function wantWords(want: Want): string {
	switch (want.is) {
		case 'text':
			return `“${want.text}”`;
		case 'ext':
			return want.any.map((one) => one.toUpperCase()).join(', ');
		case 'kind':
			return classWords[want.kind];
		case 'size':
			return sizeRangeWords(want);
		case 'rating':
			return ratingRangeWords(want);
		case 'modified':
			return modifiedWords(want);
		case 'flag':
			return flagWords[want.flag];
		case 'tag':
		case 'in':
		case 'path':
		case 'device':
		case 'location':
		case 'note':
			return `${namedWords[want.is]}: ${want.name}`;
	}
}

function termWords({ not, want }: Term): string {
	return not
		? `Not ${wantWords(want).replace(/^\p{Lu}(?=\p{Ll})/u, (letter) => letter.toLowerCase())}`
		: wantWords(want);
}

/** `Images`, `PDF`, `Not tag: draft`, `Images or Videos`. */
export function clauseWords(clause: Clause): string {
	return clause.map(termWords).join(' or ');
}

/** Whether it asks for nothing but one word that is to be there: the field says that well enough. */
export function isPlainWord([term, ...others]: Clause): boolean {
	return others.length === 0 && term?.not === false && term.want.is === 'text';
}

/** What a facet is called. */
export const facetWords: Readonly<Record<FacetName, string>> = {
	kind: 'Kind',
	ext: 'Type',
	tag: 'Tag',
	location: 'Folder',
	device: 'Device',
	modified: 'Date',
	size: 'Size'
};

const facetDates: Readonly<Record<string, string>> = {
	today: 'Today',
	week: 'This week',
	month: 'This month',
	year: 'This year'
};

/** One value of a facet. */
export function labelWords(label: FacetLabel): string {
	switch (label.is) {
		case 'kind':
			return classWords[label.kind];
		case 'ext':
			return label.name.toUpperCase();
		case 'tag':
		case 'location':
		case 'device':
			return label.name;
		case 'modified':
			return facetDates[label.date] ?? label.date;
		case 'size':
			return sizeRangeWords(label);
	}
}

/** What could not be read, and how it is written. */
export function mistakeWords({ problem, key }: Mistake, typed: string): string {
	if (problem === 'too-long') return 'The text is too long: its end is not looked for.';
	if (problem === 'quote-open') return 'The quotation has no end yet.';
	if (problem === 'value-missing') return `Nothing follows “${typed}”.`;
	const example = examples[key];
	return `“${typed}” is not understood.${example === undefined ? '' : ` Write it as ${example}.`}`;
}

const examples: Readonly<Record<string, string>> = {
	size: 'size:>10MB',
	rating: 'rating:>=3',
	modified: 'modified:2024-05 or modified:7d',
	kind: 'kind:image',
	is: 'is:favourite',
	ext: 'ext:pdf'
};
