import type { LocationId } from '#core/kernel';
import type { ClockPort } from '#core/ports';

/** A location that is read for longer holds up nobody: what is gone is to be seen gone. */
const waitMsMax = 30_000;

/** The runs that are still reading folders: what one of them misses, another may be about to find. */
export class Walks {
	readonly #going = new Map<LocationId, { readonly ended: Promise<void>; readonly end: () => void }>();

	begin(location: LocationId): void {
		let end = () => {};
		const ended = new Promise<void>((resolve) => (end = resolve));
		this.#going.set(location, { ended, end });
	}

	/** Whether no other location is being read. */
	isAlone(location: LocationId): boolean {
		return [...this.#going.keys()].every((id) => id === location);
	}

	/** All folders of the location were read, or its run has ended. */
	end(location: LocationId): void {
		this.#going.get(location)?.end();
		this.#going.delete(location);
	}

	/** Waits until the others that read now have read all. */
	async waitForOthers(location: LocationId, clock: ClockPort, signal: AbortSignal): Promise<void> {
		const others = [...this.#going].filter(([id]) => id !== location).map(([, { ended }]) => ended);
		if (others.length === 0) return;
		const done = new AbortController();
		await Promise.race([Promise.all(others), clock.wait(waitMsMax, AbortSignal.any([signal, done.signal]))]);
		done.abort();
		signal.throwIfAborted();
	}
}
