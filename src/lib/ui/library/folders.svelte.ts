import { LiveQuery, type FailureOf } from '#client/mod.ts';
import type { IndexProgress, LocatedEntry } from '#core/index';
import type { EntryId, LocationId } from '#core/kernel';
import type { IndexMode, Location } from '#core/volumes';
import { visibleName } from '#ui/files/name-parts.ts';
import type { PlaceBadge } from '#ui/files/row-source.ts';
import type { App } from '#ui/shell/app.svelte.ts';
import { isFailure } from '#ui/words/failures.ts';
import { plural } from '#ui/words/values.ts';
import { getFolder, putFolder, removeFolder } from '#client/folder-handles.ts';
import { askForFolder } from './pick-folder.ts';
import type { TimedKind } from './folder-times.ts';
import { findSample, makeSample, removeSample } from './sample/make-sample.ts';

/** A folder that was looked through less long ago is not looked through again when the app opens. */
const staleAfterMs = 10 * 60_000;

type RunFailure = FailureOf<'index.run'>;

/** Failures of a run that the location itself remembers; the others are shown as messages. */
function isOfFolder(failure: RunFailure): boolean {
	return failure.type.startsWith('Folder') || failure.type === 'NotAFolder' || failure.type === 'VolumeReplaced';
}

/** What ends a scrub without being anybody's trouble. */
function isQuiet({ type }: FailureOf<'content.scrub'>): boolean {
	const isStopped = type === 'ScrubPaused' || type === 'ScrubCancelled';
	return isStopped || type === 'LibraryLocked' || type === 'LocationMissing' || type === 'Disconnected';
}

/** The folders in the library, what is known of their indexing, and everything one can do with them. */
export class Folders {
	readonly #app: App;
	readonly list: LiveQuery<'locations.list'>;
	readonly #running: LiveQuery<'index.running'>;
	readonly #watched: LiveQuery<'index.watched'>;
	readonly #reading: LiveQuery<'content.running'>;
	/** The location that is the sample, if there is one. */
	sample: LocationId | null = $state(null);
	/** Names that could not be read, by location. */
	#problems: ReadonlyMap<LocationId, number> = $state.raw(new Map());
	/** The library itself is being made for what is being opened: there is nothing else to show yet. */
	beginning: boolean = $state(false);
	/** Something is being opened: buttons wait. */
	busy: 'folder' | 'sample' | null = $state(null);
	#isResumed = false;
	readonly #runs = new Map<LocationId, AbortController>();
	/** Those of the runs that nobody has asked for. */
	readonly #idle = new Set<LocationId>();

	constructor(app: App) {
		this.#app = app;
		this.list = new LiveQuery(app.client, 'locations.list', {});
		this.#running = new LiveQuery(app.client, 'index.running', {});
		this.#watched = new LiveQuery(app.client, 'index.watched', {});
		this.#reading = new LiveQuery(app.client, 'content.running', {});
	}

	get all(): readonly Location[] {
		return this.list.value ?? [];
	}

	/** Those of this device: with what others have told of theirs nothing is done here. */
	get here(): readonly Location[] {
		return this.all.filter(({ problem }) => problem?.type !== 'NotOnThisDevice');
	}

	get isIndexing(): boolean {
		return this.progress.length > 0;
	}

	get progress(): readonly IndexProgress[] {
		return this.#running.value ?? [];
	}

	find(id: LocationId): Location | null {
		return this.all.find((location) => location.id === id) ?? null;
	}

	ofEntry(entry: EntryId): Location | null {
		return this.all.find((location) => location.entry === entry) ?? null;
	}

	/** What a row among gathered ones says of its place: whose it is and whether that is there, or that its disk is away. */
	badgeOf(row: LocatedEntry | null): PlaceBadge | null {
		const location = row === null ? null : this.ofEntry(row.top);
		if (location === null) return null;
		const elsewhere = this.#app.devices.badgeOf(location);
		if (elsewhere !== null) return elsewhere;
		return location.isOffline ? { words: 'Offline', isAway: true } : null;
	}

	progressOf(location: LocationId): IndexProgress | null {
		return this.progress.find((progress) => progress.location === location) ?? null;
	}

	/** Whether every change on the disk is seen while the app is open. */
	isWatched(location: LocationId): boolean {
		return this.#watched.value?.includes(location) ?? false;
	}

	/** How many files of a folder still have to be read to know what they are; null while none is being read. */
	readingLeft(location: LocationId): number | null {
		return this.#reading.value?.find((progress) => progress.location === location)?.filesLeft ?? null;
	}

