import type { Client, FailureOf } from '#client/mod.ts';
import type { EntryRow, LocatedEntry } from '#core/index';
import type { FindScope } from '#core/search';
import type { RowSource } from '#ui/files/row-source.ts';

/** More than anyone reads, few enough to come within a frame or two. */
const foundMax = 300;

/** Results of one search, as the rows of a grid. */
class Results implements RowSource {
	readonly #found: readonly LocatedEntry[];
	constructor(found: readonly LocatedEntry[]) {
		this.#found = found;
	}
	get length(): number {
		return this.#found.length;
	}
	idAt(index: number): number | null {
		return this.#found[index]?.id ?? null;
	}
	indexOf(id: number): number {
		return this.#found.findIndex((row) => row.id === id);
	}
	rowAt(index: number): EntryRow | null {
		return this.#found[index] ?? null;
	}
	trailAt(index: number): readonly string[] {
		return this.#found[index]?.trail ?? [];
	}
	placedAt(index: number): LocatedEntry | null {
		return this.#found[index] ?? null;
	}
	want(): void {}
}

/** Finds entries by name as one types: each letter asks anew and gives up the question before it. */
export class NameSearch {
	readonly #client: Client;
	/** Where is looked. */
	scope: FindScope | undefined = $state.raw();
	/** What is typed; empty when nothing is searched for. */
	words: string = $state('');
	results: Results = $state.raw(new Results([]));
	/** The words that `results` answer: marks fit the rows even while newer ones are on their way. */
	answered: string = $state('');
	more: boolean = $state(false);
	loading: boolean = $state(false);
	failure: FailureOf<'search.first'> | null = $state.raw(null);
	#running: AbortController | null = null;
	onResults: ((results: RowSource) => void) | null = null;

	constructor(client: Client) {
		this.#client = client;
	}

	get active(): boolean {
		return this.words.trim() !== '';
	}

	/** Searches for `words`; none ends the search. */
	async find(words: string): Promise<void> {
		this.words = words;
		this.#running?.abort();
		this.#running = null;
		if (words.trim() === '') return this.#take([], '', false);
		const running = new AbortController();
		this.#running = running;
		this.loading = true;
		const answer = await this.#client.call(
			'search.first',
			{ text: words, limit: foundMax, ...(this.scope && { scope: this.scope }) },
			running.signal
		);
		if (this.#running !== running) return;
		this.#running = null;
		this.failure = answer.ok ? null : answer.failure;
		if (answer.ok) this.#take(answer.value.found, words, answer.value.count > answer.value.found.length);
		else this.#take([], words, false);
	}

	/** Looks elsewhere for the same from now on. */
	lookIn(scope: FindScope | undefined): void {
		this.scope = scope;
		void this.find(this.words);
	}

	#take(found: readonly LocatedEntry[], words: string, more: boolean): void {
		this.loading = false;
		this.answered = words;
		this.more = more;
		this.results = new Results(found);
		this.onResults?.(this.results);
	}

	clear(): void {
		this.scope = undefined;
		void this.find('');
	}
}
