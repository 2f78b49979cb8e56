import { actionId, type ActionId, type Failure } from '#core/kernel';
import { readJobOf } from '#core/jobs';
import type { SqlRow, SqlValue } from '#core/ports';
import type { Database } from '#core/schema';
import type { ActionState, Domain, OperationLike, RecordedAction, RecordedStep, StepState } from './schema.ts';

/** Actions that can be undone, undoings not counted; the steps of older ones are forgotten. */
const undoableMax = 100;
/** Actions that the history tells of. */
const rememberedMax = 1_000;

const states: ReadonlySet<string> = new Set<ActionState>(['running', 'done', 'halted']);
const stepStates: ReadonlySet<string> = new Set<StepState>(['waiting', 'begun', 'done', 'failed']);

/** All were written by this room, so their text is what it wrote. */
function isActionState(value: SqlValue | undefined): value is ActionState {
	return typeof value === 'string' && states.has(value);
}

function isStepState(value: SqlValue | undefined): value is StepState {
	return typeof value === 'string' && stepStates.has(value);
}

function isFailure<F extends Failure>(value: unknown): value is F {
	return typeof value === 'object' && value !== null && 'type' in value;
}

function parse(text: SqlValue | undefined): unknown {
	return typeof text === 'string' ? JSON.parse(text) : null;
}

export type NewAction = {
	readonly action: string;
	readonly input: unknown;
	readonly plan: string;
	readonly state: ActionState;
	readonly atMs: number;
	readonly items: number;
	readonly sizeBytes: number;
	readonly undoes: ActionId | null;
};

export function insertAction(database: Database, action: NewAction): ActionId {
	const { lastId } = database
		.prepare(
			`INSERT INTO action (action, input, plan, state, atMs, endedMs, items, sizeBytes, undoes)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`
		)
		.run([
			action.action,
			JSON.stringify(action.input),
			action.plan,
			action.state,
			action.atMs,
			action.state === 'running' ? null : action.atMs,
			action.items,
			action.sizeBytes,
			action.undoes
		]);
	const id = actionId(lastId);
	if (action.undoes !== null) database.prepare('UPDATE action SET undoneBy = ? WHERE id = ?').run([id, action.undoes]);
	return id;
}

/** The steps of an action in their order; `state` where the work is still to be done. */
export function insertSteps(
	database: Database,
	id: ActionId,
	steps: readonly {
		readonly operation: OperationLike;
		readonly state: StepState;
		readonly inverse: OperationLike | null;
	}[]
): void {
	const insert = database.prepare(
		'INSERT INTO action_step (action, seq, operation, state, inverse) VALUES (?, ?, ?, ?, ?)'
	);
	for (const [seq, { operation, state, inverse }] of steps.entries())
		insert.run([id, seq, JSON.stringify(operation), state, inverse === null ? null : JSON.stringify(inverse)]);
}

/** What recorded actions are read with. */
export type Reading<D extends Domain> = {
	readonly database: Database;
	/** Whether the job of an action does something at this moment, if only to come to its end. */
	readonly isLive: (id: ActionId) => boolean;
	readonly parseOperation: (operation: unknown) => D['operation'];
};

/** Writes down the end of the actions whose jobs were cancelled or cleared away. */
function endBrokenOff<D extends Domain>({ database, isLive }: Reading<D>): void {
	const running = database.prepare(`SELECT id FROM action WHERE state = 'running'`).column().map(actionId);
	for (const id of running)
		if (!isLive(id) && isBrokenOff(readJobOf(database, 'action', String(id))))
			database.prepare(`UPDATE action SET state = 'halted', endedMs = atMs WHERE id = ?`).run([id]);
}

/** Forgets the actions that are too old to be told of, and the steps of those that are too old to be undone. */
export function dropOld<D extends Domain>(reading: Reading<D>): void {
	const { database } = reading;
	endBrokenOff(reading);
	const oldest = 'SELECT id FROM action WHERE undoes IS NULL ORDER BY id DESC LIMIT 1 OFFSET ?';
	const ended = `SELECT id FROM action WHERE state <> 'running'`;
	database.prepare(`DELETE FROM action_step WHERE action IN (${ended} AND id < (${oldest}))`).run([undoableMax - 1]);
	database.prepare(`DELETE FROM action WHERE id IN (${ended} ORDER BY id DESC LIMIT -1 OFFSET ?)`).run([rememberedMax]);
}

/** A person who cancels the job, or clears it away, has broken the action off. */
function isBrokenOff(job: RecordedAction<Domain>['job']): boolean {
	return job === null || job.state === 'cancelled';
}

