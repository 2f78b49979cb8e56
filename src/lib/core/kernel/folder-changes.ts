/** Directories that a watch has told of, kept until somebody has time for them: each once, however often it changed. */
export class FolderChanges {
	readonly #paths = new Map<string, readonly string[]>();
	#isAll = false;
	#wake: (() => void) | null = null;

	note(path: readonly string[]): void {
		this.#paths.set(path.join('\0'), path);
		this.#wake?.();
	}

	/** Anything may have changed. */
	noteAll(): void {
		this.#isAll = true;
		this.#wake?.();
	}

	/** Waits for a change and takes all there are; null for any. Rejects with the signal's reason. For one caller at a time. */
	async next(signal: AbortSignal): Promise<readonly (readonly string[])[] | null> {
		signal.throwIfAborted();
		if (this.#paths.size === 0 && !this.#isAll) await this.#change(signal);
		const changed = this.#isAll ? null : [...this.#paths.values()];
		this.#paths.clear();
		this.#isAll = false;
		return changed;
	}

	#change(signal: AbortSignal): Promise<void> {
		return new Promise((resolve, reject) => {
			const onAbort = () => reject(signal.reason);
			signal.addEventListener('abort', onAbort, { once: true });
			this.#wake = () => {
				this.#wake = null;
				signal.removeEventListener('abort', onAbort);
				resolve();
			};
		});
	}
}
