import { availableParallelism, cpus, loadavg, platform, release, totalmem } from 'node:os';

/** What a reader needs to know to make sense of the times; nothing that names whose machine it is. */
export type Machine = {
	readonly processor: string;
	readonly cores: number;
	readonly memoryGiB: number;
	readonly system: string;
	readonly node: string;
	readonly sqlite: string;
	readonly chromium: string;
	/** Processes that wanted a core in the last minute, other people's included. */
	readonly loadBefore: number;
};

export function describeMachine(sqlite: string, chromium: string): Machine {
	return {
		processor: cpus()[0]?.model.trim() ?? 'unknown',
		cores: availableParallelism(),
		memoryGiB: Math.round(totalmem() / 2 ** 30),
		system: `${platform()} ${release()}`,
		node: process.versions.node,
		sqlite,
		chromium,
		loadBefore: Number((loadavg()[0] ?? 0).toFixed(1))
	};
}
