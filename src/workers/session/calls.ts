import { commandId, err, type CommandId, type Failure, type Result } from '#core/kernel';
import type { SessionApi } from './protocol.ts';

/** What a command is run with. */
export type CallContext = { readonly signal: AbortSignal; readonly command: CommandId };

/** Runs one command; throws on a defect. */
export type RunCommand = (name: string, input: unknown, context: CallContext) => Promise<Result<unknown, Failure>>;

/** The calls of one tab. A defect stops the call that met it, as `CoreFailed`, and nothing else. */
export class Calls implements SessionApi {
	readonly #run: RunCommand;
	readonly #inFlight = new Map<number, AbortController>();

	constructor(run: RunCommand) {
		this.#run = run;
	}

	async invoke(callId: number, name: string, input: unknown, command: string): Promise<Result<unknown, Failure>> {
		const controller = new AbortController();
		this.#inFlight.set(callId, controller);
		try {
			return await this.#run(name, input, { signal: controller.signal, command: commandId(command) });
		} catch (defect) {
			// The core may leave an aborted command by throwing: nobody listens to its answer any more.
			if (controller.signal.aborted) return err({ type: 'Cancelled' });
			console.error(`${name} stopped on a defect`, defect);
			return err({ type: 'CoreFailed', command: name, detail: String(defect) });
		} finally {
			this.#inFlight.delete(callId);
		}
	}

	cancel(callId: number): void {
		this.#inFlight.get(callId)?.abort();
	}

	/** Aborts all that is in flight: the tab is gone. */
	end(): void {
		for (const controller of this.#inFlight.values()) controller.abort();
	}
}
