import type { ActionName, AnyAction, AnyOperation, AnyPlan } from '#core';
import type { CommandName, FailureOf, InputOf, ValueOf } from '#client/mod.ts';
import type { Result } from '#core/kernel';
import type { AnyFailure } from '#ui/words/failures.ts';

/** What a person wants done; `title` heads the sheet, where one is shown. */
export type Wish = {
	readonly action: ActionName;
	readonly input: unknown;
	readonly title: string;
	/** All of it was seen elsewhere: it is shown again only where it is not all that was seen. */
	readonly isSeen?: boolean;
};

/** What is done where a name is taken, in all of a plan. */
export type Conflicts = 'keep-both' | 'replace' | 'skip' | 'newer';

/** What each action can do there. */
const settled: { readonly [Name in ActionName]?: readonly Conflicts[] } = {
	'files.move': ['keep-both', 'replace', 'skip', 'newer'],
	'files.copy': ['keep-both', 'replace', 'skip', 'newer'],
	'files.ingest': ['keep-both', 'replace', 'skip', 'newer'],
	'files.restore': ['keep-both', 'replace', 'skip', 'newer']
};

type Asking = {
	ask<Name extends CommandName>(name: Name, input: InputOf<Name>): Promise<Result<ValueOf<Name>, FailureOf<Name>>>;
	tell(failure: AnyFailure): void;
};

type Shown = {
	readonly wish: Wish;
	readonly plan: AnyPlan;
	/** The plan that was seen before and holds no more. */
	readonly before: AnyPlan | null;
	readonly conflicts: Conflicts | null;
	readonly resolve: (done: AnyAction | null) => void;
};

/** The plan that a person is looking at, and what they decide. */
export class PlanSheetState {
	readonly #asking: Asking;
	#shown: Shown | null = $state.raw(null);
	busy: boolean = $state(false);
	/** Operations of `before`, as text. */
	readonly #known = $derived(new Set(this.#shown?.before?.operations.map((operation) => JSON.stringify(operation))));

	constructor(asking: Asking) {
		this.#asking = asking;
	}

	get plan(): AnyPlan | null {
		return this.#shown?.plan ?? null;
	}

	get title(): string {
		return this.#shown?.wish.title ?? '';
	}

	/** Whether things have changed since the person looked. */
	get isStale(): boolean {
		return this.#shown !== null && this.#shown.before !== null;
	}

	/** What was chosen for names that are taken; null while nothing was. */
	get conflicts(): Conflicts | null {
		return this.#shown?.conflicts ?? null;
	}

	/** What can be chosen for names that are taken; nothing where none is. */
	get choices(): readonly Conflicts[] {
		const shown = this.#shown;
		if (shown === null) return [];
		const isTaken = shown.conflicts !== null || shown.plan.blocked.some(({ why }) => why.type === 'NameInUse');
		return isTaken ? (settled[shown.wish.action] ?? []) : [];
	}

	/** What the plan that is shown was made from. */
	get wish(): Wish | null {
		return this.#shown?.wish ?? null;
	}

	/** Shows the plan that comes of another choice for names that are taken. */
	settle(conflicts: Conflicts): Promise<void> {
		return this.change({ conflicts }, conflicts);
	}

	/** Shows the plan that comes of another input. */
	async change(part: object, conflicts: Conflicts | null = null): Promise<void> {
		const shown = this.#shown;
		if (shown === null || this.busy || typeof shown.wish.input !== 'object') return;
		const wish = { ...shown.wish, input: { ...shown.wish.input, ...part } };
		this.busy = true;
		const plan = await this.#asking.ask('actions.preview', { action: wish.action, input: wish.input });
		this.busy = false;
		if (this.#shown !== shown) return shown.resolve(null);
		if (plan.ok) this.#shown = { ...shown, wish, plan: plan.value, before: null, conflicts };
		else this.#asking.tell(plan.failure);
	}

	/** Whether the plan that was seen before had this operation not. */
	isNew(operation: AnyOperation): boolean {
		return this.isStale && !this.#known.has(JSON.stringify(operation));
	}

	/** Shows a plan; answers what was done of it, null where the person thought better of it. */
	show(wish: Wish, plan: AnyPlan): Promise<AnyAction | null> {
		this.cancel();
		return new Promise((resolve) => (this.#shown = { wish, plan, before: null, conflicts: null, resolve }));
	}

	/** Does what is shown. Where that is not what would be done now, it shows what would. */
	async confirm(): Promise<void> {
		const shown = this.#shown;
		if (shown === null || this.busy) return;
		const { wish, plan, resolve } = shown;
		this.busy = true;
		const { action, input } = wish;
		const done = await this.#asking.ask('actions.commit', { action, input, plan: plan.id });
		this.busy = false;
		if (this.#shown !== shown) {
			// Closed meanwhile: what was done is done all the same, and told.
			if (done.ok) resolve(done.value);
			return;
		}
		if (done.ok) {
			this.#shown = null;
			resolve(done.value);
		} else if ('plan' in done.failure) this.#shown = { ...shown, plan: done.failure.plan, before: plan };
		else this.#asking.tell(done.failure);
	}

	/** Closes it, and nothing is done. */
	cancel(): void {
		const shown = this.#shown;
		this.#shown = null;
		// While it is being done its end answers.
		if (!this.busy) shown?.resolve(null);
	}
}
