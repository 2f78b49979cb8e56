import type { DeviceId } from '#core/kernel';
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

export type DeletionGuard = {
	/**
	 * Does `merge`, which takes over what `from` has told, and may take away what was said; throws `TooMuchDeleted` where
	 * that has to wait. Run inside `write`.
	 */
	watch(from: DeviceId, takesAway: boolean, merge: () => void): void;
	/** To be called when what was watched is durable. */
	settle(): void;
	/** A person has said that what `from` deletes within a minute goes, or is put back. */
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

/**
 * Has whatever would take away more of what people have said than one overlooks wait for a person: tags, collections, and
 * what hangs on them. Where nothing was said when the telling began, as on a device that has just joined, nothing is lost.
 */
export function guardDeletions(database: Database, clock: Pick<ClockPort, 'nowMs'>): DeletionGuard {
	const answers = new Map<DeviceId, { readonly accepts: boolean; readonly atMs: number }>();
	let telling = { of: 0, lost: 0, atMs: -Infinity };
	let next: { readonly telling: typeof telling; readonly answered: DeviceId | null } | null = null;
	/** How much was taken away so far, with what `merge` does. */
	const lose = (from: DeviceId, { of, lost }: typeof telling, merge: () => void): number => {
		const answer = answers.get(from);
		// It was for what was held then.
		const isGood = answer !== undefined && Math.abs(clock.nowMs() - answer.atMs) < quietMs;
		const accepts = isGood ? answer.accepts : undefined;
		if (accepts === false) rememberSaid(database);
		const before = countSaid(database);
		merge();
		const gone = Math.max(0, before - countSaid(database));
		const isMuch = of > 0 && gone > 0 && lost + gone > unaskedOf(of);
		if (accepts === false) putBack(database, isMuch);
		if (!isMuch) return lost + gone;
		if (accepts === undefined)
			throw new TooMuchDeleted({ type: 'BatchDeletesMuch', deleted: lost + gone, of: Math.max(of, before) });
		next = { telling, answered: from };
		return 0;
	};
	return {
		watch: (from, takesAway, merge) => {
			const atMs = clock.nowMs();
			const isOver = Math.abs(atMs - telling.atMs) >= quietMs;
			const begun = isOver ? { of: countSaid(database), lost: 0, atMs } : { ...telling, atMs };
			next = null;
			const lost = takesAway ? lose(from, begun, merge) : begun.lost;
			if (!takesAway) merge();
			next = { telling: { ...begun, lost }, answered: next === null ? null : from };
		},
		settle: () => {
			if (next === null) return;
			telling = next.telling;
			if (next.answered !== null) answers.delete(next.answered);
		},
		answer: (from, accepts) => void answers.set(from, { accepts, atMs: clock.nowMs() })
	};
}
