import { listenToCore } from '#client/events.ts';
import type { CoreEvent } from '#core';
import { newCommand, type Commander } from './commander.ts';
import { commandOf, inputOf, lanes, type Lane } from './lanes.ts';

/** A location that is there, by the ids of itself and of its folder. */
export type Placed = { readonly id: number; readonly entry: number };

/** What the core has said, told to the test at once: whatever it heard before a kill must be there afterwards. */
export type Told =
	| { readonly type: 'written'; readonly lane: Lane; readonly turn: number }
	/** From now on the location may be there or not, until the next `placed`. */
	| { readonly type: 'placing' }
	| { readonly type: 'placed'; readonly location: Placed | null }
	/** Entries below the location at least, and some of them by id and name. */
	| { readonly type: 'entries'; readonly count: number; readonly rows: readonly (readonly [number, string])[] }
	| { readonly type: 'indexed'; readonly entries: number }
	/** From now on the recovery code may be another one, until the next `coded`. */
	| { readonly type: 'asking' }
	| { readonly type: 'coded'; readonly code: string }
	| { readonly type: 'failed'; readonly what: string; readonly failure: unknown };

export type StormStart = {
	/** The location that is renamed on and on. */
	readonly quiet: number;
	/** The folder that is indexed, forgotten, added again, indexed, and its location if it has one now. */
	readonly root: string;
	readonly location: Placed | null;
	/** Where each lane goes on. */
	readonly turns: Readonly<Record<Lane, number>>;
};

declare global {
	interface Window {
		/** Resolves when the test has noted it. */
		tell(told: Told): Promise<void>;
	}
}

const rowsMax = 10;
/** Lanes rest up to so long, or indexing would get no turn. */
const restMsMax = 12;

function rest(): Promise<void> {
	return new Promise((resolve) => setTimeout(resolve, Math.random() * restMsMax));
}

/** Writes and indexes on and on, and tells what was acknowledged. */
export class Storm {
	readonly #commander: Commander;
	readonly #start: StormStart;
	#location: Placed | null;
	#isStopped = false;
	#runs: Promise<void>[] = [];

	constructor(commander: Commander, start: StormStart) {
		this.#commander = commander;
		this.#start = start;
		this.#location = start.location;
	}

	begin(): void {
		listenToCore((event) => void this.#hear(event), new AbortController().signal);
		this.#runs = [...lanes.map((lane) => this.#write(lane)), this.#index()];
	}

	/** Resolves when the last write is acknowledged and told. */
	async stop(): Promise<void> {
		this.#isStopped = true;
		if (this.#location !== null)
			await this.#commander.send('index.stop', { location: this.#location.id }, newCommand());
		await Promise.all(this.#runs);
	}

	/** The value, or null and a report. */
	async #send<T>(name: string, input: unknown, command = newCommand()): Promise<T | null> {
		const answer = await this.#commander.send(name, input, command);
		if (answer.ok) return answer.value as T;
		if (!this.#isStopped) await window.tell({ type: 'failed', what: name, failure: answer.failure });
		return null;
	}

	async #write(lane: Lane): Promise<void> {
		for (let turn = this.#start.turns[lane]; !this.#isStopped; turn++) {
			const answer = await this.#commander.send(
				'actions.commit',
				inputOf(lane, turn, this.#start.quiet),
				commandOf(lane, turn)
			);
			if (answer.ok) await window.tell({ type: 'written', lane, turn });
			else await window.tell({ type: 'failed', what: lane, failure: answer.failure });
			await rest();
		}
	}

	async #index(): Promise<void> {
		while (!this.#isStopped) {
			if (this.#location === null) await this.#add();
			const location = this.#location?.id ?? 0;
			const outcome = await this.#send<{ entries: number }>('index.run', { location, acceptEmpty: false });
			if (outcome === null) continue;
			await window.tell({ type: 'indexed', entries: outcome.entries });
			if (!this.#isStopped) await this.#remove(location);
		}
	}

	async #add(): Promise<void> {
		await window.tell({ type: 'placing' });
		const { root } = this.#start;
		const request = { action: 'locations.add', input: { root, name: null }, plan: null };
		if ((await this.#send('actions.commit', request)) === null) return;
		const all = await this.#send<readonly (Placed & { readonly root: unknown })[]>('locations.list', {});
		const added = all?.find((one) => one.root === root);
		if (added === undefined) return;
		this.#location = { id: added.id, entry: added.entry };
		await window.tell({ type: 'placed', location: this.#location });
	}

	async #remove(location: number): Promise<void> {
		this.#location = null;
		await window.tell({ type: 'placing' });
		const request = { action: 'locations.remove', input: { location } };
		const plan = await this.#send<{ readonly id: string }>('actions.preview', request);
		if (plan !== null) await this.#send('actions.commit', { ...request, plan: plan.id });
		await window.tell({ type: 'placed', location: null });
	}

	/** An event says that something is durable: reads a little of it and tells. */
	async #hear(event: CoreEvent): Promise<void> {
		if (event.type !== 'entries-changed') return;
		const location = this.#location;
		const folder = event.folders[Math.floor(Math.random() * event.folders.length)];
		if (location === null || folder === undefined) return;
		const order = { by: 'name', descending: false };
		const ids = await this.#send<Float64Array>('entries.ids', { folder, order });
		const some = Array.from(ids ?? [])
			.toSorted(() => Math.random() - 0.5)
			.slice(0, rowsMax);
		const rows = await this.#send<{ id: number; name: string }[]>('entries.rows', { ids: some });
		const used = await this.#send<{ files: number; folders: number }>('entries.usage', { entry: location.entry });
		if (rows === null || used === null || this.#location !== location) return;
		const named = rows.map(({ id, name }) => [id, name] as const);
		await window.tell({ type: 'entries', count: used.files + used.folders, rows: named });
	}
}
