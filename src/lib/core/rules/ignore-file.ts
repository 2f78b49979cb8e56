import { bytesToName } from '#core/kernel';
import { hasTooManyStars } from './check-pattern.ts';

/** The name under which git looks for patterns in each folder. */
export const ignoreFileName = '.gitignore';
/** The name that makes a folder the top of a repository: what lies above it has no say in it. */
export const repositoryName = '.git';
/** A file of patterns that is longer is not obeyed: people write a few hundred lines, and each is tried on every name. */
export const ignoreBytesMax = 262_144;

const byteOrderMark = [0xef, 0xbb, 0xbf];
const strict = new TextDecoder('utf-8', { fatal: true });

function wholeText(bytes: Uint8Array): string | null {
	try {
		return strict.decode(bytes);
	} catch {
		return null;
	}
}

/** The text of a file of patterns: bytes that are not UTF-8 stand as they do in names, so that they match those. */
export function ignoreText(bytes: Uint8Array): string {
	const text = wholeText(bytes);
	if (text !== null && !/[\uef80-\uefff]/.test(text)) return text;
	const lines: string[] = [];
	const hasMark = byteOrderMark.every((byte, at) => bytes[at] === byte);
	for (let from = hasMark ? byteOrderMark.length : 0; from < bytes.length;) {
		const feed = bytes.indexOf(0x0a, from);
		const end = feed < 0 ? bytes.length : feed;
		lines.push(bytesToName(bytes.subarray(from, end)));
		from = end + 1;
	}
	return lines.join('\n');
}

/** Without the spaces at its end; one after a backslash stays. */
function withoutTrailingSpaces(line: string): string {
	let end = 0;
	for (let at = 0; at < line.length; at++) {
		if (line[at] === '\\') at++;
		else if (line[at] === ' ') continue;
		end = at + 1;
	}
	return line.slice(0, end);
}

function escaped(name: string): string {
	return name.replace(/[\\*?[\]!# ]/g, '\\$&');
}

/**
 * One line of a file of patterns, as it would stand in the location's folder; null where it is no pattern. `prefix`
 * is the path of the file's folder, written as a pattern, with a slash at either end.
 */
function rebase(raw: string, prefix: string): string | null {
	const line = withoutTrailingSpaces(raw.endsWith('\r') ? raw.slice(0, -1) : raw);
	if (line === '' || line.startsWith('#')) return null;
	const sign = line.startsWith('!') ? '!' : '';
	const body = line.slice(sign.length);
	if (body === '' || body === '/' || hasTooManyStars(body)) return null;
	if (prefix === '/') return line;
	if (body.startsWith('/')) return `${sign}${prefix}${body.slice(1)}`;
	// A slash before its end ties a pattern to its folder (gitignore(5)).
	return `${sign}${prefix}${body.slice(0, -1).includes('/') ? '' : '**/'}${body}`;
}

/** The patterns of a file in the folder at `path`, as they would stand in the location's own folder. */
export function rebasedPatterns(text: string, path: readonly string[]): string[] {
	const prefix = `/${path.map((name) => `${escaped(name)}/`).join('')}`;
	return text
		.split('\n')
		.map((line) => rebase(line, prefix))
		.filter((line) => line !== null);
}
