import { availableParallelism, cpus, loadavg, platform, release, totalmem } from 'node:os';
import Engine from 'better-sqlite3-multiple-ciphers';
import { chromium } from '@playwright/test';
import { chromiumLaunch } from '../chromium.ts';

/** What a reader needs to make sense of the times; nothing that names whose machine it is. */
export type Machine = {
	readonly processor: string;
	readonly cores: number;
	readonly memoryGiB: number;
	readonly system: string;
	readonly node: string;
	/** Of the peer's engine; the browser's comes with its package. */
	readonly sqlite: string;
	/** Null where no benchmark needs it. */
	readonly chromium: string | null;
	/** Processes that wanted a core in the minute before, other people's included. */
	readonly loadBefore: number;
};

function sqliteVersion(): string {
	const engine = new Engine(':memory:', { timeout: 0 });
	const row = engine.prepare<{ readonly version: string }>('SELECT sqlite_version() AS version').get([]);
	engine.close();
	return row?.version ?? '';
}

async function chromiumVersion(): Promise<string> {
	const browser = await chromium.launch(chromiumLaunch());
	const version = browser.version();
	await browser.close();
	return version;
}

export async function describeMachine(withBrowser: boolean): Promise<Machine> {
	return {
		processor: cpus()[0]?.model.trim() ?? 'unknown',
		cores: availableParallelism(),
		memoryGiB: Math.round(totalmem() / 2 ** 30),
		system: `${platform()} ${release()}`,
		node: process.versions.node,
		sqlite: sqliteVersion(),
		chromium: withBrowser ? await chromiumVersion() : null,
		loadBefore: Number((loadavg()[0] ?? 0).toFixed(1))
	};
}
