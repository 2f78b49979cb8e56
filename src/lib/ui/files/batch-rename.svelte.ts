import type { NewName } from '#core/files';
import type { NamePatternInput } from '#core/naming';
import type { App } from '#ui/shell/app.svelte.ts';
import { failureWords } from '#ui/words/failures.ts';

/** What a person has typed and chosen; numbers as they were typed. */
export type Rules = {
	template: string;
	find: string;
	replace: string;
	isExpression: boolean;
	letters: NonNullable<NamePatternInput['letters']>;
	start: string;
	step: string;
	digits: string;
	withEnding: boolean;
};

/** A field that was emptied is no number: the pattern is refused, and says why. */
const numberOf = (text: string): number => (text.trim() === '' ? Number.NaN : Number(text));

/** Many entries and what they would be called by the rules, as these are typed. */
export class BatchNames {
	readonly #app: App;
	readonly #entries: readonly number[];
	readonly rules: Rules = $state({
		template: '{name}',
		find: '',
		replace: '',
		isExpression: false,
		letters: 'keep',
		start: '1',
		step: '1',
		digits: '1',
		withEnding: false
	});
	/** The names of the latest rules that were answered; they stay while others are on their way. */
	rows: readonly NewName[] = $state.raw([]);
	/** What is wrong with the rules. */
	problem: string | null = $state(null);
	/** Whether that is in what is to be replaced. */
	isInFind: boolean = $state(false);
	/** Whether `rows` are those of the rules as they are now. */
	isCurrent: boolean = $state(false);
	#isAsking = false;
	#isClosed = false;
	readonly changed = $derived(this.rows.filter(({ name, to }) => name !== to));
	readonly refused = $derived(this.rows.filter(({ why }) => why !== null).length);
	readonly firstRefused = $derived(this.rows.findIndex(({ why }) => why !== null));

	constructor(app: App, entries: readonly number[]) {
		this.#app = app;
		this.#entries = entries;
	}

	/** What the rules say, as it crosses to the core. */
	get pattern(): NamePatternInput {
		const { start, step, digits, ...rest } = $state.snapshot(this.rules);
		return { ...rest, start: numberOf(start), step: numberOf(step), digits: numberOf(digits) };
	}

	/** To be called whenever the rules change: asks for the names, one time after the other. */
	async ask(): Promise<void> {
		this.isCurrent = false;
		if (this.#isAsking) return;
		this.#isAsking = true;
		while (!this.isCurrent && !this.#isClosed) {
			this.isCurrent = true;
			const names = await this.#app.ask('files.names-by-pattern', { entries: this.#entries, pattern: this.pattern });
			if (!this.isCurrent) continue;
			this.problem = names.ok ? null : failureWords(names.failure).text;
			const part = !names.ok && names.failure.type === 'PatternWrong' ? names.failure.part : null;
			this.isInFind = part === 'expression' || part === 'slow';
			if (names.ok) this.rows = names.value;
		}
		this.#isAsking = false;
	}

	close(): void {
		this.#isClosed = true;
	}
}
