import { LiveQuery } from '#client/mod.ts';
import type { AnyJob } from '#core';
import type { JobId } from '#core/kernel';
import type { App } from '#ui/shell/app.svelte.ts';

function isFolderShut({ failure }: AnyJob): boolean {
	return failure?.type === 'FolderNeedsConsent' || failure?.type === 'FolderDenied';
}

/** The jobs of the library, and what a person can do with them. */
export class JobList {
	readonly #app: App;
	readonly #list: LiveQuery<'jobs.list'>;
	/** Whether the panel is shown. */
	open: boolean = $state(false);

	constructor(app: App) {
		this.#app = app;
		this.#list = new LiveQuery(app.client, 'jobs.list', {});
	}

	get all(): readonly AnyJob[] {
		return this.#list.value ?? [];
	}

	/** Those that go on, or will when it is their turn. */
	get going(): number {
		return this.all.filter(({ state }) => state === 'running' || state === 'queued').length;
	}

	get isRunning(): boolean {
		return this.all.some(({ state }) => state === 'running');
	}

	get paused(): number {
		return this.all.filter(({ state }) => state === 'paused').length;
	}

	get failed(): number {
		return this.all.filter(({ state }) => state === 'failed').length;
	}

	get hasEnded(): boolean {
		return this.all.some(({ endedMs }) => endedMs !== null);
	}

	/** The job of `kind` on `target`, if there is one. */
	find(kind: AnyJob['kind'], target: number): AnyJob | null {
		return this.all.find((job) => job.kind === kind && job.target === String(target)) ?? null;
	}

	async pause(job: JobId): Promise<void> {
		await this.#app.do('jobs.pause', { job });
	}

	async resume(job: JobId): Promise<void> {
		await this.#app.do('jobs.resume', { job });
	}

	async cancel(job: JobId): Promise<void> {
		await this.#app.do('jobs.cancel', { job });
	}

	/** Tries a job now; a folder that the browser holds back is asked for first, so this wants a person's gesture. */
	async tryNow(job: AnyJob): Promise<void> {
		const location = this.#app.folders.all.find(({ id }) => String(id) === job.target);
		if (isFolderShut(job) && location !== undefined) await this.#app.folders.reconnect(location);
		else await this.resume(job.id);
	}

	async clear(): Promise<void> {
		await this.#app.do('jobs.clear', {});
	}
}