	problemsOf(location: LocationId): number {
		return this.#problems.get(location) ?? 0;
	}

	/** Puts a folder into the library and begins to look through it; null when that failed and was told. */
	async add(handle: FileSystemDirectoryHandle, name: string | null = null): Promise<EntryId | null> {
		const root = await putFolder(handle);
		const request = { action: 'locations.add', input: { root, name }, plan: null };
		const added = await this.#app.ask('actions.commit', request);
		if (added.ok) {
			const listed = await this.#app.ask('locations.list', {});
			const location = listed.ok ? listed.value.find((one) => one.root === root) : undefined;
			if (location === undefined) return null;
			void this.run(location.id);
			void this.#app.protection.ask();
			return location.entry;
		}
		await removeFolder(root);
		const why = 'plan' in added.failure ? added.failure.plan.blocked[0]?.why : undefined;
		if (why?.type !== 'LocationExists') {
			this.#app.tell(why !== undefined && isFailure(why) ? why : added.failure);
			return null;
		}
		const known = this.find(why.location);
		if (known !== null) void this.run(known.id);
		return known?.entry ?? null;
	}

	/** Makes the sample's files and puts them into the library. */
	async addSample(): Promise<EntryId | null> {
		const made = await makeSample(new AbortController().signal);
		if (made.ok) return this.add(made.value, 'Sample');
		this.#app.tell(made.failure);
		return null;
	}

	/**
	 * Takes the sample out of the library and its files out of the browser; a library that holds nothing else and has
	 * no password was only made for it, and goes too.
	 */
	async removeSample(location: LocationId): Promise<void> {
		// Nothing of it is the person's own: they need not look at a plan.
		const request = { action: 'locations.remove', input: { location } };
		const plan = await this.#app.do('actions.preview', request);
		if (!plan.ok) return;
		this.#runs.get(location)?.abort();
		const forgotten = await this.#app.do('actions.commit', { ...request, plan: plan.value.id });
		if (!forgotten.ok) return;
		const removed = await removeSample();
		if (!removed.ok) return this.#app.tell(removed.failure);
		const left = await this.#app.ask('locations.list', {});
		const status = this.#app.status.value;
		if (left.ok && left.value.length === 0 && status?.state === 'open' && !status.hasPassword) {
			this.#app.reminder.done();
			await this.#app.do('library.remove', {});
		}
		void this.#app.protection.measure();
	}

	/** Forgets a folder, once the person has seen what that means; its files stay where they are. */
	async remove(location: LocationId): Promise<boolean> {
		const name = visibleName(this.find(location)?.name ?? '');
		const title = `Remove “${name}” from the library?`;
		const removed = await this.#app.act({ action: 'locations.remove', input: { location }, title });
		if (removed === null) return false;
		// The browser's leave to open it is kept: undoing puts the folder back.
		this.#runs.get(location)?.abort();
		return true;
	}

	async rename(location: LocationId, name: string): Promise<void> {
		await this.#app.act({ action: 'locations.rename', input: { location, name }, title: 'Rename folder' });
	}

