import type { Client } from './connect.ts';
import type { FailureOf, InputOf, QueryName, ValueOf } from './commands.ts';
import { isConcerned } from './concerns.ts';

/** From one run to the next that an event asks for: a storm of events costs four runs a second. */
const gapMs = 250;

/** The answer to a query, kept true: it is asked again when the core tells of a change, and after the core has moved. */
export class LiveQuery<Name extends QueryName> {
	/** Null before the first answer and after a failure. */
	value = $state.raw<ValueOf<Name> | null>(null);
	failure = $state.raw<FailureOf<Name> | null>(null);
	/** Whether a newer answer is on its way. */
	loading = $state(true);

	readonly #client: Client;
	readonly #name: Name;
	readonly #stops: readonly (() => void)[];
	#input: InputOf<Name>;
	#running: AbortController | null = null;
	#startedMs = 0;
	#timer: ReturnType<typeof setTimeout> | undefined;
	#isStale = false;

	constructor(client: Client, name: Name, input: InputOf<Name>) {
		this.#client = client;
		this.#name = name;
		this.#input = input;
		this.#stops = [
			client.onEvent((event) => {
				if (isConcerned(this.#name, this.#input, event)) this.#refresh();
			}),
			client.onMoved(() => this.#refresh())
		];
		void this.#run();
	}

	/** Asks with other input, now. The value stays until the answer is there; an answer to older input is dropped. */
	ask(input: InputOf<Name>): void {
		this.#input = input;
		void this.#run();
	}

	close(): void {
		for (const stop of this.#stops) stop();
		clearTimeout(this.#timer);
		this.#running?.abort();
		this.#running = null;
	}

	#refresh(): void {
		this.#isStale = true;
		if (this.#running === null) this.#schedule();
	}

	#schedule(): void {
		clearTimeout(this.#timer);
		this.#timer = setTimeout(() => void this.#run(), Math.max(0, this.#startedMs + gapMs - performance.now()));
	}

	async #run(): Promise<void> {
		clearTimeout(this.#timer);
		this.#running?.abort();
		const run = new AbortController();
		this.#running = run;
		this.#isStale = false;
		this.#startedMs = performance.now();
		this.loading = true;
		const answer = await this.#client.call(this.#name, this.#input, run.signal);
		if (this.#running !== run) return;
		this.#running = null;
		this.value = answer.ok ? answer.value : null;
		this.failure = answer.ok ? null : answer.failure;
		this.loading = false;
		if (this.#isStale) this.#schedule();
	}
}
