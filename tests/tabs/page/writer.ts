import { putFolder } from '#client/folder-handles.ts';
import type { Client } from '#client/mod.ts';
import type { Failure, Result } from '#core/kernel';

export type Answer = Result<unknown, Failure>;
export type Call = (name: string, input: unknown, signal: AbortSignal) => Promise<Answer>;

/** What a page has learned of its own writes. Times are the machine's, the same for all pages. */
export type Report = {
	readonly acknowledged: readonly string[];
	/** When each lane's latest writes were acknowledged, since the last `mark`. */
	readonly lanesMs: readonly (readonly number[])[];
	readonly moves: number;
	readonly failures: readonly Failure[];
	/** Writes that were applied by one leader and acknowledged by the next. */
	readonly repeats: number;
	/** Names of the locations that must be there now. */
	readonly placed: readonly string[];
};

/** One write after the other; gives the text of the write that was tried and how it was answered. */
export type Step = (turn: number) => Promise<{ readonly text: string; readonly answer: Answer }>;

/** So long a lane rests between two writes: the log stays small enough to be read again at each switch. */
const paceMs = 5;

/** Writes on and on, in lanes, and remembers what was acknowledged. */
export class Writer {
	readonly #call: Call;
	readonly #acknowledged: string[] = [];
	readonly #failures: Failure[] = [];
	#lanesMs: number[][] = [];
	#moves = 0;
	#movedMs = 0;
	#repeats = 0;
	#isStopped = false;
	/** By lane: the name of the location that is there now, as far as the core has said. */
	readonly #placed = new Map<number, string>();
	#lanes: Promise<void>[] = [];

	constructor(client: Client, call: Call) {
		this.#call = call;
		client.onMoved(() => {
			this.#moves++;
			this.#movedMs = Date.now();
		});
	}

	/** Appends lines to the stand-in's log by `command`. */
	startAppending(command: string, prefix: string, lanes: number): void {
		const { signal } = new AbortController();
		for (let lane = 0; lane < lanes; lane++)
			this.#start(lane, async (turn) => {
				const text = `${prefix}-${lane}-${turn}`;
				return { text, answer: await this.#call(command, { text }, signal) };
			});
	}

	/** Puts folders under management of the real core and takes them out again: whichever of the two is lost or repeated fails the next. */
	async startPlacing(prefix: string, lanes: number): Promise<void> {
		const { signal } = new AbortController();
		const parent = await navigator.storage.getDirectory();
		for (let lane = 0; lane < lanes; lane++) {
			const root = await putFolder(await parent.getDirectoryHandle(`${prefix}-${lane}`, { create: true }));
			let location: unknown = null;
			this.#start(lane, async (turn) => {
				const text = `${prefix}-${lane}-${turn}`;
				if (location === null) {
					const request = { action: 'locations.add', input: { root, name: text }, plan: null };
					const answer = await this.#call('actions.commit', request, signal);
					const all = answer.ok ? await this.#call('locations.list', {}, signal) : answer;
					const listed = all.ok ? (all.value as readonly { id: unknown; root: unknown }[]) : [];
					location = listed.find((one) => one.root === root)?.id ?? null;
					if (answer.ok) this.#placed.set(lane, text);
					return { text, answer };
				}
				const request = { action: 'locations.remove', input: { location } };
				const plan = await this.#call('actions.preview', request, signal);
				if (!plan.ok) return { text, answer: plan };
				const { id } = plan.value as { id: unknown };
				const answer = await this.#call('actions.commit', { ...request, plan: id }, signal);
				if (answer.ok) location = null;
				if (answer.ok) this.#placed.delete(lane);
				return { text, answer };
			});
		}
	}

	#start(lane: number, step: Step): void {
		this.#lanesMs[lane] = [];
		this.#lanes.push(this.#run(lane, step));
	}

	async #run(lane: number, step: Step): Promise<void> {
		for (let turn = 0; !this.#isStopped; turn++) {
			const { text, answer } = await step(turn);
			if (answer.ok) {
				this.#acknowledged.push(text);
				this.#lanesMs[lane]?.push(Date.now());
				if (JSON.stringify(answer.value) === '{"isKnown":true}') this.#repeats++;
			} else this.#failures.push(answer.failure);
			await new Promise((resolve) => setTimeout(resolve, paceMs));
		}
	}

	/** Forgets the times but the latest of each lane: what follows is measured from there. */
	mark(): void {
		this.#lanesMs = this.#lanesMs.map((times) => times.slice(-1));
	}

	/** Resolves after `count` more answers in this tab. */
	async afterAnswers(count: number): Promise<void> {
		const until = this.#acknowledged.length + count;
		while (this.#acknowledged.length < until) await new Promise((resolve) => setTimeout(resolve));
	}

	/** Whether the core has moved since there were `moves`, and every lane was answered twice after that. */
	wroteOn(moves: number): boolean {
		const isOn = (times: readonly number[]) => times.filter((atMs) => atMs >= this.#movedMs).length >= 2;
		return this.#moves > moves && this.#lanesMs.every(isOn);
	}

	get moves(): number {
		return this.#moves;
	}

	report(): Report {
		return {
			acknowledged: this.#acknowledged,
			lanesMs: this.#lanesMs,
			moves: this.#moves,
			failures: this.#failures,
			repeats: this.#repeats,
			placed: [...this.#placed.values()]
		};
	}

	async stop(): Promise<Report> {
		this.#isStopped = true;
		await Promise.all(this.#lanes);
		return this.report();
	}
}
