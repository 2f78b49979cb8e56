/**
 * What a plan was made from: everything that was looked at on the way, also that something is not there. Two plans of
 * one action are the same exactly when their facts and operations are.
 */
export type Facts = {
	/** Notes that `subject` was seen as `state`; the last word counts. */
	note(subject: string, state: string | number | null): void;
	/** Says what an operation of the plan makes of `subject`; the ones after it are checked against that. */
	foresee(subject: string, state: string | number | null): void;
	/** What the operations so far make of it; undefined where they leave it as it is. */
	foreseen(subject: string): string | number | null | undefined;
	/** All that was noted, in the order in which it was first: the same world is looked at in the same order. */
	readonly all: () => readonly Fact[];
};

export type Fact = { readonly subject: string; readonly state: string | number | null };

export function createFacts(): Facts {
	const noted = new Map<string, string | number | null>();
	const coming = new Map<string, string | number | null>();
	return {
		foresee: (subject, state) => coming.set(subject, state),
		foreseen: (subject) => coming.get(subject),
		note: (subject, state) => noted.set(subject, state),
		all: () => Array.from(noted, ([subject, state]) => ({ subject, state }))
	};
}

/** The subjects that are seen otherwise, or in one of the two alone; at most `limit`. */
export function differingSubjects(before: readonly Fact[], after: readonly Fact[], limit: number): string[] {
	const known = new Map(before.map(({ subject, state }) => [subject, state]));
	const differing: string[] = [];
	for (const { subject, state } of after) {
		if (known.get(subject) !== state) differing.push(subject);
		known.delete(subject);
	}
	return [...differing, ...known.keys()].toSorted().slice(0, limit);
}
