import * as v from 'valibot';
import {
	createActions,
	createGivingUp,
	createStepRunner,
	defineAction,
	defineRows,
	defineStep,
	operationFinder
} from '#core/actions';
import type {
	Action,
	Actions,
	ActionWaits,
	DueOperation,
	Facts,
	Operation,
	OperationTable,
	StepContext,
	WithUndo
} from '#core/actions';
import { createJobs, type Job, type JobDefect, type Jobs } from '#core/jobs';
import { commandId, err, ok, type ActionId, type PlanId, type Result } from '#core/kernel';
import { openDatabase, type Database, type StorageFailure } from '#core/schema';
import type { SimHost } from './host/sim-host.ts';

const rawKey = 'a5'.repeat(48);
const forever = new AbortController().signal;

const nullableText = v.nullable(v.string());
const setSchema = v.object({ kind: v.literal('set'), name: v.string(), from: nullableText, to: nullableText });
const placeSchema = v.object({ kind: v.literal('place'), name: v.string(), from: nullableText, to: nullableText });
const wishSchema = v.object({
	sets: v.optional(v.record(v.string(), nullableText), {}),
	places: v.optional(v.record(v.string(), nullableText), {}),
	asks: v.optional(v.boolean(), false)
});

export type SetRow = v.InferOutput<typeof setSchema>;
export type Place = v.InferOutput<typeof placeSchema>;
export type Block = { readonly type: 'OtherSince'; readonly state: string | null };
export type PlaceFailure = { readonly type: 'PlaceFailed'; readonly retry: 'never' | 'when-online' };
export type TestDomain = {
	readonly operation: SetRow | Place;
	readonly block: Block;
	readonly warning: never;
	readonly failure: PlaceFailure;
};
type JobFailure = ActionWaits<PlaceFailure> | StorageFailure | JobDefect;
export type TestActions = Actions<WithUndo<TestDomain>, JobFailure>;

/** Everything that a thing of the outer world does in one piece; after a kill it does nothing any more. */
class Killed extends Error {}

/**
 * What steps change: named things outside the library, each changed in three pieces. Outlives the program; a kill may
 * come before any piece.
 */
export class Outside {
	readonly things = new Map<string, string>();
	/** What is half done, by step. */
	readonly half = new Map<string, string>();
	/** How often each thing was given each state. */
	readonly times = new Map<string, number>();
	pieces = 0;
	killAt: number | null = null;
	/** Called where the program is killed: whatever else it holds dies too. */
	onKill: () => void = () => undefined;
	/** What goes wrong with a thing, until it is taken out. */
	readonly faults = new Map<string, PlaceFailure>();
	/** Called before each piece. */
	onPiece: (name: string) => Promise<void> = async () => undefined;

	/** One piece of work on `name`; throws where the program is killed before it. */
	async piece(name: string, work: () => void): Promise<void> {
		await this.onPiece(name);
		if (this.killAt !== null && this.pieces >= this.killAt) {
			this.onKill();
			throw new Killed('the program was killed');
		}
		this.pieces++;
		work();
	}

	give(name: string, state: string | null): void {
		if (state === null) this.things.delete(name);
		else this.things.set(name, state);
		const key = `${name}=${String(state)}`;
		this.times.set(key, (this.times.get(key) ?? 0) + 1);
	}
}

/** How a step that was cut off is gone on from: by looking at what is there, or, for the control, blindly. */
export type Manner = 'looks' | 'blindly';

function readSetting(database: Database, name: string): string | null {
	const row = database.prepare('SELECT value FROM setting WHERE name = ?').get([name]);
	return row === undefined ? null : String(row['value']);
}

export function writeSetting(database: Database, name: string, value: string | null): void {
	if (value === null) database.prepare('DELETE FROM setting WHERE name = ?').run([name]);
	else database.prepare('INSERT OR REPLACE INTO setting (name, value) VALUES (?, ?)').run([name, value]);
}

type Deps = { readonly database: Database; readonly outside: Outside; readonly manner: Manner };

function checkState(facts: Facts, subject: string, state: string | null, from: string | null): Block | null {
	facts.note(subject, state);
	return state === from ? null : { type: 'OtherSince', state };
}

function setOperation({ database }: Deps): Operation<TestDomain> {
	return defineRows(setSchema, {
		check: ({ name, from }, facts) => checkState(facts, `row/${name}`, readSetting(database, name), from),
		measure: () => ({ items: 1, sizeBytes: 0 }),
		apply: ({ kind, name, from, to }): SetRow => {
			writeSetting(database, name, to);
			return { kind, name, from: to, to: from };
		}
	});
}

async function place(
	{ database, outside, manner }: Deps,
	{ operation: { kind, name, from, to }, step, isRepeat }: DueOperation<Place>,
	{ onBytes, signal }: StepContext
): Promise<Result<{ write: () => Place }, PlaceFailure>> {
	const fault = outside.faults.get(name);
	if (fault !== undefined) return err(fault);
	const isDone = manner === 'looks' && isRepeat && (outside.things.get(name) ?? null) === to;
	if (!isDone) {
		await outside.piece(name, () => outside.half.set(step, String(to)));
		signal.throwIfAborted();
		await outside.piece(name, () => outside.give(name, to));
		onBytes(10);
	}
	await outside.piece(name, () => outside.half.delete(step));
	return ok({
		write: () => {
			// Counted: a step that is written down twice would show.
			const times = Number(readSetting(database, `placed ${step}`) ?? 0);
			writeSetting(database, `placed ${step}`, String(times + 1));
			return { kind, name, from: to, to: from };
		}
	});
}

