import { ConnectionCell } from '#client/connection.svelte.ts';
import { LeaderFinder } from '#client/find-leader.ts';
import { Line } from '#client/line.ts';
import type { Failure, Result } from '#core/kernel';

export type Answer = Result<unknown, Failure>;

/** The client's way to the core, with one difference: the caller chooses the command ids. Sends nothing twice. */
export class Commander {
	readonly #line = new Line();
	readonly #forever = new AbortController().signal;
	#calls = 0;

	constructor() {
		const search = {
			line: this.#line,
			connection: new ConnectionCell(),
			createWorker: () =>
				new Worker(new URL('../../../src/workers/core.worker.ts', import.meta.url), { type: 'module' }),
			onMoved: () => undefined,
			signal: this.#forever
		};
		void new LeaderFinder(search).start();
	}

	async send(name: string, input: unknown, command: string): Promise<Answer> {
		const now = await this.#line.next(this.#forever);
		if (now === null || 'reason' in now) throw new Error(`no core: ${now?.reason}`);
		return now.session.remote.invoke(++this.#calls, name, input, command);
	}
}

export function newCommand(): string {
	return crypto.randomUUID().replaceAll('-', '');
}
