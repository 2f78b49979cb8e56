import { isConcerned } from '#client/concerns.ts';
import type { Client, FailureOf } from '#client/mod.ts';
import type { Facets, FindInput, FindOrder, FindScope, FoundRow, ReadText, Span } from '#core/search';
import { LoadedRows, type OnMove } from '#ui/files/loaded-rows.svelte.ts';
import type { RowSource } from '#ui/files/row-source.ts';
import { foundRows } from './found-rows.ts';
import { withoutSpan } from './query-text.ts';

export const bestFirst: FindOrder = { by: 'fit', descending: false };
/** From one answer to the next while what was found keeps changing; also at least four times what an answer takes. */
const refreshEveryMs = 250;
/** Nobody reads how answers are spread between two letters. */
const facetsAfterMs = 150;
/** Rows that come with the answer: as many as a screen shows, so that they are drawn with it. */
const firstRows = 48;

const nothingRead: ReadText = { query: [], spans: [], mistakes: [] };

/**
 * Finds entries as one types: each letter asks anew and gives up the question before it. What was found is asked for again
 * whenever the library changes. What is typed is never written anywhere.
 */
export class FileSearch {
	readonly #client: Client;
	/** What is typed; empty when nothing is searched for. */
	text: string = $state('');
	/** Where is looked. */
	scope: FindScope | undefined = $state.raw();
	order: FindOrder = $state.raw(bestFirst);
	/** What `results` answer: they fit it even while newer letters are on their way. */
	answered: string = $state('');
	/** How that was read. */
	read: ReadText = $state.raw(nothingRead);
	/** How what `counted` finds is spread; null while that is not known. */
	facets: Facets | null = $state.raw(null);
	counted: string = $state('');
	loading: boolean = $state(false);
	failure: FailureOf<'search.find'> | null = $state.raw(null);
	readonly results: LoadedRows<FoundRow>;
	/** The list is of another text, place or order from now on. */
	onResults: ((results: RowSource) => void) | null = null;
	/** The same was found again, and is another list. */
	onMove: OnMove | null = null;
	readonly #stops: readonly (() => void)[];
	#running: AbortController | null = null;
	#counting: AbortController | null = null;
	#refreshing: ReturnType<typeof setTimeout> | null = null;
	#facetsLater: ReturnType<typeof setTimeout> | null = null;
	#tookMs = 0;
	#isStale = false;

	constructor(client: Client) {
		this.#client = client;
		this.results = new LoadedRows(foundRows(client, () => this.#input(this.answered)));
		this.#stops = [
			client.onEvent((event) => {
				if (this.active && isConcerned('search.find', { text: this.text }, event)) this.#changed();
			}),
			client.onMoved(() => this.#changed())
		];
	}

	get active(): boolean {
		return this.text.trim() !== '';
	}

	/** Lets the library be read for searches, which the first one would wait for. */
	async prepare(): Promise<void> {
		await this.#client.call('search.first', { text: '', limit: 0 }, new AbortController().signal);
	}

	/** Searches for `text`; none ends the search. */
	async find(text: string): Promise<void> {
		this.text = text;
		if (this.active) return this.#ask(false);
		this.#giveUp();
		this.scope = undefined;
		this.order = bestFirst;
		this.answered = '';
		this.read = nothingRead;
		this.facets = null;
		this.failure = null;
		this.#show(new Float64Array(), []);
	}

	/** Looks elsewhere for the same from now on. */
	async lookIn(scope: FindScope | undefined): Promise<void> {
		this.scope = scope;
		if (this.active) await this.#ask(false);
	}

	async sortBy(order: FindOrder): Promise<void> {
		this.order = order;
		if (this.active) await this.#ask(false);
	}

	/** Takes a part of what was answered out of it. */
	async remove(span: Span): Promise<void> {
		await this.find(withoutSpan(this.answered, span));
	}

	clear(): void {
		void this.find('');
	}

	close(): void {
		for (const stop of this.#stops) stop();
		this.onResults = null;
		this.onMove = null;
		this.clear();
		this.results.close();
	}

	#input(text: string): FindInput {
		return { text, ...(this.scope && { scope: this.scope }) };
	}

	#giveUp(): void {
		for (const timer of [this.#refreshing, this.#facetsLater]) if (timer !== null) clearTimeout(timer);
		this.#refreshing = null;
		this.#facetsLater = null;
		this.#running?.abort();
		this.#running = null;
		this.#counting?.abort();
		this.#counting = null;
		this.#isStale = false;
		this.loading = false;
	}

	/** The library is another one: soon, as changes come in swarms. */
	#changed(): void {
		this.#isStale = true;
		if (!this.active || this.#running !== null) return;
		this.#refreshing ??= setTimeout(
			() => {
				this.#refreshing = null;
				void this.#ask(true);
			},
			Math.max(refreshEveryMs, this.#tookMs * 4)
		);
	}

	async #ask(isAgain: boolean): Promise<void> {
		this.#giveUp();
		const running = new AbortController();
		this.#running = running;
		this.loading = true;
		const startedMs = performance.now();
		const { text, order } = this;
		const input = { ...this.#input(text), order, rows: firstRows };
		const answer = await this.#client.call('search.find', input, running.signal);
		if (this.#running !== running) return;
		this.#running = null;
		this.loading = false;
		this.#tookMs = performance.now() - startedMs;
		this.failure = answer.ok ? null : answer.failure;
		this.answered = text;
		this.read = answer.ok ? answer.value.read : nothingRead;
		const ids = answer.ok ? answer.value.ids : new Float64Array();
		const rows = answer.ok ? answer.value.rows : [];
		if (isAgain) this.results.take(ids, this.onMove, rows);
		else this.#show(ids, rows);
		if (answer.ok) this.#facetsLater = setTimeout(() => void this.#count(), facetsAfterMs);
		if (this.#isStale) this.#changed();
	}

	#show(ids: Float64Array, rows: readonly FoundRow[]): void {
		this.results.take(ids, null, rows);
		this.onResults?.(this.results);
	}

	async #count(): Promise<void> {
		this.#facetsLater = null;
		const counting = new AbortController();
		this.#counting = counting;
		const text = this.answered;
		const answer = await this.#client.call('search.facets', this.#input(text), counting.signal);
		if (this.#counting !== counting) return;
		this.#counting = null;
		this.facets = answer.ok ? answer.value : null;
		this.counted = text;
	}
}
