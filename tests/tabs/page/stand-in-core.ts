import type { Core, CoreEvent } from '#core';
import { entryId, err, libraryId, ok, type CommandId, type Failure, type Result } from '#core/kernel';
import type { ClockPort } from '#core/ports';

/** A line of the log: what one write left behind. */
export type Line = { readonly command: CommandId; readonly text: string };

type Context = { readonly signal: AbortSignal; readonly command: CommandId };
type Command = (input: never, context: Context) => Promise<Result<unknown, Failure>>;

const id = libraryId('0123456789abcdef0123456789abcdef');
const password = 'correct horse';
const owedMax = 20;

/** The key that opens the stand-in: what stands in the file `key`. */
async function readKey(folder: FileSystemDirectoryHandle): Promise<Uint8Array | null> {
	try {
		const file = await (await folder.getFileHandle('key')).getFile();
		return new Uint8Array(await file.arrayBuffer());
	} catch {
		return null;
	}
}

/** An append-only log in one file of OPFS, exclusively open: the least that can lose or repeat a write. */
class Log {
	readonly handle: FileSystemSyncAccessHandle;
	readonly lines: Line[] = [];
	readonly known = new Set<CommandId>();

	constructor(handle: FileSystemSyncAccessHandle) {
		this.handle = handle;
		const bytes = new Uint8Array(handle.getSize());
		handle.read(bytes, { at: 0 });
		const text = new TextDecoder().decode(bytes);
		const whole = text.slice(0, text.lastIndexOf('\n') + 1);
		handle.truncate(new TextEncoder().encode(whole).length);
		for (const line of whole.split('\n').filter((part) => part !== '')) this.#remember(JSON.parse(line) as Line);
	}

	#remember(line: Line): void {
		this.lines.push(line);
		this.known.add(line.command);
	}

	append(line: Line): void {
		this.handle.write(new TextEncoder().encode(`${JSON.stringify(line)}\n`), { at: this.handle.getSize() });
		this.handle.flush();
		this.#remember(line);
	}
}

/** Behaves as a core does at its edges, over a real file that only one worker can have open. */
class StandIn {
	readonly #listeners = new Set<(event: CoreEvent) => void>();
	readonly #clock: ClockPort;
	#log: Log | null = null;
	#key: Uint8Array | null = null;
	#aborted = 0;
	readonly #owed: Line[] = [];

	constructor(clock: ClockPort) {
		this.#clock = clock;
	}

