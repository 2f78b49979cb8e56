import type { ActionName, AnyAction, AnyOperation, AnyPlan } from '#core';
import type { CommandName, FailureOf, InputOf, ValueOf } from '#client/mod.ts';
import type { Result } from '#core/kernel';
import type { AnyFailure } from '#ui/words/failures.ts';

/** What a person wants done; `title` heads the sheet, where one is shown. */
export type Wish = { readonly action: ActionName; readonly input: unknown; readonly title: string };

type Asking = {
	ask<Name extends CommandName>(name: Name, input: InputOf<Name>): Promise<Result<ValueOf<Name>, FailureOf<Name>>>;
	tell(failure: AnyFailure): void;
};

type Shown = {
	readonly wish: Wish;
	readonly plan: AnyPlan;
	/** The plan that was seen before and holds no more. */
	readonly before: AnyPlan | null;
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

	/** Whether the plan that was seen before had this operation not. */
	isNew(operation: AnyOperation): boolean {
		return this.isStale && !this.#known.has(JSON.stringify(operation));
	}

	/** Shows a plan; answers what was done of it, null where the person thought better of it. */
	show(wish: Wish, plan: AnyPlan): Promise<AnyAction | null> {
		this.cancel();
		return new Promise((resolve) => (this.#shown = { wish, plan, before: null, resolve }));
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
