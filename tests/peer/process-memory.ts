import { closeSync, openSync, readFileSync, readSync } from 'node:fs';

const pieceBytes = 4 * 1_048_576;

/** The pages of a process that it may write to and that are there, as begin and end. */
function writtenRanges(pid: number): readonly (readonly [number, number])[] {
	const ranges: [number, number][] = [];
	let range: [number, number] | null = null;
	for (const line of readFileSync(`/proc/${pid}/smaps`, 'utf8').split('\n')) {
		const [, from, to, rights] = /^([0-9a-f]+)-([0-9a-f]+) (\S{4}) /.exec(line) ?? [];
		if (from !== undefined && to !== undefined)
			range = rights?.startsWith('rw') === true ? [Number.parseInt(from, 16), Number.parseInt(to, 16)] : null;
		const isThere = /^Rss:\s+[1-9]/.test(line);
		if (isThere && range !== null) ranges.push(range);
	}
	return ranges;
}

/** Which of the texts lie in the memory of a process, in UTF-8 or as JavaScript has text in memory; and how much was read. */
export function searchMemory(
	pid: number,
	texts: readonly string[]
): { readonly found: readonly string[]; readonly bytes: number } {
	const wanted = texts.map((text) => [text, [Buffer.from(text), Buffer.from(text, 'utf16le')]] as const);
	const overlap = Math.max(...wanted.flatMap(([, forms]) => forms.map(({ length }) => length)));
	const found = new Set<string>();
	const piece = Buffer.alloc(pieceBytes);
	const memory = openSync(`/proc/${pid}/mem`, 'r');
	let bytes = 0;
	try {
		for (const [from, to] of writtenRanges(pid))
			for (let at = from; at < to; at += pieceBytes - overlap) {
				let length = 0;
				try {
					length = readSync(memory, piece, 0, Math.min(pieceBytes, to - at), at);
				} catch {
					break; // what the process has given back meanwhile
				}
				bytes += length;
				for (const [text, forms] of wanted)
					if (forms.some((form) => piece.subarray(0, length).includes(form))) found.add(text);
			}
	} finally {
		closeSync(memory);
	}
	return { found: [...found], bytes };
}
