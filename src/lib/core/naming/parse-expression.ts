/** What an expression is made of; names are looked at by their code points. */
export type Part =
	| { readonly is: 'char'; readonly fits: (char: string) => boolean }
	| { readonly is: 'start' | 'end' }
	/** Between a letter and none; or not. */
	| { readonly is: 'edge'; readonly isEdge: boolean }
	| { readonly is: 'sequence'; readonly parts: readonly Part[] }
	| { readonly is: 'choice'; readonly parts: readonly Part[] }
	/** `index`: which of the groups it is; null where it is kept as none. */
	| { readonly is: 'group'; readonly index: number | null; readonly part: Part }
	| {
			readonly is: 'repeat';
			readonly part: Part;
			readonly min: number;
			readonly max: number;
			readonly isLazy: boolean;
			/** The groups in it, which each round begins without. */
			readonly groups: { readonly from: number; readonly to: number };
	  };

export type Expression = { readonly part: Part; readonly groups: number };

/** A name has no more characters, so no count says more. */
const timesMax = 255;

type Fits = (char: string) => boolean;
export const isWordChar: Fits = (char) => /^\w$/.test(char);
const classes: Readonly<Record<string, Fits>> = {
	d: (char) => /^\d$/.test(char),
	D: (char) => !/^\d$/.test(char),
	w: isWordChar,
	W: (char) => !isWordChar(char),
	s: (char) => /^\s$/.test(char),
	S: (char) => !/^\s$/.test(char)
};

/** Thrown inside of the parser alone. */
class Broken extends Error {
	override readonly name = 'Broken';
}

class Parser {
	readonly #chars: readonly string[];
	#at = 0;
	#groups = 0;

	constructor(text: string) {
		this.#chars = [...text];
	}

	parse(): Expression {
		const part = this.#choice();
		if (this.#at < this.#chars.length) throw new Broken();
		return { part, groups: this.#groups };
	}

	#next(): string {
		const char = this.#chars[this.#at++];
		if (char === undefined) throw new Broken();
		return char;
	}

	#takes(text: string): boolean {
		const found = this.#chars.slice(this.#at, this.#at + text.length).join('') === text;
		if (found) this.#at += text.length;
		return found;
	}

	#choice(): Part {
		const parts = [this.#sequence()];
		while (this.#takes('|')) parts.push(this.#sequence());
		return parts.length === 1 && parts[0] !== undefined ? parts[0] : { is: 'choice', parts };
	}

	#sequence(): Part {
		const parts: Part[] = [];
		for (;;) {
			const char = this.#chars[this.#at];
			if (char === undefined || char === '|' || char === ')') return { is: 'sequence', parts };
			const from = this.#groups;
			const part = this.#atom();
			parts.push(this.#repeated(part, { from, to: this.#groups }));
		}
	}

	#repeated(part: Part, groups: { readonly from: number; readonly to: number }): Part {
		const times = this.#times();
		if (times === null) return part;
		if (part.is === 'start' || part.is === 'end' || part.is === 'edge') throw new Broken();
		return { is: 'repeat', part, ...times, isLazy: this.#takes('?'), groups };
	}

	#times(): { readonly min: number; readonly max: number } | null {
		if (this.#takes('*')) return { min: 0, max: Infinity };
		if (this.#takes('+')) return { min: 1, max: Infinity };
		if (this.#takes('?')) return { min: 0, max: 1 };
		if (!this.#takes('{')) return null;
		const end = this.#chars.indexOf('}', this.#at);
		const counted = /^(\d{1,3})(,(\d{0,3}))?$/.exec(this.#chars.slice(this.#at, Math.max(end, this.#at)).join(''));
		if (counted === null) throw new Broken();
		this.#at = end + 1;
		const min = Number(counted[1]);
		const max = counted[2] === undefined ? min : counted[3] === '' ? Infinity : Number(counted[3]);
		if (min > timesMax || max < min) throw new Broken();
		return { min, max };
	}

	#atom(): Part {
		const char = this.#next();
		switch (char) {
			case '.':
				return { is: 'char', fits: () => true };
			case '^':
				return { is: 'start' };
			case '$':
				return { is: 'end' };
			case '[':
				return { is: 'char', fits: this.#set() };
			case '(':
				return this.#group();
			case '\\':
				if (this.#takes('b')) return { is: 'edge', isEdge: true };
				if (this.#takes('B')) return { is: 'edge', isEdge: false };
				return { is: 'char', fits: this.#escaped() };
			case '*':
			case '+':
			case '?':
			case '{':
			case '}':
			case ']':
				throw new Broken();
			default:
				return { is: 'char', fits: (other) => other === char };
		}
	}

	#group(): Part {
		const index = this.#takes('?:') ? null : this.#groups++;
		if (this.#chars[this.#at] === '?') throw new Broken();
		const part = this.#choice();
		if (!this.#takes(')')) throw new Broken();
		return { is: 'group', index, part };
	}

	/** What a backslash makes of the character after it: a class, or that sign itself. */
	#escaped(): Fits {
		const char = this.#next();
		const known = classes[char];
		if (known !== undefined) return known;
		// Letters and digits mean other things elsewhere: better refused than taken for something else.
		if (/^[\p{L}\p{N}]$/u.test(char)) throw new Broken();
		return (other) => other === char;
	}

	#set(): Fits {
		const isOther = this.#takes('^');
		const fits: Fits[] = [];
		while (!this.#takes(']')) {
			const first = this.#next();
			if (first === '\\') {
				fits.push(this.#escaped());
				continue;
			}
			const isRange = this.#chars[this.#at] === '-' && this.#chars[this.#at + 1] !== ']';
			if (!isRange) {
				fits.push((char) => char === first);
				continue;
			}
			this.#at++;
			const last = this.#next();
			const [from, to] = [first.codePointAt(0) ?? 0, last.codePointAt(0) ?? 0];
			if (last === '\\' || to < from) throw new Broken();
			fits.push((char) => (char.codePointAt(0) ?? 0) >= from && (char.codePointAt(0) ?? 0) <= to);
		}
		return (char) => fits.some((one) => one(char)) !== isOther;
	}
}

/** The expression that a text means; null where it means none. */
export function parseExpression(text: string): Expression | null {
	try {
		return new Parser(text).parse();
	} catch (thrown) {
		if (thrown instanceof Broken) return null;
		throw thrown;
	}
}
