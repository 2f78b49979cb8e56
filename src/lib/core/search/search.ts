import { ok, type Result } from '#core/kernel';
import type { ClockPort } from '#core/ports';
import type { Database, StorageFailure } from '#core/schema';
import type { Locations } from '#core/volumes';
import type { Columns } from './columns.ts';
import { explain } from './explain.ts';
import { countFacets } from './facets.ts';
import { fold } from './fold.ts';
import { countChanges, Reading, readSaidVersion, startFollowing, takeChanges } from './follow.ts';
import { noFit } from './names.ts';
import { parseQuery } from './parse-query.ts';
import { Places, readDevices, slotOf, type LookedLocation } from './places.ts';
import { Said } from './said.ts';
import type { Facets, FindAnswer, FindInput, FindOrder, FindScope, Why } from './schema.ts';
import { sortFound } from './sort-found.ts';
import { fitQuery, type World } from './terms.ts';

/** Rows that have another name by now, or stand for nothing any more: with more of them all are read again. */
const wornMax = 50_000;
/** Changes that are taken in one by one; with more, which is slower than that, all are read again. */
const changesMax = 20_000;
/** Of a large library so many of its entries. */
const changedShare = 4;

export type Search = {
	/** All that a text finds, in an order. */
	find(
		input: FindInput & { readonly order: FindOrder },
		signal: AbortSignal
	): Promise<Result<FindAnswer, StorageFailure>>;
	/** How what a text finds is spread. */
	facets(input: FindInput, signal: AbortSignal): Promise<Result<Facets, StorageFailure>>;
	/** Why a text finds these entries. */
	why(
		input: FindInput & { readonly entries: readonly number[] },
		signal: AbortSignal
	): Promise<Result<readonly Why[], StorageFailure>>;
};

type Rooms = {
	readonly database: Database;
	readonly clock: ClockPort;
	readonly locations: Pick<Locations, 'listEverywhere'>;
};

/** What was made of the columns, and of which state of the library. */
type Derived<T> = { readonly key: string; readonly value: T };

class Searching {
	readonly #rooms: Rooms;
	#columns: Columns | null = null;
	#reading: Promise<Result<Columns, StorageFailure>> | null = null;
	#places: Derived<Places> | null = null;
	#said: Derived<Said> | null = null;
	#fit: Derived<{ readonly fit: Uint8Array; readonly count: number }> | null = null;

	constructor(rooms: Rooms) {
		this.#rooms = rooms;
	}

	/** Everything in step with the library, as it is in this moment. */
	async look<T>(work: (world: World) => T, signal: AbortSignal): Promise<Result<T, StorageFailure>> {
		const { database, locations } = this.#rooms;
		let read = await this.#ready(signal);
		// Who asked in the same moment may have let go of them.
		while (read.ok && read.value !== this.#columns) read = await this.#ready(signal);
		if (!read.ok) return read;
		const columns = read.value;
		const known = locations.listEverywhere();
		if (!known.ok) return known;
		return database.read(() => {
			takeChanges(database, columns);
			const looked = known.value.map(({ id, name, entry, isOffline }): LookedLocation => ({
				id,
				name,
				folded: fold(name),
				top: columns.rowOf(entry),
				slot: slotOf(id),
				isOffline
			}));
			return work(this.#world(columns, looked));
		});
	}

	#world(columns: Columns, locations: readonly LookedLocation[]): World {
		const { database, clock } = this.#rooms;
		const placesKey = `${columns.treeVersion} ${columns.count} ${JSON.stringify(locations)}`;
		if (this.#places?.key !== placesKey) this.#places = { key: placesKey, value: new Places(columns, locations) };
		const saidKey = String(readSaidVersion(database));
		if (this.#said?.key !== saidKey) this.#said = { key: saidKey, value: new Said(database) };
		return {
			columns,
			places: this.#places.value,
			said: this.#said.value,
			devices: readDevices(database),
			now: { nowMs: clock.nowMs(), offsetAt: (atMs) => clock.utcOffsetMs(atMs) }
		};
	}

	async #ready(signal: AbortSignal): Promise<Result<Columns, StorageFailure>> {
		if (this.#columns !== null && this.#reading === null) {
			const columns = this.#columns;
			const changes = this.#rooms.database.read(() => countChanges(this.#rooms.database));
			if (!changes.ok) return changes;
			const most = columns.count / changedShare;
			const isWorn = columns.names.displaced + columns.gone > Math.max(wornMax, most);
			if (!isWorn && changes.value <= Math.max(changesMax, most)) return ok(columns);
			// What is left of it would double what is held while all is read.
			[this.#columns, this.#places, this.#said, this.#fit] = [null, null, null, null];
		}
		this.#reading ??= this.#readAll();
		const read = await this.#reading;
		signal.throwIfAborted();
		return read;
	}

	/** For whoever asks meanwhile, so it goes on when the first of them has gone. */
	async #readAll(): Promise<Result<Columns, StorageFailure>> {
		const { database, clock } = this.#rooms;
		const never = new AbortController().signal;
		const reading = new Reading(database);
		let step = database.read(() => {
			startFollowing(database);
			return true;
		});
		while (step.ok && step.value) {
			step = database.read(() => reading.step());
			await clock.wait(0, never);
		}
		this.#reading = null;
		if (!step.ok) return step;
		this.#columns = reading.columns;
		return ok(reading.columns);
	}

	/** How well each row fits what was typed, and how many do. */
	fit(world: World, { text, scope }: FindInput): { readonly fit: Uint8Array; readonly count: number } {
		const { columns, places, now } = world;
		const minute = Math.floor(now.nowMs / 60_000);
		const key = JSON.stringify([text, scope ?? null, columns.version, this.#places?.key, this.#said?.key, minute]);
		if (this.#fit?.key === key) return this.#fit.value;
		const { query } = parseQuery(text);
		const fit = new Uint8Array(columns.count);
		const isIn = scopeTest(world, scope);
		for (let row = 0; row < fit.length; row++) if (places.locationOf[row] === 0 || !isIn(row)) fit[row] = noFit;
		// Nothing asked for is nothing found.
		if (query.length === 0) fit.fill(noFit);
		const value = { fit, count: fitQuery(world, query, fit) };
		this.#fit = { key, value };
		return value;
	}
}

function scopeTest({ columns, places }: World, scope: FindScope | undefined): (row: number) => boolean {
	if (scope === undefined) return () => true;
	if (scope.is === 'this-device') return (row) => places.locations[(places.locationOf[row] ?? 0) - 1]?.slot === 0;
	const below = places.below(new Set([columns.rowOf(scope.folder)]));
	return (row) => below[row] === 1;
}

/** Searches one open library. What it has read it keeps in memory until the library is closed. */
export function createSearch(rooms: Rooms): Search {
	const searching = new Searching(rooms);
	return {
		find: ({ order, ...input }, signal) =>
			searching.look((world) => {
				const { fit, count } = searching.fit(world, input);
				const { columns } = world;
				const rows = sortFound(columns, fit, count, order);
				const idOf = columns.ids;
				const ids = new Float64Array(rows.length);
				for (let at = 0; at < rows.length; at++) ids[at] = idOf[rows[at] ?? 0] ?? 0;
				return { ids, read: parseQuery(input.text) };
			}, signal),
		facets: (input, signal) =>
			searching.look((world) => countFacets(world, searching.fit(world, input).fit, input.text), signal),
		why: ({ entries, ...input }, signal) =>
			searching.look((world) => explain(rooms.database, world, parseQuery(input.text).query, entries), signal)
	};
}