	async #folder(): Promise<FileSystemDirectoryHandle> {
		return (await navigator.storage.getDirectory()).getDirectoryHandle('stand-in', { create: true });
	}

	#tell(event: CoreEvent): void {
		for (const listener of this.#listeners) listener(event);
	}

	async #status(): Promise<Result<unknown, Failure>> {
		if (this.#log !== null) return ok({ state: 'open', id, name: 'stand-in', hasPassword: true });
		return ok((await readKey(await this.#folder())) === null ? { state: 'none' } : { state: 'locked', id });
	}

	async #open(key: Uint8Array): Promise<Result<unknown, Failure>> {
		if (this.#log !== null) return this.#status();
		const folder = await this.#folder();
		const right = await readKey(folder);
		if (right === null || right.some((byte, index) => byte !== key[index])) return err({ type: 'WrongPassword' });
		const file = await folder.getFileHandle('log', { create: true });
		try {
			this.#log = new Log(await file.createSyncAccessHandle());
		} catch (thrown) {
			if (!(thrown instanceof DOMException && thrown.name === 'NoModificationAllowedError')) throw thrown;
			return err({ type: 'LibraryBusy', holder: '', retry: 'soon' });
		}
		this.#key = key.slice();
		this.#tell({ type: 'library-changed' });
		return this.#status();
	}

	#shut(): void {
		this.#log?.handle.close();
		this.#log = null;
		this.#key?.fill(0);
		this.#key = null;
	}

	async #create(): Promise<Result<unknown, Failure>> {
		const file = await (await this.#folder()).getFileHandle('key', { create: true });
		const handle = await file.createSyncAccessHandle();
		handle.write(crypto.getRandomValues(new Uint8Array(32)));
		handle.close();
		return this.#unlock(password);
	}

	async #unlock(given: string): Promise<Result<unknown, Failure>> {
		const key = await readKey(await this.#folder());
		return given === password && key !== null ? this.#open(key) : err({ type: 'WrongPassword' });
	}

	#append(text: string, command: CommandId, applyTwice: boolean): Result<unknown, Failure> {
		if (this.#log === null) return err({ type: 'LibraryLocked' });
		const isKnown = this.#log.known.has(command);
		if (!isKnown || applyTwice) this.#log.append({ command, text });
		this.#tell({ type: 'entries-changed', folders: [entryId(1)] });
		return ok({ isKnown });
	}

	#owe(line: Line): Result<unknown, Failure> {
		if (this.#log === null) return err({ type: 'LibraryLocked' });
		this.#owed.push(line);
		if (this.#owed.length >= owedMax) for (const owed of this.#owed.splice(0)) this.#log.append(owed);
		return ok({ isKnown: false });
	}

	/** Resolves when the caller gives up. */
	#untilAborted(signal: AbortSignal): Promise<Result<unknown, Failure>> {
		return new Promise((resolve) =>
			signal.addEventListener('abort', () => {
				this.#aborted++;
				resolve(ok(null));
			})
		);
	}

	readonly #commands: Readonly<Record<string, Command>> = {
		'library.status': () => this.#status(),
		'library.create': () => this.#create(),
		'library.unlock': (input: { password: string }) => this.#unlock(input.password),
		'library.lock': async () => {
			this.#shut();
			this.#tell({ type: 'library-changed' });
			return ok(null);
		},
		'entries.ids': async () =>
			this.#log === null ? err({ type: 'LibraryLocked' }) : ok(Float64Array.from(this.#log.lines, (_, index) => index)),
		'test.append': async (input: { text: string }, { command }) => this.#append(input.text, command, false),
		/** The core that the tests must find out: answers before the write is on disk. */
		'test.append-carelessly': async (input: { text: string }, { command }) => this.#owe({ command, text: input.text }),
		/** Applies the write and never tells when it is the first to do so. */
		'test.append-silently': async (input: { text: string; applyTwice: boolean }, { command }) => {
			const isFirst = this.#log?.known.has(command) === false;
			const answer = this.#append(input.text, command, input.applyTwice);
			return isFirst ? new Promise(() => {}) : answer;
		},
		'test.lines': async () => (this.#log === null ? err({ type: 'LibraryLocked' }) : ok(this.#log.lines)),
		'test.wait': (_, { signal }) => this.#untilAborted(signal),
		'test.aborted': async () => ok(this.#aborted),
		'test.storm': async (input: { events: number }) => {
			for (let sent = 0; sent < input.events; sent++) {
				this.#tell({ type: 'entries-changed', folders: [entryId(1)] });
				await this.#clock.wait(1, new AbortController().signal);
			}
			return ok(null);
		},
		'test.defect': async () => {
			throw new TypeError('planted');
		},
		/** Ends the worker that runs it. */
		'test.kill': async () => {
			close();
			return new Promise(() => {});
		}
	};

	core(): Core {
		const core = {
			commands: this.#commands,
			subscribe: (listener: (event: CoreEvent) => void) => {
				this.#listeners.add(listener);
				return () => void this.#listeners.delete(listener);
			},
			sessionKey: () => this.#key,
			openWithSessionKey: (key: Uint8Array) => this.#open(key),
			close: async () => this.#shut()
		};
		return core as unknown as Core;
	}
}

const clock: ClockPort = {
	nowMs: () => Date.now(),
	elapsedMs: () => performance.now(),
	utcOffsetMs: () => 0,
	wait: (delayMs, signal) =>
		new Promise((resolve) => {
			const timer = setTimeout(resolve, delayMs);
			signal.addEventListener('abort', () => {
				clearTimeout(timer);
				resolve();
			});
		})
};

export function createStandIn(): { core: Core; clock: ClockPort } {
	return { core: new StandIn(clock).core(), clock };
}