const stepsOf = (action: string) => `FROM action_step WHERE action_step.action = ${action}`;
// Steps are numbered without gaps, and none of an action that is done has failed: a hundred thousand are not counted.
// Undoings count from one end of their chain to the other: the undoing of an undoing does something again.
const columns = `action.id AS id, action.action AS action, action.state AS state, action.atMs AS atMs,
	action.endedMs AS endedMs, action.items AS items, action.sizeBytes AS sizeBytes, action.undoes AS undoes,
	action.undoneBy AS undoneBy,
	(WITH RECURSIVE chain (id) AS (
		SELECT action.undoes WHERE action.undoes IS NOT NULL
		UNION ALL
		SELECT above.undoes FROM chain JOIN action AS above ON above.id = chain.id WHERE above.undoes IS NOT NULL
	) SELECT count(*) FROM chain) AS depth,
	(SELECT operation ${stepsOf('action.id')} ORDER BY seq LIMIT 1) AS first,
	(SELECT coalesce(max(seq) + 1, 0) ${stepsOf('action.id')}) AS operations,
	CASE WHEN action.state = 'done' THEN 0
		ELSE (SELECT count(*) ${stepsOf('action.id')} AND state = 'failed')
	END AS failed,
	CASE WHEN action.state = 'done' THEN NULL
		ELSE (SELECT count(*) ${stepsOf('action.id')} AND state = 'done')
	END AS done,
	CASE WHEN action.undoneBy IS NULL
		THEN EXISTS (SELECT 1 ${stepsOf('action.id')} AND inverse IS NOT NULL)
		ELSE (SELECT undoing.state <> 'done' FROM action AS undoing WHERE undoing.id = action.undoneBy)
			AND EXISTS (SELECT 1 ${stepsOf('action.undoneBy')} AND state <> 'done')
	END AS hasLeft`;

function idOrNull(value: SqlValue | undefined): ActionId | null {
	return typeof value === 'number' ? actionId(value) : null;
}

function readRunning<D extends Domain>({ database, isLive }: Reading<D>, row: SqlRow) {
	const id = actionId(row['id']);
	const written = isActionState(row['state']) ? row['state'] : 'halted';
	if (written !== 'running') return { state: written, job: null };
	const job = readJobOf(database, 'action', String(id));
	return isBrokenOff(job) && !isLive(id) ? { state: 'halted' as const, job: null } : { state: written, job };
}

/** Whether its end was not written down. */
export function isRunning(database: Database, id: ActionId): boolean {
	return database.prepare(`SELECT 1 FROM action WHERE id = ? AND state = 'running'`).get([id]) !== undefined;
}

function isGoingOn<D extends Domain>(reading: Reading<D>, id: ActionId): boolean {
	const row = reading.database.prepare('SELECT id, state FROM action WHERE id = ?').get([id]);
	return row !== undefined && readRunning(reading, row).state === 'running';
}

function rowToAction<D extends Domain>(reading: Reading<D>, row: SqlRow): RecordedAction<D> {
	const { state, job } = readRunning(reading, row);
	const undoneBy = idOrNull(row['undoneBy']);
	const first = parse(row['first']);
	return {
		id: actionId(row['id']),
		action: String(row['action']),
		isUndoing: Number(row['depth']) % 2 === 1,
		first: first === null ? null : reading.parseOperation(first),
		state,
		atMs: Number(row['atMs']),
		endedMs: typeof row['endedMs'] === 'number' ? row['endedMs'] : null,
		items: Number(row['items']),
		sizeBytes: Number(row['sizeBytes']),
		undoes: idOrNull(row['undoes']),
		undoneBy,
		isUndoable: state !== 'running' && row['hasLeft'] === 1 && (undoneBy === null || !isGoingOn(reading, undoneBy)),
		failed: Number(row['failed']),
		operations: Number(row['operations']),
		done: Number(row['done'] ?? row['operations']),
		job
	};
}

/** The latest actions before `before`, the latest first. */
export function readActions<D extends Domain>(
	reading: Reading<D>,
	before: ActionId | null,
	limit: number
): RecordedAction<D>[] {
	return reading.database
		.prepare(`SELECT ${columns} FROM action WHERE action.id < ? ORDER BY action.id DESC LIMIT ?`)
		.all([before ?? Number.MAX_SAFE_INTEGER, limit])
		.map((row) => rowToAction(reading, row));
}

export function readAction<D extends Domain>(reading: Reading<D>, id: ActionId): RecordedAction<D> | null {
	const row = reading.database.prepare(`SELECT ${columns} FROM action WHERE action.id = ?`).get([id]);
	return row === undefined ? null : rowToAction(reading, row);
}

/** A step that is to be done, as it stands in its table. */
export type DueStep = { readonly seq: number; readonly operation: unknown; readonly isRepeat: boolean };

