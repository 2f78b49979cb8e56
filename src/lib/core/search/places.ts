import { isReplica, numbersPerSlot } from '#core/kernel';
import type { Database } from '#core/schema';
import { classCode } from './classes.ts';
import type { Columns } from './columns.ts';
import { fold } from './fold.ts';

/** A location as a search looks at it. */
export type LookedLocation = {
	readonly id: number;
	readonly name: string;
	readonly folded: string;
	/** The row of its folder. */
	readonly top: number;
	/** The number by which this library knows its device; 0 is this one. */
	readonly slot: number;
	readonly isOffline: boolean;
};

export type LookedDevice = { readonly slot: number; readonly name: string; readonly folded: string };

const folder = classCode('folder');

/** Where entries are: what changes with the tree and with the locations alone. */
export class Places {
	readonly locations: readonly LookedLocation[];
	/** Of each row: its location, counted from 1; 0 where it lies in none, as what is in a trash. */
	readonly locationOf: Uint16Array;
	readonly #columns: Columns;
	#paths: readonly string[] | null = null;

	constructor(columns: Columns, locations: readonly LookedLocation[]) {
		this.#columns = columns;
		this.locations = locations;
		this.locationOf = new Uint16Array(columns.count);
		const indexes = new Map(locations.map(({ top }, index) => [top, index + 1]));
		const tops = this.#fromAbove((row) => (columns.isThere[row] === 1 ? (indexes.get(row) ?? 0) : 0));
		for (let row = 0; row < columns.count; row++)
			this.locationOf[row] = columns.isThere[row] === 1 ? Math.max(0, tops[row] ?? 0) : 0;
	}

	/** A number for each row: what `begin` says of it or, where that is 0, what the folder above it has. */
	#fromAbove(begin: (row: number) => number): Int32Array {
		const { count, parents } = this.#columns;
		const found = new Int32Array(count).fill(-1);
		const way: number[] = [];
		for (let row = 0; row < count; row++) {
			let at = row;
			while (found[at] === -1) {
				const own = begin(at);
				const above = parents[at] ?? -1;
				if (own > 0 || above < 0) found[at] = own;
				else {
					way.push(at);
					at = above;
				}
			}
			const value = found[at] ?? 0;
			for (let below = way.pop(); below !== undefined; below = way.pop()) found[below] = value;
		}
		return found;
	}

	/** Which rows lie below one of these folders, at any depth. */
	below(folders: ReadonlySet<number>): Uint8Array {
		const { parents, count } = this.#columns;
		const inside = this.#fromAbove((row) => (folders.has(row) ? 1 : 0));
		const isBelow = new Uint8Array(count);
		for (let row = 0; row < count; row++) {
			const above = parents[row] ?? -1;
			isBelow[row] = above >= 0 && inside[above] === 1 ? 1 : 0;
		}
		return isBelow;
	}

	/** Of each folder, the folded names from its location's down to it, each led by a slash; of what is none, nothing. */
	get paths(): readonly string[] {
		this.#paths ??= this.#readPaths();
		return this.#paths;
	}

	#readPaths(): readonly string[] {
		const { count, kinds, parents, names } = this.#columns;
		const paths = Array<string>(count).fill('');
		const pathOf = (row: number): string => {
			const known = paths[row] ?? '';
			if (known !== '') return known;
			const above = parents[row] ?? -1;
			const path = `${above < 0 ? '' : pathOf(above)}/${names.at(row)}`;
			paths[row] = path;
			return path;
		};
		for (let row = 0; row < count; row++) if (kinds[row] === folder && this.locationOf[row] !== 0) pathOf(row);
		return paths;
	}
}

/** Locations of all devices, with the devices. Run inside `read`. */
export function readDevices(database: Database): LookedDevice[] {
	return database
		.prepare('SELECT slot, name FROM device ORDER BY slot')
		.all([])
		.map(({ slot, name }) => ({ slot: Number(slot), name: String(name), folded: fold(String(name)) }));
}

export function slotOf(id: number): number {
	return isReplica(id) ? Math.floor(id / numbersPerSlot) : 0;
}
