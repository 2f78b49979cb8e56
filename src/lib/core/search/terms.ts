import { classCode } from './classes.ts';
import type { Columns } from './columns.ts';
import { timesAsked, type Now } from './dates.ts';
import { fold, isWordEnd, spellings } from './fold.ts';
import { fitOf, fits, noFit } from './names.ts';
import type { LookedDevice, Places } from './places.ts';
import type { Clause, Flag, Term, Want } from './query.ts';
import type { Said } from './said.ts';

/** All that a search looks at, as it is at one moment. */
export type World = {
	readonly columns: Columns;
	readonly places: Places;
	readonly said: Said;
	readonly devices: readonly LookedDevice[];
	readonly now: Now;
};

/** Whether a row is meant. */
type Test = (row: number) => boolean;

/** Whether a folded word stands at the beginning of a word of a folded text. */
export function beginsWordIn(text: string, word: string): boolean {
	for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1))
		if (at === 0 || isWordEnd(text.charCodeAt(at - 1))) return true;
	return false;
}

/** Rows of what is found by a word in a tag, or in the note; null where nothing is. */
function saidRows({ said, columns }: World, words: readonly string[]): Uint8Array | null {
	// What a person hides is found where she asks for the tag itself.
	const tags = said.tags.filter(
		({ tag, folded }) => tag.privacy !== 'hidden' && words.some((word) => beginsWordIn(folded, word))
	);
	const isNoted = (note: string) => note !== '' && words.some((word) => beginsWordIn(note, word));
	const noted = said.marked(({ note }) => isNoted(note));
	if (tags.length === 0 && noted.size === 0) return null;
	return said.rows(columns, `text ${words.join('\0')}`, () => new Set([...said.targetsOf(tags), ...noted]));
}

/** How well paths hold a text with a slash in it: 0 for those whose own name ends it. */
function fitPaths({ columns, places }: World, text: string, best: Uint8Array, wanted: Uint8Array): void {
	const { paths } = places;
	const cut = text.lastIndexOf('/');
	const [above, name] = [text.slice(0, cut), text.slice(cut + 1)];
	const holds = paths.map((path) => (path !== '' && `${path}/`.includes(text) ? 1 : 0));
	const leads = paths.map((path) => (path !== '' && path.endsWith(above) ? 1 : 0));
	for (let row = 0; row < columns.count; row++) {
		if (wanted[row] === noFit) continue;
		const parent = columns.parents[row] ?? -1;
		const isNamed = parent >= 0 && leads[parent] === 1 && columns.names.at(row).startsWith(name);
		const isIn = parent >= 0 ? holds[parent] === 1 : holds[row] === 1;
		const isItself = !isIn && holds[row] === 1;
		const fit = isNamed && name !== '' ? fits.start : isItself ? fits.start : isIn ? fits.elsewhere : noFit;
		if (fit < (best[row] ?? noFit)) best[row] = fit;
	}
}

/** Fewer rows than this share of all are looked at one by one. */
const fewShare = 16;

/** Lowers `best` for the rows among `wanted` that hold the text. */
function fitText(world: World, text: string, best: Uint8Array, wanted: Uint8Array, wantedCount: number): void {
	const { columns } = world;
	const words = spellings(text);
	for (const word of words) {
		if (word.includes('/')) fitPaths(world, word, best, wanted);
		else if (wantedCount * fewShare > columns.count) columns.names.fit(word, best);
		else
			for (let row = 0; row < columns.count; row++) {
				if (wanted[row] === noFit) continue;
				const fit = fitOf(columns.names.at(row), word);
				if (fit < (best[row] ?? noFit)) best[row] = fit;
			}
	}
	const said = saidRows(world, words);
	if (said === null) return;
	for (let row = 0; row < columns.count; row++)
		if (said[row] === 1 && (best[row] ?? noFit) > fits.elsewhere) best[row] = fits.elsewhere;
}

function flagTest({ columns, places, said }: World, flag: Flag): Test {
	const rows = (targets: () => ReadonlySet<number>): Test => {
		const found = said.rows(columns, `is ${flag}`, targets);
		return (row) => found[row] === 1;
	};
	const isAway: Test = (row) => places.locations[(places.locationOf[row] ?? 0) - 1]?.isOffline === true;
	switch (flag) {
		case 'favourite':
			return rows(() => said.marked(({ isFavourite }) => isFavourite));
		case 'noted':
			return rows(() => said.marked(({ note }) => note !== ''));
		case 'tagged':
			return rows(() => new Set(said.tagsOf.keys()));
		case 'offline':
			return isAway;
		case 'online':
			return (row) => !isAway(row);
	}
}

/** Folders whose paths end in these names, one after another. */
function foldersNamed({ columns, places }: World, path: string): ReadonlySet<number> {
	const wanted = `/${fold(path).split('/').filter(Boolean).join('/')}`;
	const found = new Set<number>();
	if (wanted === '/') return found;
	const last = wanted.slice(wanted.lastIndexOf('/') + 1);
	const folder = classCode('folder');
	for (let row = 0; row < columns.count; row++)
		if (columns.kinds[row] === folder && places.locationOf[row] !== 0 && columns.names.at(row) === last)
			if ((places.paths[row] ?? '').endsWith(wanted)) found.add(row);
	return found;
}

