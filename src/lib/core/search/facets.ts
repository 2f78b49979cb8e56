import { classOf, classNames } from './classes.ts';
import { fold } from './fold.ts';
import { noFit } from './names.ts';
import { parseQuery } from './parse-query.ts';
import { printQuery } from './print-query.ts';
import type { Clause, Want } from './query.ts';
import type { FacetLabel, FacetName, Facets, FacetValue } from './schema.ts';
import { rowTest, type World } from './terms.ts';

/** More of one facet nobody reads. */
const valuesMax = 12;

const dates = ['today', 'week', 'month', 'year'] as const;
const MB = 1e6;
const sizes: readonly { readonly from: number | null; readonly to: number | null }[] = [
	{ from: 0, to: 0 },
	{ from: 1, to: 100e3 - 1 },
	{ from: 100e3, to: 10 * MB - 1 },
	{ from: 10 * MB, to: 100 * MB - 1 },
	{ from: 100 * MB, to: 1e9 - 1 },
	{ from: 1e9, to: null }
];

/** A value before it is known what it is added to. */
type Counted = Omit<FacetValue, 'text'>;

function value(label: FacetLabel, want: Want, count: number): Counted {
	return { term: printQuery([[{ not: false, want }]]), label, count };
}

/** `typed` with a term more; written anew where its end would take the term in, as `a OR` and an open quotation do. */
function addTerm(typed: string, term: string): string {
	const added = `${typed.trim()} ${term}`;
	const wanted: readonly Clause[] = [...parseQuery(typed).query, ...parseQuery(term).query];
	const isSame = JSON.stringify(parseQuery(added).query) === JSON.stringify(wanted);
	return isSame ? added : printQuery(wanted);
}

/** The values that something was found for, the most frequent first. */
function mostFrequent(values: readonly Counted[]): Counted[] {
	return values
		.filter(({ count }) => count > 0)
		.toSorted((a, b) => b.count - a.count || (a.term < b.term ? -1 : 1))
		.slice(0, valuesMax);
}

/** How many of the rows that fit a test holds for. */
function countRows(fit: Uint8Array, test: (row: number) => boolean): number {
	let count = 0;
	for (let row = 0; row < fit.length; row++) if (fit[row] !== noFit && test(row)) count++;
	return count;
}

/** By names without case and accents, as terms ask for them: two of one name are one value. */
function countNamed<T>(all: readonly T[], nameOf: (one: T) => string, countOf: (one: T) => number) {
	const named = new Map<string, { name: string; count: number }>();
	for (const one of all) {
		const name = nameOf(one);
		const known = named.get(fold(name));
		if (known === undefined) named.set(fold(name), { name, count: countOf(one) });
		else known.count += countOf(one);
	}
	return [...named.values()];
}

function tagFacet(world: World, fit: Uint8Array): Counted[] {
	const { said, columns } = world;
	const shown = said.tags.filter(({ tag }) => tag.privacy !== 'hidden');
	if (shown.length === 0) return [];
	// Each tag's number, and the names of the tags that find it.
	const finders = new Map<number, Set<string>>();
	for (const { folded, below } of said.tags)
		for (const number of below) finders.set(number, (finders.get(number) ?? new Set()).add(folded));
	const counts = new Map<string, number>();
	for (let row = 0; row < fit.length; row++) {
		if (fit[row] === noFit) continue;
		const on = said.tagsOf.get(columns.targets[row] ?? 0);
		if (on === undefined) continue;
		const names = new Set(on.flatMap((number) => [...(finders.get(number) ?? [])]));
		for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
	}
	const named = countNamed(
		shown,
		({ tag }) => tag.name,
		() => 0
	);
	return mostFrequent(
		named.map(({ name }) => value({ is: 'tag', name }, { is: 'tag', name }, counts.get(fold(name)) ?? 0))
	);
}

/**
 * How what `typed` has found is spread over kinds, extensions, tags, places, dates and sizes. Each count is that of the list
 * for the value's own text.
 */
export function countFacets(world: World, fit: Uint8Array, typed: string): Facets {
	const counted = countAll(world, fit);
	const added = (values: readonly Counted[]) => values.map((one) => ({ ...one, text: addTerm(typed, one.term) }));
	return {
		kind: added(counted.kind),
		ext: added(counted.ext),
		tag: added(counted.tag),
		location: added(counted.location),
		device: added(counted.device),
		modified: added(counted.modified),
		size: added(counted.size)
	};
}

function countAll(world: World, fit: Uint8Array): Readonly<Record<FacetName, readonly Counted[]>> {
	const { columns, places, devices } = world;
	const kinds = new Uint32Array(classNames.length);
	const extensions = new Uint32Array(columns.extensionNames.length);
	const locations = new Uint32Array(places.locations.length + 1);
	for (let row = 0; row < fit.length; row++) {
		if (fit[row] === noFit) continue;
		const [kind, extension, location] = [
			columns.kinds[row] ?? 0,
			columns.extensions[row] ?? 0,
			places.locationOf[row] ?? 0
		];
		kinds[kind] = (kinds[kind] ?? 0) + 1;
		extensions[extension] = (extensions[extension] ?? 0) + 1;
		locations[location] = (locations[location] ?? 0) + 1;
	}
	const inLocation = (index: number) => locations[index + 1] ?? 0;
	const onSlot = (wanted: number) =>
		places.locations.reduce((sum, { slot }, index) => sum + (slot === wanted ? inLocation(index) : 0), 0);
	const found = (label: FacetLabel, want: Exclude<Want, { is: 'text' }>) =>
		value(label, want, countRows(fit, rowTest(world, want)));
	return {
		kind: mostFrequent(
			[...kinds].map((count, code) =>
				value({ is: 'kind', kind: classOf(code) }, { is: 'kind', kind: classOf(code) }, count)
			)
		),
		ext: mostFrequent(
			[...extensions].flatMap((count, code) => {
				const name = columns.extensionNames[code] ?? '';
				// What the language has no word for cannot be asked for.
				return code === 0 || /[\s,]/u.test(name) ? [] : [value({ is: 'ext', name }, { is: 'ext', any: [name] }, count)];
			})
		),
		tag: tagFacet(world, fit),
		location: mostFrequent(
			countNamed([...places.locations.keys()], (index) => places.locations[index]?.name ?? '', inLocation).map(
				({ name, count }) => value({ is: 'location', name }, { is: 'location', name }, count)
			)
		),
		device: mostFrequent(
			countNamed(
				devices,
				({ name }) => name,
				({ slot }) => onSlot(slot)
			)
				.filter(({ name }) => name !== '')
				.map(({ name, count }) => value({ is: 'device', name }, { is: 'device', name }, count))
		),
		modified: dates
			.map((date) => found({ is: 'modified', date }, { is: 'modified', how: 'within', date }))
			.filter(({ count }) => count > 0),
		size: sizes
			.map((range) => found({ is: 'size', ...range }, { is: 'size', ...range }))
			.filter(({ count }) => count > 0)
	};
}
