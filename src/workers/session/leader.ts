import type { Core } from '#core';
import { err, ok, type Failure, type Result } from '#core/kernel';
import type { ClockPort } from '#core/ports';
import type { OutsideFiles } from '../host/outside-files.ts';
import { discardBackup, makeBackup, restoreBackup } from './backups.ts';
import { whileBusy } from './busy.ts';
import type { CallContext } from './calls.ts';
import type { KeyRing } from './keys.ts';
import type { OutsideCommands } from './protocol.ts';

type Command = (input: unknown, context: CallContext) => Promise<Result<unknown, Failure>>;

/** While one of these runs the core may be without its key for a moment and not be locked. */
const changesKey = new Set([
	'library.create',
	'library.unlock',
	'library.lock',
	'library.set-password',
	'library.remove',
	'backup.restore'
]);

/**
 * The one core of this browser, open in this worker. Keeps the key ring in step with it: the other workers hold
 * the key exactly while the library is open. When the library closes, so does the worker, and its memory with it.
 */
export class Leader {
	readonly #core: Core;
	readonly #clock: ClockPort;
	readonly #keys: KeyRing;
	readonly #outside: OutsideFiles;
	/** Calls of `changesKey` in flight. */
	#unsettled = 0;
	#wasOpen = false;
	#retiring = false;

	constructor(core: Core, clock: ClockPort, keys: KeyRing, outside: OutsideFiles) {
		this.#core = core;
		this.#outside = outside;
		this.#clock = clock;
		this.#keys = keys;
		keys.leads = true;
		keys.onForgotten = () => void this.#retire();
		core.subscribe((event) => {
			if (event.type === 'library-changed') this.#settle();
		});
	}

	/** Opens the library with the key of the leader before this one, where there is a key. */
	async takeOver(): Promise<void> {
		const key = this.#keys.key();
		if (key === null) return;
		const { signal } = new AbortController();
		// A copy: the core overwrites the key that it was given when it closes.
		const open = () => this.#core.openWithSessionKey(key.slice(), signal);
		const opened = await whileBusy(this.#clock, open, signal);
		key.fill(0);
		this.#wasOpen = opened.ok;
		if (!opened.ok) console.warn('the library stays locked after the core has moved', opened.failure.type);
	}

	/** Runs one command for `tab`. */
	async run(tab: string, name: string, input: unknown, context: CallContext): Promise<Result<unknown, Failure>> {
		// No answer: the worker ends in a moment and the tab asks the next leader.
		if (this.#retiring) return new Promise(() => {});
		if (name === 'backup.make') return makeBackup(this.#core, tab, context);
		if (name === 'backup.discard') return discardBackup(tab).then(() => ok(null));
		if (name === 'outside.hold') return this.#hold(input as OutsideCommands['outside.hold']);
		if (name === 'outside.release') return this.#release(input as OutsideCommands['outside.release']);
		if (!changesKey.has(name)) return this.#command(name, input, context);
		this.#unsettled++;
		try {
			// The others forget first: a crash in between must not leave a key behind that opens what was locked.
			if (name === 'library.lock') await this.#keys.forgetEverywhere(this.#clock);
			return await this.#command(name, input, context);
		} finally {
			this.#unsettled--;
			this.#settle();
		}
	}

	#command(name: string, input: unknown, context: CallContext): Promise<Result<unknown, Failure>> {
		const run = this.#find(name);
		if (run === null)
			return Promise.resolve(err({ type: 'CoreFailed', command: name, detail: 'there is no such command' }));
		return whileBusy(this.#clock, () => run(input, context), context.signal);
	}

	async #hold({ root, files, isLast }: OutsideCommands['outside.hold']): Promise<Result<null, never>> {
		this.#outside.hold(root, files);
		if (isLast) this.#outside.complete(root);
		return ok(null);
	}

	async #release({ root }: OutsideCommands['outside.release']): Promise<Result<null, never>> {
		this.#outside.release(root);
		return ok(null);
	}

	#find(name: string): Command | null {
		if (name === 'backup.restore') return (input, context) => restoreBackup(this.#core, input as File, context);
		// The typed boundary: the client's `call` has checked `input` against this very table.
		const commands = this.#core.commands as unknown as Readonly<Record<string, Command>>;
		return Object.hasOwn(commands, name) ? (commands[name] ?? null) : null;
	}

	#settle(): void {
		if (this.#unsettled > 0 || this.#retiring) return;
		const key = this.#core.sessionKey();
		if (key !== null) this.#keys.hold(key);
		else if (this.#wasOpen) void this.#retire();
		this.#wasOpen = key !== null;
		key?.fill(0);
	}

	/** Ends this worker: what SQLite's memory held of the library is gone with it. */
	async #retire(): Promise<void> {
		if (this.#retiring) return;
		this.#retiring = true;
		await this.#keys.forgetEverywhere(this.#clock);
		await this.#core.close();
		// The answer to the call that locked the library leaves before the worker does.
		await this.#clock.wait(0, new AbortController().signal);
		close();
	}
}
