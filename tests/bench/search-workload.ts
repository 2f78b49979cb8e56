/** Finding names at a million entries, for whichever host runs it: queries of every kind that a person types. */
import type { SqlConnection } from '#core/ports';
import type { Driver } from '../conformance/core-driver.ts';
import type { Figure } from './figure.ts';
import { median, percentile, timed } from './measure.ts';

const rounds = 5;
const scans = 3;
const limit = 100;
/** What typing bears; the rest of the time to the screen is the interface's. */
const askedMs = 100;

/** Kinds of queries over generated names: how many letters, and how many names hold them. */
export const queries: Readonly<Record<string, readonly string[]>> = {
	'one-letter': ['a', 'e', 'i', 's', 'q', 'z', '1', '7', 'ä', '.'],
	'two-letters': ['in', 'im', 're', 'st', 'qu', 'zy', '20', '01', 'js', 'ow'],
	'three-letters': ['img', 'rep', 'ing', 'zep', 'kyo', '202', 'dsc', '.js', 'ent', 'ulm'],
	'common-word': ['photo', 'report', 'index', 'image', 'final', 'screenshot', 'package.json', '2019', 'draft', 'test'],
	'rare-word': ['zephyr', 'quarry invoice', 'reykjavik', 'straße', 'overview', 'документ', 'parser_kyoto', 'xylophone'],
	'two-words': ['report 2019', 'final pdf', 'img 2003', 'screenshot png', 'index test', 'lib so', 'sonata mp3', 'a b'],
	nothing: ['qzxj', 'nonexistentname', '\u{1f600}\u{1f600}\u{1f600}', 'aaaaaaaa', '"; --', 'img dsc screenshot']
};

/** Milliseconds of each query of a kind: asked for the first time, and the least of several times. */
export type QueryTimes = Readonly<
	Record<string, { readonly first: readonly number[]; readonly least: readonly number[] }>
>;

export async function timeQueries(driver: Driver): Promise<QueryTimes> {
	const times: Record<string, { first: number[]; least: number[] }> = {};
	for (const [kind, typed] of Object.entries(queries)) {
		const ofKind = { first: Array<number>(), least: Array<number>() };
		for (const words of typed) {
			const ask = () => timed(() => driver.value('search.first', { text: words, limit }));
			const first = await ask();
			let least = first;
			for (let round = 1; round < rounds; round++) least = Math.min(least, await ask());
			ofKind.first.push(first);
			ofKind.least.push(least);
		}
		times[kind] = ofKind;
	}
	return times;
}

/** One look at every name: what finding costs without an index. */
export async function timeScan(connection: SqlConnection): Promise<number> {
	const scan = connection.prepare(`SELECT count(*) FROM entry WHERE name LIKE '%qzxj%'`);
	let least = Infinity;
	for (let round = 0; round < scans; round++) least = Math.min(least, await timed(() => scan.get()));
	return least;
}

/** Figures of `times`; `scanMs` is the yardstick. */
export function searchFigures(host: string, times: QueryTimes, scanMs: number): Figure[] {
	const first = Object.values(times).flatMap((ofKind) => ofKind.first);
	const least = Object.values(times).flatMap((ofKind) => ofKind.least);
	const figure = (name: string, measured: number, unit: Figure['unit']): Figure => ({
		name: `${host}.search.${name}`,
		measured,
		unit
	});
	return [
		...Object.entries(times).flatMap(([kind, ofKind]) => [
			figure(`${kind}.median`, median(ofKind.least), 'ms'),
			{ ...figure(`${kind}.first-p95`, percentile(ofKind.first, 0.95), 'ms'), asked: askedMs }
		]),
		{ ...figure('first-p95', percentile(first, 0.95), 'ms'), asked: askedMs },
		{ ...figure('p95-against-scan', percentile(least, 0.95) / scanMs, 'share'), tolerance: 0.4 },
		figure('scan', scanMs, 'ms')
	];
}