/** The next steps that are not done, marked as begun: whoever finds them so after a kill looks at what they left. */
export function beginSteps(database: Database, id: ActionId, limit: number): DueStep[] {
	const rows = database
		.prepare(
			`SELECT seq, operation, state FROM action_step
			WHERE action = ? AND state IN ('begun', 'waiting') ORDER BY seq LIMIT ?`
		)
		.all([id, limit]);
	const begin = database.prepare(`UPDATE action_step SET state = 'begun' WHERE action = ? AND seq = ?`);
	return rows.map((row) => {
		const seq = Number(row['seq']);
		begin.run([id, seq]);
		return { seq, operation: parse(row['operation']), isRepeat: row['state'] === 'begun' };
	});
}

/** The steps that were begun and of which nobody has said how they ended. */
export function readBegun(database: Database, id: ActionId): DueStep[] {
	return database
		.prepare(`SELECT seq, operation FROM action_step WHERE action = ? AND state = 'begun' ORDER BY seq`)
		.all([id])
		.map((row) => ({ seq: Number(row['seq']), operation: parse(row['operation']), isRepeat: true }));
}

/** What steps are to do that are begun at this moment, or were when they were cut off. */
export function readUnderWay(database: Database): unknown[] {
	return database.prepare(`SELECT operation FROM action_step WHERE state = 'begun'`).column().map(parse);
}

/** What all steps of an action were to do that were begun in whichever try, in their order. */
export function readTried(database: Database, id: ActionId): unknown[] {
	return database
		.prepare(`SELECT operation FROM action_step WHERE action = ? AND state <> 'waiting' ORDER BY seq`)
		.column([id])
		.map(parse);
}

/** The actions that nobody goes on with and that were not brought to their end. */
export function readBrokenOff(database: Database): ActionId[] {
	return database
		.prepare(`SELECT id FROM action WHERE state = 'running' UNION SELECT action FROM action_step WHERE state = 'begun'`)
		.column()
		.map(actionId)
		.filter((id) => isBrokenOff(readJobOf(database, 'action', String(id))));
}

export function markDone(database: Database, id: ActionId, seq: number, inverse: OperationLike | null): void {
	database
		.prepare(`UPDATE action_step SET state = 'done', inverse = ? WHERE action = ? AND seq = ?`)
		.run([inverse === null ? null : JSON.stringify(inverse), id, seq]);
}

/** As if it had never been begun. */
export function markWaiting(database: Database, id: ActionId, seq: number): void {
	database.prepare(`UPDATE action_step SET state = 'waiting' WHERE action = ? AND seq = ?`).run([id, seq]);
}

export function markFailed(database: Database, id: ActionId, seq: number, failure: Failure): void {
	database
		.prepare(`UPDATE action_step SET state = 'failed', failure = ? WHERE action = ? AND seq = ?`)
		.run([JSON.stringify(failure), id, seq]);
}

/** How many steps of an action stand in each state. */
export function countSteps(database: Database, id: ActionId): Readonly<Record<StepState, number>> {
	const counts = { waiting: 0, begun: 0, done: 0, failed: 0 };
	const rows = database
		.prepare('SELECT state, count(*) AS steps FROM action_step WHERE action = ? GROUP BY state')
		.all([id]);
	for (const row of rows) if (isStepState(row['state'])) counts[row['state']] = Number(row['steps']);
	return counts;
}

export function endAction(database: Database, id: ActionId, state: ActionState, endedMs: number): void {
	database.prepare('UPDATE action SET state = ?, endedMs = ? WHERE id = ?').run([state, endedMs, id]);
}

/** Steps of an action from `from` on. */
export function readSteps<D extends Domain>(
	{ database, parseOperation }: Reading<D>,
	id: ActionId,
	{ from, limit }: { readonly from: number; readonly limit: number }
): RecordedStep<D>[] {
	return database
		.prepare('SELECT operation, state, failure FROM action_step WHERE action = ? AND seq >= ? ORDER BY seq LIMIT ?')
		.all([id, from, limit])
		.map((row) => {
			const failure = parse(row['failure']);
			return {
				operation: parseOperation(parse(row['operation'])),
				state: isStepState(row['state']) ? row['state'] : 'failed',
				failure: isFailure<D['failure']>(failure) ? failure : null
			};
		});
}

/** What takes an action back, its last step first; where it was undone before, what that undoing did not come to. */
export function readInverses(database: Database, id: ActionId, undoneBy: ActionId | null): unknown[] {
	const sql =
		undoneBy === null
			? 'SELECT inverse FROM action_step WHERE action = ? AND inverse IS NOT NULL ORDER BY seq DESC'
			: `SELECT operation FROM action_step WHERE action = ? AND state <> 'done' ORDER BY seq`;
	return database
		.prepare(sql)
		.column([undoneBy ?? id])
		.map(parse);
}
