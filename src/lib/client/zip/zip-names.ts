/**
 * Names that stay inside of the folder where an archive is unpacked, on any system, and of which no two are the same.
 */

/** What another system takes for a way elsewhere, or cannot have in a name at all. */
// eslint-disable-next-line no-control-regex -- these are what is looked for
const unsafe = /[\u0000-\u001f\u007f/\\]/g;

/** One name of a path; never empty, no way up, no disk, no separator. */
function safeName(name: string): string {
	const plain = name.replace(unsafe, '_').toWellFormed();
	if (plain === '' || plain === '.' || plain === '..') return plain.replaceAll('.', '_').padEnd(1, '_');
	return /^[a-z]:/i.test(plain) ? plain.replace(':', '_') : plain;
}

/** `name (2).txt` and so on. */
function numbered(name: string, number: number): string {
	const dot = name.lastIndexOf('.');
	return dot <= 0 ? `${name} (${number})` : `${name.slice(0, dot)} (${number})${name.slice(dot)}`;
}

/** Gives names in folders of an archive; each folder's own are told apart without regard to case. */
export class ZipNames {
	readonly #taken = new Map<string, Set<string>>();

	/** The path of `name` in the folder `above`, itself a path that was given here; empty for the top. */
	give(above: string, name: string): string {
		const taken = this.#taken.get(above) ?? new Set<string>();
		this.#taken.set(above, taken);
		const safe = safeName(name);
		let free = safe;
		for (let number = 2; taken.has(free.toLowerCase()); number++) free = numbered(safe, number);
		taken.add(free.toLowerCase());
		return above === '' ? free : `${above}/${free}`;
	}
}