	/** Looks through a folder again; while that runs another call changes nothing. */
	async run(location: LocationId, acceptEmpty = false, isIdle = false): Promise<void> {
		// What a person asks for while it waits behind other work goes before that.
		if (this.#runs.has(location) && (isIdle || !this.#idle.has(location))) return;
		const stop = new AbortController();
		this.#runs.set(location, stop);
		if (isIdle) this.#idle.add(location);
		else this.#idle.delete(location);
		const outcome = await this.#app.ask('index.run', { location, acceptEmpty, isIdle }, stop.signal);
		this.#runs.delete(location);
		this.#idle.delete(location);
		void this.countProblems(location);
		if (outcome.ok) {
			const name = this.find(location)?.name ?? '';
			this.#app.notices.say(`${name} is up to date: ${plural(outcome.value.entries, 'item')}.`);
		} else if (
			!isOfFolder(outcome.failure) &&
			outcome.failure.type !== 'LibraryLocked' &&
			outcome.failure.type !== 'IndexPaused' &&
			outcome.failure.type !== 'IndexCancelled'
		)
			this.#app.tell(outcome.failure, () => void this.run(location));
		void this.#app.protection.measure();
	}

	/** Reads a folder of the index again, with all that lies below it. */
	async readAgain(folder: EntryId, name: string): Promise<void> {
		const outcome = await this.#app.ask('index.folder', { folder, isDeep: true });
		if (outcome.ok) this.#app.notices.tell(`${visibleName(name)} is up to date.`);
		else if (outcome.failure.type !== 'IndexCancelled') this.#app.tell(outcome.failure);
	}

	/** How far the files of a folder are looked at from now on. */
	async setMode(location: LocationId, mode: IndexMode): Promise<void> {
		await this.#app.act({ action: 'locations.set-mode', input: { location, mode }, title: 'How far to look' });
	}

	/** Has the jobs of a folder done by themselves at these times; null for one that is not to be. */
	async setTimes(location: LocationId, times: ReadonlyMap<TimedKind, string | null>): Promise<void> {
		const schedules = await this.#app.do('jobs.schedules', {});
		if (!schedules.ok) return;
		for (const [kind, cron] of times) {
			const known = schedules.value.find((one) => one.kind === kind && one.target === String(location));
			if (cron === (known?.cron ?? null)) continue;
			await this.#app.act({ action: 'jobs.set-schedule', input: { kind, location, cron }, title: 'Check by itself' });
		}
	}

	/** Has every byte of a folder's files read against what is known of them; the list of jobs shows how far it is. */
	async scrub(location: LocationId): Promise<void> {
		const name = this.find(location)?.name ?? '';
		this.#app.notices.say(`Every byte of ${name} is being checked: see Jobs.`);
		const outcome = await this.#app.ask('content.scrub', { location });
		if (outcome.ok) {
			const { whole, damaged } = outcome.value;
			this.#app.notices.say(
				damaged === 0
					? `${name} is whole: ${plural(whole, 'file')} read to the last byte.`
					: `${plural(damaged, 'file')} of ${name} damaged: see Jobs.`
			);
		} else if (!isQuiet(outcome.failure)) this.#app.tell(outcome.failure, () => void this.scrub(location));
	}

	/** Finds out which folders and disks are here now; what has changed shows by itself. */
	async lookForDisks(): Promise<void> {
		await this.#app.ask('volumes.look', {});
	}

	/** The disk that the folder lies on now is its own from now on. */
	async acceptDisk(location: LocationId): Promise<void> {
		const accepted = await this.#app.do('locations.accept-volume', { location });
		if (accepted.ok) await this.run(location);
	}

	async pause(location: LocationId): Promise<void> {
		await this.#app.do('index.stop', { location });
	}

	/** Asks the browser for the folder again; must be called from a person's gesture. */
	async reconnect(location: Location): Promise<void> {
		const handle = await getFolder(location.root);
		if (handle === null) return this.#app.tell({ type: 'FolderMissing', retry: 'when-online' });
		if (await askForFolder(handle)) await this.run(location.id);
	}

	/** The list of folders is here, or something of it is new: the first time in an open library, work goes on. */
	listed(): void {
		void this.findSample();
		// The job that looks at the files may have found some that it could not read.
		for (const { id } of this.here) void this.countProblems(id);
		if (this.#isResumed) return;
		this.#isResumed = true;
		void this.resume();
	}

	/** Looks through what has not been for a while, when nothing else is to be done, and waits with the core for what goes on; what is paused stays so. */
	async resume(): Promise<void> {
		void this.lookForDisks();
		const jobs = await this.#app.ask('jobs.list', {});
		const nowMs = Date.now();
		for (const { id, indexedMs, unfinished } of this.here) {
			const job = jobs.ok
				? jobs.value.find(({ kind, target }) => kind === 'index' && target === String(id))
				: undefined;
			const triedMs = Math.max(indexedMs ?? 0, job?.endedMs ?? 0);
			const isDue = nowMs - triedMs > staleAfterMs || (job === undefined && unfinished);
			if (job?.state !== 'paused' && (isDue || job?.endedMs === null)) void this.run(id, false, true);
		}
	}

	async countProblems(location: LocationId): Promise<void> {
		const problems = await this.#app.ask('index.problems', { location });
		if (!problems.ok) return;
		this.#problems = new Map(this.#problems).set(location, problems.value.length);
	}

	/** Finds out which location is the sample. */
	async findSample(): Promise<void> {
		const sample = await findSample();
		for (const { id, root } of sample === null ? [] : this.all) {
			const handle = await getFolder(root);
			if (sample !== null && handle !== null && (await handle.isSameEntry(sample))) {
				this.sample = id;
				return;
			}
		}
		this.sample = null;
	}

	/** The library was locked: nothing of it stays here. */
	forget(): void {
		for (const stop of this.#runs.values()) stop.abort();
		this.#runs.clear();
		this.#idle.clear();
		this.#isResumed = false;
		this.#problems = new Map();
		this.sample = null;
	}
}