function pathTest({ places, columns }: World, text: string): Test {
	const words = fold(text);
	const holds = places.paths.map((path) => (path.includes(words) ? 1 : 0));
	const folder = classCode('folder');
	return (row) => {
		if (columns.kinds[row] === folder) return holds[row] === 1;
		const parent = columns.parents[row] ?? -1;
		return holds[parent] === 1 || `${places.paths[parent] ?? ''}/${columns.names.at(row)}`.includes(words);
	};
}

function locationTest({ places }: World, fitsLocation: (location: Places['locations'][number]) => boolean): Test {
	const meant = [0, ...places.locations.map((location) => (fitsLocation(location) ? 1 : 0))];
	return (row) => meant[places.locationOf[row] ?? 0] === 1;
}

function deviceTest(world: World, name: string): Test {
	const wanted = fold(name);
	const own = ['this', 'here', 'this device'].includes(wanted);
	const slots = new Set(world.devices.filter(({ folded }) => folded === wanted).map(({ slot }) => slot));
	if (slots.size === 0) for (const { slot, folded } of world.devices) if (folded.includes(wanted)) slots.add(slot);
	return locationTest(world, ({ slot }) => (own ? slot === 0 : slots.has(slot)));
}

function rangeTest(values: (row: number) => number, { from, to }: { from: number | null; to: number | null }): Test {
	const [least, most] = [from ?? -Infinity, to ?? Infinity];
	return (row) => {
		const value = values(row);
		return value >= least && value <= most;
	};
}

/** Whether a row is what one term asks for. */
export function rowTest(world: World, want: Exclude<Want, { is: 'text' }>): Test {
	const { columns, places, said } = world;
	const rowsOf = (key: string, targets: () => ReadonlySet<number>): Test => {
		const found = said.rows(columns, key, targets);
		return (row) => found[row] === 1;
	};
	switch (want.is) {
		case 'ext': {
			const codes = new Set(want.any.map((one) => columns.extensionCode(one)).filter((code) => code !== null));
			const [only] = codes.size === 1 ? codes : [];
			if (only !== undefined) return (row) => columns.extensions[row] === only;
			return (row) => codes.has(columns.extensions[row] ?? 0);
		}
		case 'kind': {
			const code = classCode(want.kind);
			return (row) => columns.kinds[row] === code;
		}
		case 'size':
			return rangeTest((row) => columns.sizes[row] ?? 0, want);
		case 'rating':
			return rangeTest((row) => said.marks.get(columns.targets[row] ?? 0)?.rating ?? 0, want);
		case 'modified': {
			const { fromMs, belowMs } = timesAsked(want, world.now);
			return (row) => {
				const time = columns.times[row] ?? Number.NaN;
				return time >= fromMs && time < belowMs;
			};
		}
		case 'flag':
			return flagTest(world, want.flag);
		case 'tag': {
			const name = fold(want.name);
			const exact = said.tags.filter(({ folded }) => folded === name);
			return rowsOf(`tag ${name}`, () => said.targetsOf(exact));
		}
		case 'note': {
			const words = fold(want.name);
			return rowsOf(`note ${words}`, () => said.marked(({ note }) => note.includes(words)));
		}
		case 'in': {
			const below = places.below(foldersNamed(world, want.name));
			return (row) => below[row] === 1;
		}
		case 'path':
			return pathTest(world, want.name);
		case 'location': {
			const name = fold(want.name);
			return locationTest(world, ({ folded }) => folded === name);
		}
		case 'device':
			return deviceTest(world, want.name);
	}
}

/** Sets `best` to how well each of `wanted` fits a term; what is no text fits or does not. */
function fitTerm(world: World, { not, want }: Term, best: Uint8Array, wanted: Uint8Array, wantedCount: number): void {
	if (want.is === 'text' && !not) return fitText(world, want.text, best, wanted, wantedCount);
	const test = want.is === 'text' ? textTest(world, want.text, wanted, wantedCount) : rowTest(world, want);
	for (let row = 0; row < best.length; row++)
		if (wanted[row] !== noFit && best[row] !== 0 && test(row) !== not) best[row] = 0;
}

function textTest(world: World, text: string, wanted: Uint8Array, wantedCount: number): Test {
	const best = new Uint8Array(wanted.length).fill(noFit);
	fitText(world, text, best, wanted, wantedCount);
	return (row) => best[row] !== noFit;
}

/** Whether it is one look at a column. */
function isCheap(clause: Clause): boolean {
	return clause.every(({ want }) => want.is !== 'text' && want.is !== 'path');
}

/**
 * How well each row fits all clauses together, lower is better; `noFit` where it does not. `fit` says at first which rows are
 * looked at, and is changed; the answer is how many are left.
 */
export function fitQuery(world: World, query: readonly Clause[], fit: Uint8Array): number {
	let count = 0;
	for (const one of fit) if (one !== noFit) count++;
	// What is asked for twice is looked for once.
	const clauses = [...new Map(query.map((clause) => [JSON.stringify(clause), clause])).values()];
	const ordered = [...clauses.filter(isCheap), ...clauses.filter((clause) => !isCheap(clause))];
	const best = new Uint8Array(fit.length);
	for (const clause of ordered) {
		if (count === 0) break;
		best.fill(noFit);
		for (const term of clause) fitTerm(world, term, best, fit, count);
		count = 0;
		for (let row = 0; row < fit.length; row++) {
			const one = fit[row] ?? noFit;
			if (one === noFit) continue;
			const other = best[row] ?? noFit;
			if (other === noFit) fit[row] = noFit;
			else {
				const sum = one + other;
				fit[row] = sum < noFit ? sum : noFit - 1;
				count++;
			}
		}
	}
	return count;
}
