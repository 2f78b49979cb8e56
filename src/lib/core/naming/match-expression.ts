import { isWordChar, type Expression, type Part } from './parse-expression.ts';

/** Steps spent on one text: any sensible expression needs some thousands at most. */
const stepsMax = 250_000;
/** Parts that lie within one another while they are tried, so that no stack runs over. */
const depthMax = 2_000;

type Span = { readonly from: number; readonly to: number };
type Next = (at: number) => boolean;

/** One text as it is looked through. Tries what comes first first, as the engines of browsers do. */
class Search {
	readonly #chars: readonly string[];
	#groups: (Span | null)[] = [];
	#steps = 0;
	#depth = 0;
	/** It took too long, and says nothing. */
	isSpent = false;

	constructor(chars: readonly string[]) {
		this.#chars = chars;
	}

	/** The first match from `from` on: the whole of it, then its groups. */
	find({ part, groups }: Expression, from: number): readonly (Span | null)[] | null {
		for (let at = from; at <= this.#chars.length; at++) {
			let end = -1;
			this.#groups = Array.from({ length: groups }, () => null);
			const isFound = this.#try(part, at, (then) => {
				end = then;
				return true;
			});
			if (isFound) return [{ from: at, to: end }, ...this.#groups];
		}
		return null;
	}

	#try(part: Part, at: number, next: Next): boolean {
		if (++this.#steps > stepsMax || this.#depth >= depthMax) this.isSpent = true;
		if (this.isSpent) return false;
		this.#depth++;
		const isFound = this.#tryPart(part, at, next);
		this.#depth--;
		return isFound;
	}

	#tryPart(part: Part, at: number, next: Next): boolean {
		switch (part.is) {
			case 'char': {
				const char = this.#chars[at];
				return char !== undefined && part.fits(char) && next(at + 1);
			}
			case 'start':
				return at === 0 && next(at);
			case 'end':
				return at === this.#chars.length && next(at);
			case 'edge':
				return (this.#isWord(at - 1) !== this.#isWord(at)) === part.isEdge && next(at);
			case 'sequence':
				return this.#tryFrom(part.parts, 0, at, next);
			case 'choice':
				return part.parts.some((one) => this.#try(one, at, next));
			case 'group':
				return this.#tryGroup(part, at, next);
			case 'repeat':
				return this.#tryRounds(part, 0, at, next);
		}
	}

	#isWord(at: number): boolean {
		return isWordChar(this.#chars[at] ?? '');
	}

	#tryFrom(parts: readonly Part[], index: number, at: number, next: Next): boolean {
		const part = parts[index];
		return part === undefined ? next(at) : this.#try(part, at, (then) => this.#tryFrom(parts, index + 1, then, next));
	}

	#tryGroup({ index, part }: Extract<Part, { is: 'group' }>, at: number, next: Next): boolean {
		return this.#try(part, at, (to) => {
			if (index === null) return next(to);
			const before = this.#groups[index] ?? null;
			this.#groups[index] = { from: at, to };
			if (next(to)) return true;
			this.#groups[index] = before;
			return false;
		});
	}

	#tryRounds(repeat: Extract<Part, { is: 'repeat' }>, done: number, at: number, next: Next): boolean {
		const { part, min, max, isLazy, groups } = repeat;
		const more = (): boolean => {
			if (done >= max) return false;
			const before = this.#groups.slice();
			this.#groups.fill(null, groups.from, groups.to);
			// A round that takes nothing only counts while there must be more.
			const isFound = this.#try(
				part,
				at,
				(then) => (then > at || done < min) && this.#tryRounds(repeat, done + 1, then, next)
			);
			if (!isFound) this.#groups = before;
			return isFound;
		};
		const enough = (): boolean => done >= min && next(at);
		return isLazy ? enough() || more() : more() || enough();
	}
}

/** What stands in the place of a match: `$1` is its first group, `$0` all of it, `$$` a dollar sign. */
function filled(replacement: string, chars: readonly string[], found: readonly (Span | null)[]): string {
	return replacement.replace(/\$(\$|\d)/g, (whole, sign: string) => {
		if (sign === '$') return '$';
		const span = found[Number(sign)];
		if (span === undefined) return whole;
		return span === null ? '' : chars.slice(span.from, span.to).join('');
	});
}

/**
 * `text` with every match of the expression replaced; null where that takes too long. The engine of a browser cannot be
 * stopped, and some expressions keep it busy for years: this one counts its steps.
 */
export function replaceMatches(expression: Expression, text: string, replacement: string): string | null {
	const chars = [...text];
	const search = new Search(chars);
	let [made, kept] = ['', 0];
	for (let from = 0; from <= chars.length;) {
		const found = search.find(expression, from);
		if (search.isSpent) return null;
		const whole = found?.[0] ?? null;
		if (found === null || whole === null) break;
		made += chars.slice(kept, whole.from).join('') + filled(replacement, chars, found);
		kept = whole.to;
		from = whole.to > whole.from ? whole.to : whole.to + 1;
	}
	return made + chars.slice(kept).join('');
}
