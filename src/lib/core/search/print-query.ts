import { parseQuery } from './parse-query.ts';
import type { Clause, Query, Term, Want } from './query.ts';
import { printModified, printRange } from './values.ts';

function quote(text: string): string {
	return `"${text.replaceAll('"', '""')}"`;
}

function quoteWhereNeeded(value: string): string {
	return value === '' || value.startsWith('"') || /\s/u.test(value) ? quote(value) : value;
}

/** A word as it is, where it would be read as this word again. */
function printText(text: string): string {
	const isPlain = (shown: string) => {
		const [clause, ...others] = parseQuery(shown).query;
		const [term] = clause ?? [];
		return others.length === 0 && term?.not === false && term.want.is === 'text' && term.want.text === text;
	};
	const isSign = text === 'OR' || text === '|' || /^["-]/.test(text);
	return !isSign && isPlain(text) ? text : quote(text);
}

function printWant(want: Want): string {
	switch (want.is) {
		case 'text':
			return printText(want.text);
		case 'ext':
			return `ext:${quoteWhereNeeded(want.any.join(','))}`;
		case 'kind':
			return `kind:${want.kind}`;
		case 'size':
		case 'rating':
			return `${want.is}:${printRange(want, want.is)}`;
		case 'modified':
			return `modified:${printModified(want)}`;
		case 'flag':
			return `is:${want.flag}`;
		case 'tag':
		case 'in':
		case 'path':
		case 'device':
		case 'location':
		case 'note':
			return `${want.is}:${quoteWhereNeeded(want.name)}`;
	}
}

function printTerm({ not, want }: Term): string {
	return (not ? '-' : '') + printWant(want);
}

function printClause(clause: Clause): string {
	return clause.map(printTerm).join(' OR ');
}

/** A text that is read as `query` again. */
export function printQuery(query: Query): string {
	return query.map(printClause).join(' ');
}
