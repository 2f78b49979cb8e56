import { lastStampAt, type DeviceId, type Stamp } from '#core/kernel';
import type { ClockPort } from '#core/ports';
import type { Database } from '#core/schema';
import { unaskedOf, type MergeRefusal } from '#core/sync';
import { putBack, rememberSaid } from './put-back.ts';

/** What comes with less than this between it counts together: no mass deletion gets through in small pieces. */
const quietMs = 60_000;

/** Rolls a merge back, and is caught where it began. */
export class TooMuchDeleted extends Error {
	readonly why: MergeRefusal;

	constructor(why: MergeRefusal) {
		super(why.type);
		this.why = why;
	}
}

/** What was held, and a person has said to. */
export type Answered = { readonly deleted: number; readonly accepts: boolean };

export type DeletionGuard = {
	/**
	 * Does `merge`, which takes over what `from` has told, up to the stamp `upTo`, and may take away what was said; throws
	 * `TooMuchDeleted` where that has to wait. What a person has answered to it, if it was held. Run inside `write`.
	 */
	watch(
		from: DeviceId,
		told: { readonly takesAway: boolean; readonly upTo: Stamp },
		merge: () => void
	): Answered | null;
	/** To be called when what was watched is durable. */
	settle(): void;
	/**
	 * A person has said that what `from` has deleted until now goes, or is put back: all of it, in however many parts it
	 * comes, as long as less than a minute is between them.
	 */
	answer(from: DeviceId, accepts: boolean): void;
};

function countSaid(database: Database): number {
	const [count] = database
		.prepare(
			`SELECT (SELECT count(*) FROM tag) + (SELECT count(*) FROM collection) + (SELECT count(*) FROM assignment)
			+ (SELECT count(*) FROM collection_member) + (SELECT count(*) FROM mark)`
		)
		.column();
	return Number(count);
}

type Telling = { readonly of: number; readonly lost: number; readonly atMs: number };
type Answer = {
	readonly accepts: boolean;
	/** What was deleted after it was given nobody has been asked about. */
	readonly upTo: Stamp;
	readonly atMs: number;
	/** A part of what it is about has come by now. */
	readonly isBegun: boolean;
};
type Losing = { readonly from: DeviceId; readonly upTo: Stamp; readonly merge: () => void };
/** What is so once a merge is durable. */
type Next = { readonly telling: Telling; readonly from: DeviceId; readonly answer: Answer | null };

/**
 * Has whatever would take away more of what people have said than one overlooks wait for a person: tags, collections, and
 * what hangs on them. Where nothing was said when the telling began, as on a device that has just joined, nothing is lost.
 */
export function guardDeletions(database: Database, clock: Pick<ClockPort, 'nowMs'>): DeletionGuard {
	const answers = new Map<DeviceId, Answer>();
	/** Of whom something waits: up to which stamp it was told. */
	const held = new Map<DeviceId, Stamp>();
	let telling: Telling = { of: 0, lost: 0, atMs: -Infinity };
	let next: Next | null = null;
	const answerTo = (from: DeviceId, upTo: Stamp): Answer | null => {
		const answer = answers.get(from);
		const isGood = answer !== undefined && upTo <= answer.upTo && Math.abs(clock.nowMs() - answer.atMs) < quietMs;
		return isGood ? answer : null;
	};
	/** How much was taken away, with what `merge` does. */
	const lose = (answer: Answer | null, { of, lost }: Telling, { from, upTo, merge }: Losing) => {
		if (answer?.accepts === false) rememberSaid(database);
		const before = countSaid(database);
		merge();
		const gone = Math.max(0, before - countSaid(database));
		// What is left of something that was answered is answered, however little it is.
		const isMuch = of > 0 && gone > 0 && (answer?.isBegun === true || lost + gone > unaskedOf(of));
		if (answer?.accepts === false) putBack(database, isMuch);
		if (isMuch && answer === null) {
			held.set(from, upTo);
			throw new TooMuchDeleted({ type: 'BatchDeletesMuch', deleted: lost + gone, of: Math.max(of, before) });
		}
		return { lost: isMuch ? 0 : lost + gone, answered: isMuch ? lost + gone : null };
	};
	return {
		watch: (from, { takesAway, upTo }, merge) => {
			const atMs = clock.nowMs();
			const isOver = Math.abs(atMs - telling.atMs) >= quietMs;
			const begun = isOver ? { of: countSaid(database), lost: 0, atMs } : { ...telling, atMs };
			const answer = answerTo(from, upTo);
			next = null;
			const { lost, answered } = takesAway
				? lose(answer, begun, { from, upTo, merge })
				: { lost: begun.lost, answered: null };
			if (!takesAway) merge();
			const used = answer === null || answered === null ? null : answer;
			next = { telling: { ...begun, lost }, from, answer: used === null ? null : { ...used, atMs, isBegun: true } };
			return used === null || answered === null ? null : { deleted: answered, accepts: used.accepts };
		},
		settle: () => {
			if (next === null) return;
			telling = next.telling;
			if (next.answer !== null) answers.set(next.from, next.answer);
		},
		answer: (from, accepts) => {
			const atMs = clock.nowMs();
			const now = lastStampAt(Math.max(0, atMs));
			// What was asked about may be from a clock that is ahead.
			const asked = held.get(from) ?? now;
			answers.set(from, { accepts, upTo: asked > now ? asked : now, atMs, isBegun: false });
		}
	};
}
