import type { Result } from '#core/kernel';
import type { RootRef } from '#core/ports';
import type { OutsideCommands, OutsideFile, OutsideRoot } from '../../workers/session/protocol.ts';
import type { Send } from './call.ts';
import type { CallFailure } from './commands.ts';

/** Files that go to the core in one message. */
const filesAtOnce = 1_000;
const prefix: OutsideRoot = 'outside:';

/** The files that this page was given and the core may read; a core that starts later is given them again. */
export class HeldFiles {
	readonly #send: Send;
	readonly #closed: AbortSignal;
	readonly #roots = new Map<RootRef, readonly OutsideFile[]>();

	constructor(send: Send, closed: AbortSignal) {
		this.#send = send;
		this.#closed = closed;
	}

	async hold(files: readonly OutsideFile[], signal: AbortSignal): Promise<Result<RootRef, CallFailure>> {
		// Beside folders, what is held is the only thing that a page makes a reference to.
		const root = `${prefix}${crypto.randomUUID()}` as RootRef;
		this.#roots.set(root, files);
		const held = await this.#give(root, files, signal);
		if (held.ok) return { ok: true, value: root };
		this.#roots.delete(root);
		return held;
	}

	release(root: RootRef): void {
		this.#roots.delete(root);
		const input: OutsideCommands['outside.release'] = { root };
		void this.#send('outside.release', input, this.#closed);
	}

	/** The core has moved: it knows of no file by now. */
	holdAgain(): void {
		for (const [root, files] of this.#roots) void this.#give(root, files, this.#closed);
	}

	async #give(root: RootRef, files: readonly OutsideFile[], signal: AbortSignal): Promise<Result<null, CallFailure>> {
		for (let from = 0; from < files.length; from += filesAtOnce) {
			const input: OutsideCommands['outside.hold'] = {
				root,
				files: files.slice(from, from + filesAtOnce),
				isLast: from + filesAtOnce >= files.length
			};
			const held = await this.#send('outside.hold', input, signal);
			// A session answers these with nothing but what may stop any call.
			if (!held.ok) return held as Result<never, CallFailure>;
		}
		return { ok: true, value: null };
	}
}
