import type { ValueOf } from '#client/mod.ts';
import type { Difference, VerifyProgress } from '#core/index';
import type { Location } from '#core/volumes';
import type { App } from '#ui/shell/app.svelte.ts';

export type Report = ValueOf<'index.verify'>;

/** In the order in which they are shown. */
export const differences: readonly Difference[] = ['missing', 'unindexed', 'stale', 'different'];

export function differencesOf(report: Report): number {
	return differences.reduce((sum, difference) => sum + report[difference].count, 0);
}

/** One comparison of a folder with the disk, from its start to what was found and repaired. */
export class DiskCheck {
	readonly #app: App;
	readonly #location: Location;
	#stop: AbortController | null = null;
	/** Whether files are read as well. */
	reads: boolean = $state(false);
	doing: 'checking' | 'repairing' | null = $state(null);
	progress: VerifyProgress | null = $state.raw(null);
	report: Report | null = $state.raw(null);
	/** How much was repaired since the first look; null before. */
	repaired: number | null = $state(null);

	constructor(app: App, location: Location) {
		this.#app = app;
		this.#location = location;
	}

	async check(): Promise<void> {
		this.report = null;
		this.repaired = null;
		this.report = await this.#compare();
	}

	/** Has what differs read again, and looks whether that was all. */
	async repair(): Promise<void> {
		const { report } = this;
		if (report === null) return;
		this.doing = 'repairing';
		const answer = await this.#app.do('index.repair', { location: this.#location.id, repair: report.repair });
		this.doing = null;
		if (!answer.ok) return;
		const left = await this.#compare();
		if (left === null) return;
		this.report = left;
		this.repaired = Math.max(0, differencesOf(report) - differencesOf(left));
	}

	/** Breaks off what goes on; nothing is left behind. */
	stop(): void {
		this.#stop?.abort();
	}

	async #compare(): Promise<Report | null> {
		const stop = new AbortController();
		this.#stop = stop;
		this.doing = 'checking';
		this.progress = null;
		const end = this.#app.client.onEvent((event) => {
			if (event.type === 'verify-progress' && event.progress.location === this.#location.id)
				this.progress = event.progress;
		});
		const wanted = { entry: this.#location.entry, content: this.reads };
		const answer = await this.#app.ask('index.verify', wanted, stop.signal);
		end();
		this.doing = null;
		if (answer.ok) return answer.value;
		this.#app.tell(answer.failure, () => void this.check());
		return null;
	}
}
