import type { TagId } from '#core/kernel';
import { createGraph, numberOf, readAllTags, readRelations, type Tag } from '#core/metadata';
import type { Database } from '#core/schema';
import type { Columns } from './columns.ts';
import { fold } from './fold.ts';

/** A tag as a search looks at it. */
type LookedTag = {
	readonly tag: Tag;
	readonly folded: string;
	readonly number: number;
	/** Numbers of itself and of the tags that are found with it. */
	readonly below: ReadonlySet<number>;
};

type LookedMark = { readonly isFavourite: boolean; readonly rating: number; readonly note: string };

/** What people say, as it was at one version of it. */
export class Said {
	readonly tags: readonly LookedTag[];
	/** The tags that hang on a target by themselves. */
	readonly tagsOf: ReadonlyMap<number, readonly number[]>;
	readonly marks: ReadonlyMap<number, LookedMark>;
	readonly #rows = new Map<string, { readonly version: number; readonly rows: Uint8Array }>();

	/** Run inside `read`. */
	constructor(database: Database) {
		const tags = readAllTags(database);
		const graph = createGraph(readRelations(database));
		const toNumbers = (ids: ReadonlySet<TagId>) => new Set([...ids].map(numberOf));
		this.tags = tags.map((tag) => ({
			tag,
			folded: fold(tag.name),
			number: numberOf(tag.id),
			below: toNumbers(graph.below(tag.id))
		}));
		const tagsOf = new Map<number, number[]>();
		for (const { target, tag } of database.prepare('SELECT target, tag FROM assignment').all([])) {
			const known = tagsOf.get(Number(target));
			if (known === undefined) tagsOf.set(Number(target), [Number(tag)]);
			else known.push(Number(tag));
		}
		this.tagsOf = tagsOf;
		this.marks = new Map(
			database
				.prepare('SELECT target, favourite, rating, note FROM mark')
				.all([])
				.map(({ target, favourite, rating, note }) => [
					Number(target),
					{ isFavourite: favourite === 1, rating: Number(rating), note: fold(String(note)) }
				])
		);
	}

	/** Which rows have a target that fits; kept under `key` until entries change. */
	rows(columns: Columns, key: string, targets: () => ReadonlySet<number>): Uint8Array {
		const known = this.#rows.get(key);
		if (known?.version === columns.version) return known.rows;
		const wanted = targets();
		const rows = new Uint8Array(columns.count);
		if (wanted.size > 0)
			for (let row = 0; row < columns.count; row++) if (wanted.has(columns.targets[row] ?? 0)) rows[row] = 1;
		this.#rows.set(key, { version: columns.version, rows });
		return rows;
	}

	/** What has one of these tags. */
	targetsOf(tags: readonly LookedTag[]): ReadonlySet<number> {
		const numbers = new Set(tags.flatMap(({ below }) => [...below]));
		const found = new Set<number>();
		if (numbers.size === 0) return found;
		for (const [target, on] of this.tagsOf) if (on.some((one) => numbers.has(one))) found.add(target);
		return found;
	}

	marked(fits: (mark: LookedMark) => boolean): ReadonlySet<number> {
		const found = new Set<number>();
		for (const [target, mark] of this.marks) if (fits(mark)) found.add(target);
		return found;
	}
}