function placeOperation(deps: Deps): Operation<TestDomain> {
	return defineStep(placeSchema, {
		// The library knows of the outer world what its steps have told.
		check: ({ name, from }, facts) => checkState(facts, `thing/${name}`, deps.outside.things.get(name) ?? null, from),
		measure: () => ({ items: 1, sizeBytes: 10 }),
		giveUp: async ({ operation: { kind, name, from, to }, step }) => {
			deps.outside.half.delete(step);
			const isDone = (deps.outside.things.get(name) ?? null) === to;
			return ok(isDone ? { write: () => ({ kind, name, from: to, to: from }) } : null);
		},
		run: async (due, context) => {
			const ends: Result<{ write: () => Place }, PlaceFailure>[] = [];
			for (const one of due) {
				const end = await place(deps, one, context).catch((thrown: unknown) => {
					if (!context.signal.aborted) throw thrown;
					return null;
				});
				if (end === null) break;
				ends.push(end);
				// What comes after it waits with it.
				if (!end.ok && end.failure.retry === 'when-online') break;
			}
			return ends;
		}
	});
}

function changeAction(deps: Deps, operations: OperationTable<TestDomain>): Action<TestDomain> {
	const { database, outside } = deps;
	return defineAction({
		name: 'test.change',
		input: wishSchema,
		plan: ({ sets, places, asks }, facts) => {
			const wanted: TestDomain['operation'][] = [
				...Object.entries(sets).map(
					([name, to]) => ({ kind: 'set', name, from: readSetting(database, name), to }) as const
				),
				...Object.entries(places).map(
					([name, to]) => ({ kind: 'place', name, from: outside.things.get(name) ?? null, to }) as const
				)
			];
			const due = wanted.filter(({ from, to }) => from !== to);
			for (const operation of wanted) operations[operation.kind].check(operation, facts);
			const cost = { items: due.length, sizeBytes: 0, estimateMs: null };
			return { operations: due, blocked: [], warnings: [], cost, asks };
		}
	});
}

/** Actions over the database of a simulated device, and a world outside it that steps change. */
export type ActionWorld = {
	readonly actions: TestActions;
	readonly jobs: Jobs<'action', JobFailure>;
	readonly database: Database;
	/** Resolves once `matches` holds; it is looked at when a job or the history is another. */
	until(matches: () => boolean): Promise<void>;
	job(action: ActionId): Job<'action', { readonly type: string }> | undefined;
	/** Closes the queue and the database, as locking does. */
	close(): Promise<void>;
};

/** Opens what `host` has on its disk, made where there is nothing. */
export async function openActions(host: SimHost, outside: Outside, manner: Manner = 'looks'): Promise<ActionWorld> {
	const connected = await host.database.connect('actions.sdlibrary', forever);
	if (!connected.ok) throw new Error(connected.failure.type);
	const opened = openDatabase(connected.value, { rawKey, where: 'the test', expect: 'new' });
	if (!opened.ok) throw new Error(opened.failure.type);
	const database = opened.value;
	const { clock } = host;
	const deps: Deps = { database, outside, manner };
	const watchers = new Set<() => void>();
	const onChange = () => [...watchers].forEach((watch) => watch());
	const operations: OperationTable<TestDomain> = { set: setOperation(deps), place: placeOperation(deps) };
	const operationOf: (operation: unknown) => Operation<TestDomain> = operationFinder<TestDomain>(operations);
	const onDone = () => undefined;
	const stepping = { database, clock, library: 'lib', operationOf, onDone, afterAll: async () => undefined };
	const givingUp = createGivingUp<TestDomain>(stepping, forever, onChange);
	const runner = createStepRunner<TestDomain>(stepping, givingUp.one, onChange);
	const jobs = createJobs<'action', JobFailure>({
		database,
		clock,
		runners: { action: runner },
		runsAll: true,
		onChange
	});
	const actions: TestActions = createActions<TestDomain, JobFailure>({
		database,
		clock,
		compute: host.compute,
		actions: [changeAction(deps, operations)],
		operations,
		jobs,
		isGivingUp: givingUp.isGoing,
		onDone,
		onChange
	});
	return {
		actions,
		jobs,
		database,
		until: (matches) =>
			new Promise((resolve) => {
				const watch = () => {
					if (!matches()) return;
					watchers.delete(watch);
					resolve();
				};
				watchers.add(watch);
				watch();
			}),
		job: (action) => {
			const listed = jobs.list();
			return listed.ok ? listed.value.find(({ target }) => target === String(action)) : undefined;
		},
		close: async () => {
			await jobs.close();
			connected.value.close();
		}
	};
}

export type Wish = v.InferInput<typeof wishSchema>;

export const change = (wish: Wish) => ({ action: 'test.change', input: wish });
export const undoOf = (action: ActionId) => ({ action: 'actions.undo', input: { action } });

let commands = 0;

/** What makes a command different from all others; the same `number` is the same command. */
export function onceBy(number = ++commands + 1_000_000) {
	return { command: commandId(number.toString(16).padStart(32, '0')), atMs: 1_000 + number };
}

/** Commits without a look, and waits for the end. */
export async function doNow(
	{ actions }: ActionWorld,
	request: { readonly action: string; readonly input: unknown },
	plan: PlanId | null = null
) {
	const committed = actions.commit({ ...request, plan }, onceBy());
	return committed.ok ? actions.end(committed.value.id, forever) : committed;
}
