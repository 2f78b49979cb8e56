import { copyFileSync, statSync, truncateSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { seeded } from '../tabs/random.ts';
import { commandOf, inputOf, lanes, turnOfMinutes, type Lane } from './page/lanes.ts';
import type { Placed, StormStart, Told } from './page/storm.ts';
import { addLocation, ask, isJournalHot, type LibraryFiles, type Profile } from './profile.ts';

/** The planted folder: so many folders of so many files each. */
export type Shape = { readonly folders: number; readonly files: number };

const plantedName = 'planted';
const quietName = 'quiet';
/** The latest kill of a series comes so long after the storm began, unless a commit is waited for. */
const afterMsMax = 1_500;
/** So many commits at most are let pass before the one that is killed. */
const commitsMax = 6;
const commitMsMax = 5_000;

/** Paths of the planted files with their sizes, and their folders as -1: what an index of them shows. */
export function plantedFiles({ folders, files }: Shape): Record<string, number> {
	const planted: Record<string, number> = {};
	for (let folder = 0; folder < folders; folder++) {
		const path = folder % 3 === 2 ? `folder ${folder - 1}/below` : `folder ${folder}`;
		planted[path] = -1;
		for (let file = 0; file < files; file++)
			planted[`${path}/file ${folder} ${file}.txt`] = file % 16 === 0 ? folder + file : 0;
	}
	return planted;
}

/** What the core has acknowledged, as far as this process heard it. */
export class Ledger {
	readonly turns = new Map<Lane, number>();
	/** Undefined while it is being added or removed. */
	location: Placed | null | undefined = null;
	entries = 0;
	rows = new Map<number, string>();
	acknowledged = 0;
	indexed: number[] = [];
	readonly failures: string[] = [];
	/** Called when entries are acknowledged. */
	onEntries: () => void = () => undefined;

	note(told: Told): void {
		switch (told.type) {
			case 'written':
				this.acknowledged++;
				this.turns.set(told.lane, told.turn);
				return;
			case 'placing':
				this.location = undefined;
				this.entries = 0;
				this.rows.clear();
				return;
			case 'placed':
				this.acknowledged++;
				this.location = told.location;
				return;
			case 'entries':
				this.entries = Math.max(this.entries, told.count);
				for (const [id, name] of told.rows) this.rows.set(id, name);
				this.onEntries();
				return;
			case 'indexed':
				this.indexed.push(told.entries);
				return;
			case 'asking':
			case 'coded':
				return;
			case 'failed':
				this.failures.push(`${told.what}: ${JSON.stringify(told.failure)}`);
		}
	}
}

/** What is wrong after a restart, each in words. */
export type Flaws = {
	/** Found by the library's own check. */
	readonly structure: readonly string[];
	/** Acknowledged and not there. */
	readonly lost: readonly string[];
	/** Sent again with the id it had, and applied again. */
	readonly twice: readonly string[];
};

type Row = { readonly id: number; readonly name: string };
type Location = Placed & { readonly name: string; readonly root: string };
type State = {
	readonly name: string;
	readonly minutes: number;
	readonly quiet: Location | undefined;
	readonly planted: Location | undefined;
};

/** A library under fire: created once, then killed, opened and looked at again and again. */
export class Siege {
	readonly profile: Profile;
	readonly ledger = new Ledger();
	readonly planted: Record<string, number>;
	readonly #random: () => number;
	files: LibraryFiles = { header: '', database: '', journal: '' };
	readonly readyMs: number[] = [];
	midCommit = 0;
	midIndex = 0;
	#root = '';
	#quiet = 0;
	#rawKey = '';

	constructor(profile: Profile, random: () => number, shape: Shape) {
		this.profile = profile;
		this.#random = random;
		this.planted = plantedFiles(shape);
		profile.onTold = (told) => this.ledger.note(told);
	}

	/** The key of the database, for whoever wants to look at it with another program. */
	get rawKey(): string {
		return this.#rawKey;
	}

	/** Creates the library, which this device opens by itself, and plants the folder beside it. */
	async begin(): Promise<Page> {
		const page = await (await this.profile.start()).open('commander');
		await ask(page, 'library.create', { name: 'turn 0', password: null });
		this.files = this.profile.libraryFiles();
		const { key, salt } = await ask<{ key: string; salt: string }>(page, 'library.raw-key', { password: null });
		this.#rawKey = key + salt;
		const files = Object.entries(this.planted).filter(([, size]) => size >= 0);
		await page.evaluate((order) => window.probe.plant(order), { folder: plantedName, files });
		await page.evaluate((order) => window.probe.plant(order), { folder: quietName, files: [] });
		this.#root = await page.evaluate((name) => window.probe.pick(name), plantedName);
		const root = await page.evaluate((name) => window.probe.pick(name), quietName);
		this.#quiet = (await addLocation<Location>(page, { root, name: 'turn 0' })).id;
		await ask(page, 'actions.commit', {
			action: 'library.change-setting',
			input: { setting: 'lockAfterMinutes', to: 1 },
			plan: null
		});
		for (const lane of lanes) this.ledger.turns.set(lane, 0);
		return page;
	}

	async storm(page: Page): Promise<void> {
		const turns = Object.fromEntries(lanes.map((lane) => [lane, (this.ledger.turns.get(lane) ?? 0) + 1]));
		const start: StormStart = {
			quiet: this.#quiet,
			root: this.#root,
			location: this.ledger.location ?? null,
			turns: turns as StormStart['turns']
		};
		await page.evaluate((given) => {
			const { Storm, commander } = window.probe;
			window.probe.storm = new Storm(commander, given);
			window.probe.storm.begin();
		}, start);
	}

	/** Kills at a moment that chance chooses: some time later, when entries were acknowledged, or within a commit. */
	async killSometime(): Promise<void> {
		const later = new Promise<void>((resolve) => setTimeout(resolve, this.#random() * afterMsMax));
		const heard = new Promise<void>((resolve) => {
			this.ledger.onEntries = resolve;
		});
		await (this.#random() < 0.4 ? Promise.race([heard, later]) : later);
		if (this.#random() < 0.5) this.#awaitCommit();
		await this.kill();
	}

	async kill(): Promise<void> {
		await this.profile.kill();
		if (isJournalHot(this.files.journal)) this.midCommit++;
	}

	/**
	 * Waits for a commit: its journal is there, or the database grows. Polls without giving up the thread, as a commit
	 * takes a millisecond or two; what is told meanwhile is heard after.
	 */
	#awaitCommit(): void {
		const { journal, database } = this.files;
		const endMs = performance.now() + commitMsMax;
		let left = Math.floor(this.#random() * commitsMax);
		let [wasHot, size] = [false, statSync(database).size];
		while (performance.now() < endMs) {
			const isHot = isJournalHot(journal);
			const now = statSync(database).size;
			if (((isHot && !wasHot) || now > size) && left-- <= 0) return;
			[wasHot, size] = [isHot, now];
		}
	}

	/** Opens the library after a kill, and measures how long a person waits from opening the page to the first listing. */
	async open(): Promise<Page> {
		const page = await (await this.profile.start()).open('commander');
		this.readyMs.push(Math.round(await page.evaluate(() => window.probe.openToListing())));
		return page;
	}

	async #state(page: Page): Promise<State> {
		const { name } = await ask<{ name: string }>(page, 'library.status');
		const { lockAfterMinutes } = await ask<{ lockAfterMinutes: number | null }>(page, 'settings.read');
		const locations = await ask<Location[]>(page, 'locations.list');
		return {
			name,
			minutes: lockAfterMinutes ?? 0,
			quiet: locations.find(({ id }) => id === this.#quiet),
			planted: locations.find(({ root }) => root === this.#root)
		};
	}

	#turnsOf({ name, minutes, quiet }: State): Record<Lane, number> {
		const turnOf = (text: string | undefined) => Number(/^turn (\d+)$/.exec(text ?? '')?.[1] ?? -1);
		return {
			'locations.rename': turnOf(quiet?.name),
			'library.change-setting': turnOfMinutes(minutes, this.ledger.turns.get('library.change-setting') ?? 0),
			'library.rename': turnOf(name)
		};
	}

	/** Compares the library with what was acknowledged, and takes it as it is from here on. */
	async check(page: Page): Promise<Flaws> {
		const state = await this.#state(page);
		const lost = [...this.#lostWrites(state), ...(await this.#lostEntries(page, state))];
		const twice = await this.#sendAgain(page, state);
		const { flaws } = await ask<{ flaws: { kind: string; detail: string }[] }>(page, 'library.verify');
		await this.#adopt(page, await this.#state(page));
		return { structure: flaws.map(({ kind, detail }) => `${kind}: ${detail}`), lost, twice };
	}

	#lostWrites(state: State): string[] {
		const lost: string[] = [];
		const turns = this.#turnsOf(state);
		for (const lane of lanes) {
			const known = this.ledger.turns.get(lane) ?? 0;
			if (turns[lane] < known) lost.push(`${lane}: turn ${known} was acknowledged, ${turns[lane]} is there`);
		}
		const { location } = this.ledger;
		if (location !== undefined && state.planted?.id !== location?.id)
			lost.push(`location ${location?.id} was acknowledged, ${state.planted?.id} is there`);
		return lost;
	}

	async #lostEntries(page: Page, { planted }: State): Promise<string[]> {
		const { entries, rows, location } = this.ledger;
		if (!planted) return [];
		const used = await ask<{ files: number; folders: number }>(page, 'entries.usage', { entry: planted.entry });
		const there = used.files + used.folders;
		if (there > 0 && there < Object.keys(this.planted).length) this.midIndex++;
		if (!location) return [];
		const lost: string[] = [];
		if (there < entries) lost.push(`${entries} entries were acknowledged, ${there} are there`);
		const found = await ask<Row[]>(page, 'entries.rows', { ids: [...rows.keys()] });
		const names = new Map(found.map(({ id, name }) => [id, name]));
		for (const [id, name] of rows)
			if (names.get(id) !== name) lost.push(`entry ${id} was ${name} and is ${names.get(id)}`);
		return lost;
	}

	/** Every write up to `turn` has been answered; the one before it, sent again with its id, must change nothing. */
	async #sendAgain(page: Page, before: State): Promise<string[]> {
		const turns = this.#turnsOf(before);
		for (const lane of lanes) {
			for (const turn of [turns[lane], turns[lane] - 1].filter((one) => one > 0)) {
				const input = inputOf(lane, turn, this.#quiet);
				const answer = await page.evaluate(
					([given, command]) => window.probe.commander.send('actions.commit', given, command),
					[input, commandOf(lane, turn)] as const
				);
				if (!answer.ok) this.ledger.failures.push(`${lane} again: ${JSON.stringify(answer.failure)}`);
			}
		}
		const after = this.#turnsOf(await this.#state(page));
		return lanes
			.filter((lane) => after[lane] !== turns[lane])
			.map((lane) => `${lane}: turn ${turns[lane]} became ${after[lane]} again`);
	}

	async #adopt(page: Page, state: State): Promise<void> {
		const turns = this.#turnsOf(state);
		for (const lane of lanes) this.ledger.turns.set(lane, turns[lane]);
		const { planted } = state;
		this.ledger.note({ type: 'placing' });
		this.ledger.location = planted === undefined ? null : { id: planted.id, entry: planted.entry };
		if (planted === undefined) return;
		const used = await ask<{ files: number; folders: number }>(page, 'entries.usage', { entry: planted.entry });
		this.ledger.entries = used.files + used.folders;
		const { found } = await ask<{ found: Row[] }>(page, 'search.first', { text: 'file', limit: 50 });
		for (const { id, name } of found) this.ledger.rows.set(id, name);
	}

	/** Lets the run go on to its end; gives what the index shows then. */
	async finish(page: Page): Promise<object> {
		const location = this.ledger.location ?? (await addLocation<Location>(page, { root: this.#root, name: null }));
		await ask(page, 'index.run', { location: location.id, acceptEmpty: false });
		await this.#adopt(page, await this.#state(page));
		return page.evaluate((entry) => window.probe.sizes(entry), location.entry);
	}

	/** Puts an older state of the database in place, as a disk does that forgets. The browser must not run. */
	putBack(copy: string): void {
		copyFileSync(copy, this.files.database);
		truncateSync(this.files.journal, 0);
	}
}

export type Toll = {
	readonly seed: number;
	readonly kills: number;
	readonly flaws: readonly string[];
	readonly failures: readonly string[];
	readonly acknowledged: number;
	readonly midCommit: number;
	readonly midIndex: number;
	/** Runs that came to their end between two kills. */
	readonly runs: number;
	readonly wrongRuns: readonly number[];
	/** From opening the page to the first listing, after each kill. */
	readonly readyMs: readonly number[];
	/** What the index shows in the end, and what it should. */
	readonly shown: object;
	readonly planted: Record<string, number>;
};

/** Opens the library after a kill and says what is wrong with it; null for the page where it does not open at all. */
async function look(siege: Siege): Promise<{ readonly page: Page | null; readonly flaws: readonly string[] }> {
	const opened = await siege.open().catch((error: unknown) => String(error));
	if (typeof opened === 'string') return { page: null, flaws: [opened] };
	const { structure, lost, twice } = await siege.check(opened);
	return { page: opened, flaws: [...structure, ...lost, ...twice] };
}

/**
 * Kills the browser `kills` times while it indexes and writes, and looks at the library after each. A library that does
 * not open any more ends the series.
 */
export async function killSeries(profile: Profile, kills: number, seed: number, shape: Shape): Promise<Toll> {
	const siege = new Siege(profile, seeded(seed), shape);
	const flaws: string[] = [];
	let page: Page | null = await siege.begin();
	for (let kill = 1; kill <= kills && page !== null; kill++) {
		await siege.storm(page);
		await siege.killSometime();
		const seen = await look(siege);
		page = seen.page;
		for (const flaw of seen.flaws) flaws.push(`after kill ${kill}: ${flaw}`);
	}
	const shown = page === null ? {} : await siege.finish(page);
	const entries = Object.keys(siege.planted).length;
	const { failures, acknowledged, indexed } = siege.ledger;
	const { midCommit, midIndex, readyMs, planted } = siege;
	const wrongRuns = indexed.filter((count) => count !== entries);
	const runs = indexed.length;
	return { seed, kills, flaws, failures, acknowledged, midCommit, midIndex, runs, wrongRuns, readyMs, shown, planted };
}

export function describe({ seed, kills, flaws, acknowledged, midCommit, midIndex, runs, readyMs }: Toll): string {
	const sorted = readyMs.toSorted((a, b) => a - b);
	return (
		`seed ${seed}: ${kills} kills (${midCommit} in a commit, ${midIndex} with a part of the entries, ${runs} whole runs ` +
		`between), ${acknowledged} acknowledged writes, ${flaws.length} flaws; ready after p50 ` +
		`${sorted[Math.floor(sorted.length / 2)]} ms, max ${sorted.at(-1)} ms`
	);
}
