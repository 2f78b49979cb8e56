/** Patterns of one location: each is tried on every name that is listed. */
export const patternsMax = 200;
/** Letters of one pattern: longer than any path that a disk takes is a mistake. */
const lettersMax = 1_000;

/** `remark`: it begins with #. `open`: a [ without its ], or a \ with nothing after it. */
export type PatternFault = 'empty' | 'remark' | 'open' | 'too-long' | 'line-break' | 'too-many-stars';

/** Double stars before the end of a pattern: trying `n` of them takes the depth of a path to the power of `n`. */
const doublesMax = 2;

/** Whether a pattern has so many double stars that a deep tree made for it would hold everything up. */
export function hasTooManyStars(pattern: string): boolean {
	return (
		pattern
			.split('/')
			.slice(0, -1)
			.filter((segment) => /^!?\*{2,}$/.test(segment)).length > doublesMax
	);
}

/** The end of the bracket expression that begins at `start`, as `fnmatch` reads it; -1 where it has none. */
function bracketEnd(pattern: string, start: number): number {
	let at = start + 1;
	if (pattern[at] === '!' || pattern[at] === '^') at++;
	// The first letter is one of the set, even a ].
	let isFirst = true;
	for (; at < pattern.length; at++) {
		if (pattern[at] === ']' && !isFirst) return at;
		if (pattern[at] === '\\') at++;
		isFirst = false;
	}
	return -1;
}

function hasOpenEnd(pattern: string): boolean {
	for (let at = 0; at < pattern.length; at++) {
		if (pattern[at] === '\\') {
			at++;
			if (at === pattern.length) return true;
		} else if (pattern[at] === '[') {
			at = bracketEnd(pattern, at);
			if (at < 0) return true;
		}
	}
	return false;
}

/** Why a pattern of a person would never match; null where it may. In a `.gitignore` such a line means nothing. */
export function faultOfPattern(pattern: string): PatternFault | null {
	if (/^!?\/*\s*$/.test(pattern)) return 'empty';
	if (pattern.length > lettersMax) return 'too-long';
	if (/[\0\r\n]/.test(pattern)) return 'line-break';
	if (pattern.startsWith('#')) return 'remark';
	if (hasOpenEnd(pattern)) return 'open';
	return hasTooManyStars(pattern) ? 'too-many-stars' : null;
}
