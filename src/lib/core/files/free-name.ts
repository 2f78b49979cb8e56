/** A name in two parts: what comes before a number, and the ending that stays last. */
function parts(name: string, isFolder: boolean): readonly [string, string] {
	const dot = name.lastIndexOf('.');
	return isFolder || dot <= 0 ? [name, ''] : [name.slice(0, dot), name.slice(dot)];
}

/** The name itself where nobody has it, else the next with a number before its ending: `a (2).txt`. */
export function freeName(name: string, isFolder: boolean, isTaken: (name: string) => boolean): string {
	if (!isTaken(name)) return name;
	const [stem, ending] = parts(name, isFolder);
	const known = / \((\d+)\)$/.exec(stem);
	const bare = known === null ? stem : stem.slice(0, known.index);
	for (let number = known === null ? 2 : Number(known[1]) + 1; ; number++) {
		const next = `${bare} (${number})${ending}`;
		if (!isTaken(next)) return next;
	}
}
