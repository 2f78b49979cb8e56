import { createContext } from 'svelte';
import type { AnyAction } from '#core';
import type { ActionId, Result } from '#core/kernel';
import {
	createClient,
	LiveQuery,
	type Client,
	type CommandName,
	type FailureOf,
	type InputOf,
	type ValueOf
} from '#client/mod.ts';
import { Devices } from '#ui/devices/devices.svelte.ts';
import { Downloads } from '#ui/download/downloads.svelte.ts';
import { FileWork } from '#ui/files/file-work.svelte.ts';
import { Abilities } from '#ui/actions/abilities.svelte.ts';
import { JobList } from '#ui/jobs/job-list.svelte.ts';
import { Folders } from '#ui/library/folders.svelte.ts';
import { Protection } from '#ui/library/protection.svelte.ts';
import { RecoveryReminder } from '#ui/library/recovery-reminder.svelte.ts';
import { doAction, undo, undoLatest, type Wish } from '#ui/plan/do-action.ts';
import { PlanSheetState } from '#ui/plan/plan-sheet.svelte.ts';
import { failureWords, type AnyFailure } from '#ui/words/failures.ts';
import { watchFailures } from './watch-failures.ts';
import { AppUpdate } from './app-update.svelte.ts';
import { Installer } from './install.svelte.ts';
import { Notices } from './notices.svelte.ts';

/** Where the app stands: which screen is due. */
export type Phase = 'starting' | 'none' | 'locked' | 'open' | 'failed';

type Answer<Name extends CommandName> = Result<ValueOf<Name>, FailureOf<Name>>;

/** Relative dates are told anew this often. */
const tickMs = 20_000;

function isGrave(failure: AnyFailure): boolean {
	return failure.type === 'LibraryDamaged' || failure.type === 'LibraryNewer' || failure.type === 'LibraryMissing';
}

/** What every screen of one page shares. Made once, in the layout. */
export class App {
	readonly client: Client;
	readonly notices = new Notices();
	readonly protection = new Protection();
	readonly installer = new Installer();
	readonly update = new AppUpdate();
	readonly reminder = new RecoveryReminder();
	readonly abilities: Abilities;
	readonly folders: Folders;
	readonly devices: Devices;
	readonly files: FileWork;
	readonly downloads: Downloads;
	readonly jobs: JobList;
	readonly planSheet: PlanSheetState;
	readonly status: LiveQuery<'library.status'>;
	readonly settings: LiveQuery<'settings.read'>;
	readonly tags: LiveQuery<'metadata.tags'>;
	readonly collections: LiveQuery<'metadata.collections'>;
	nowMs: number = $state(Date.now());
	/** A recovery code that was made just now: shown until the person has kept it, and nowhere else. */
	recoveryCode: string | null = $state(null);
	/** Whether this page has tried the browser's own key: once, so that what a person locks stays locked. */
	triedDevice: boolean = $state(false);
	/** Whether the library was open here without a password: a click opens it again. */
	opensByDevice: boolean = $state(false);
	/** The sidebar as a sheet on a narrow screen. */
	sheetOpen: boolean = $state(false);

	/** What makes the whole library unusable; every call that meets it ends up here. */
	grave: AnyFailure | null = $state.raw(null);

	constructor(own: Client = createClient()) {
		const client = watchFailures(own, (failure) => {
			if (isGrave(failure)) this.grave = failure;
		});
		this.client = client;
		this.status = new LiveQuery(client, 'library.status', {});
		this.settings = new LiveQuery(client, 'settings.read', {});
		this.tags = new LiveQuery(client, 'metadata.tags', {});
		this.collections = new LiveQuery(client, 'metadata.collections', {});
		this.folders = new Folders(this);
		this.devices = new Devices(this);
		this.files = new FileWork(this);
		this.downloads = new Downloads(this);
		this.jobs = new JobList(this);
		this.planSheet = new PlanSheetState(this);
		this.abilities = new Abilities(this);
		setInterval(() => (this.nowMs = Date.now()), tickMs);
	}

	get phase(): Phase {
		if (this.failure !== null) return 'failed';
		if (this.status.value !== null) return this.status.value.state;
		return 'starting';
	}

	/** What keeps the app from working at all, or null. */
	get failure(): AnyFailure | null {
		const { state, reason } = this.client.connection;
		if (state === 'failed') return { type: 'Disconnected', reason: reason ?? 'core-failed' };
		if (this.grave !== null) return this.grave;
		const { failure } = this.status;
		return failure !== null && failure.type !== 'Cancelled' ? failure : null;
	}

	get libraryName(): string {
		const status = this.status.value;
		return status?.state === 'open' ? status.name : 'Atoll';
	}

	/** Calls a command whose failure the caller shows itself. */
	ask<Name extends CommandName>(
		name: Name,
		input: InputOf<Name>,
		signal: AbortSignal = new AbortController().signal
	): Promise<Answer<Name>> {
		return this.client.call(name, input, signal);
	}

	/** Calls a command that the person asked for; a failure is also shown to them. */
	async do<Name extends CommandName>(name: Name, input: InputOf<Name>): Promise<Answer<Name>> {
		const answer = await this.ask(name, input);
		if (!answer.ok) this.tell(answer.failure);
		return answer;
	}

	/** Does an action: at once where it need not be seen first, else after a look at its plan; then offers to undo it. */
	act(wish: Wish): Promise<AnyAction | null> {
		return doAction(this, wish);
	}

	/** Takes an action back, or does again what was taken back. */
	undo(action: ActionId): Promise<AnyAction | null> {
		return undo(this, action);
	}

	/** Takes back what was done last; where `redo`, does again what was last taken back. */
	undoLatest(redo: boolean): Promise<void> {
		return undoLatest(this, redo);
	}

	/** Shows a failure as a message, with what can be done about it. */
	tell(failure: AnyFailure, remedy: (() => void) | null = null): void {
		// what makes the whole library unusable has the whole screen already
		if (failure.type === 'Cancelled' || isGrave(failure)) return;
		const { title, text, remedy: offered } = failureWords(failure);
		const action = remedy !== null && offered !== null ? { title: offered.title, run: remedy } : null;
		this.notices.show({ tone: 'danger', title: `${title}.`, text, action });
	}

	/** Reads anew what a change of the library has made old, without waiting for its event. */
	refresh(): void {
		this.grave = null;
		this.status.ask({});
		this.settings.ask({});
		this.folders.list.ask({});
	}

	/** Opens a library that has no password, by this browser's own key; false where that does not do. */
	async openByDevice(): Promise<boolean> {
		const opened = await this.ask('library.unlock', { by: 'device' });
		if (opened.ok) this.refresh();
		this.triedDevice = true;
		return opened.ok;
	}

	/** The library is not open any more: nothing of it stays on the screen. */
	forget(): void {
		this.folders.forget();
		this.files.forget();
		this.downloads.cancel();
		this.jobs.open = false;
		this.planSheet.cancel();
		this.abilities.forget();
	}

	/** Forgets the key everywhere and takes every name off the screen. */
	async lock(): Promise<void> {
		const status = this.status.value;
		this.opensByDevice = status?.state === 'open' && !status.hasPassword;
		this.triedDevice = true;
		this.notices.clear();
		await this.do('library.lock', {});
		this.refresh();
	}
}

export const [useApp, provideApp] = createContext<App>();
