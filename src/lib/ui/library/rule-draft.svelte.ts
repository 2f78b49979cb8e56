import type { RuleEffect } from '#core/index';
import type { PlanId } from '#core/kernel';
import type { RuleSet } from '#core/rules';
import type { Location } from '#core/volumes';
import { doSeen } from '#ui/plan/do-action.ts';
import type { App } from '#ui/shell/app.svelte.ts';
import { failureWords } from '#ui/words/failures.ts';

/** Rules of a location while somebody thinks about them, with what they would do. */
export class RuleDraft {
	readonly #app: App;
	readonly #location: Location;
	/** Those in force; null until they are known. */
	#known: RuleSet | null = $state.raw(null);
	rules: RuleSet | null = $state.raw(null);
	/** What `rules` would do; null while that is not known. */
	effect: RuleEffect | null = $state.raw(null);
	/** Why there is no telling. */
	problem: string | null = $state(null);
	#asking: AbortController | null = null;
	/** What is done if the draft is put in force, as it was shown. */
	#plan: PlanId | null = null;

	constructor(app: App, location: Location) {
		this.#app = app;
		this.#location = location;
	}

	get isChanged(): boolean {
		return JSON.stringify(this.rules) !== JSON.stringify(this.#known);
	}

	/** Whether the person has been shown what would happen. */
	get canApply(): boolean {
		return this.isChanged && this.effect !== null;
	}

	async load(): Promise<void> {
		const answer = await this.#app.do('locations.rules', { location: this.#location.id });
		if (!answer.ok) return;
		this.#known = answer.value.rules;
		this.rules = answer.value.rules;
	}

	/** Takes a change into the draft, and asks what the whole would do. */
	async change(change: Partial<RuleSet>): Promise<void> {
		if (this.rules === null) return;
		this.rules = { ...this.rules, ...change };
		this.close();
		this.effect = null;
		this.problem = null;
		if (!this.isChanged) return;
		const asking = new AbortController();
		this.#asking = asking;
		const input = { location: this.#location.id, rules: this.rules };
		const plan = await this.#app.ask('actions.preview', { action: 'locations.set-rules', input }, asking.signal);
		const answer = plan.ok ? await this.#app.ask('locations.preview-rules', input, asking.signal) : plan;
		this.#plan = plan.ok ? plan.value.id : null;
		// Another change has come meanwhile, or nobody looks any more.
		if (asking.signal.aborted) return;
		if (answer.ok) this.effect = answer.value;
		else this.problem = failureWords(answer.failure).text;
	}

	/** Puts the draft in force, and has the folder read where that takes it; false where that was refused. */
	async apply(): Promise<boolean> {
		if (this.rules === null || !this.canApply) return false;
		const { id, indexedMs, unfinished } = this.#location;
		const input = { location: id, rules: this.rules };
		const wish = { action: 'locations.set-rules', input, title: 'Change what is left out' } as const;
		if (this.#plan === null) return false;
		const set = await doSeen(this.#app, wish, this.#plan);
		if (set !== null && (indexedMs !== null || unfinished)) void this.#app.folders.run(id);
		return set !== null;
	}

	/** Nobody looks at the draft any more. */
	close(): void {
		this.#asking?.abort();
	}
}
