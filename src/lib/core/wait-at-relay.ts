import type { Links } from '#core/devices';
import { readDeviceIdentity } from '#core/library';
import { takePlace, type DialUrl } from '#core/relay';
import type { Joined } from './joined.ts';

/** A relay of the library, at which a host waits to be called where nothing else leads to it. */
export type RelayOptions = { readonly url: string; readonly dial: DialUrl };

type Deps = Pick<Joined, 'host' | 'library'> & { readonly relay: RelayOptions | null; readonly links: Links };

/** This device at its relay, where others of the library call it, and whoever comes for what is offered. */
export type Waiting = {
	/** Keeps the place from now on, as long as the rooms are open that `rooms` ends with. */
	begin(rooms: AbortSignal): void;
	/** Where it can be called just now; null where it cannot. A place that was lost is asked for once more before. */
	address(signal: AbortSignal): Promise<string | null>;
	end(): void;
	/** Resolves when nothing of it goes on. */
	close(): Promise<void>;
};

/** One keeping of the place; `first` resolves when it is known whether there is one. */
class Stay {
	readonly life = new AbortController();
	readonly rooms: AbortSignal;
	readonly first: Promise<void>;
	address: string | null = null;
	isKnown = false;
	isThere = false;
	#tell: () => void = () => undefined;

	constructor(rooms: AbortSignal) {
		this.rooms = rooms;
		this.first = new Promise((resolve) => (this.#tell = resolve));
	}

	is(there: boolean): void {
		this.isKnown = true;
		this.isThere = there;
		this.#tell();
	}
}

class RelayWaiting implements Waiting {
	readonly #deps: Deps;
	#stay: Stay | null = null;
	#over = Promise.resolve();

	constructor(deps: Deps) {
		this.#deps = deps;
	}

	begin(rooms: AbortSignal): void {
		const { relay } = this.#deps;
		if (relay !== null && !rooms.aborted && this.#stay?.rooms !== rooms) this.#start(relay, rooms);
	}

	async address(signal: AbortSignal): Promise<string | null> {
		signal.throwIfAborted();
		const { relay } = this.#deps;
		const before = this.#stay;
		if (relay === null || before === null) return null;
		const stay = before.isKnown && !before.isThere ? this.#start(relay, before.rooms) : before;
		const aborted = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
		await Promise.race([stay.first, aborted]);
		signal.throwIfAborted();
		return stay.isThere ? stay.address : null;
	}

	end(): void {
		this.#stay?.life.abort();
		this.#stay = null;
	}

	async close(): Promise<void> {
		this.end();
		await this.#over;
	}

	#start(relay: RelayOptions, rooms: AbortSignal): Stay {
		this.end();
		const stay = new Stay(rooms);
		this.#stay = stay;
		this.#over = this.#keep(relay, stay, this.#over);
		return stay;
	}

	async #keep(relay: RelayOptions, stay: Stay, before: Promise<void>): Promise<void> {
		const signal = AbortSignal.any([stay.rooms, stay.life.signal]);
		await before;
		try {
			await this.#take(relay, stay, signal);
		} catch (thrown) {
			if (!signal.aborted) throw thrown;
		} finally {
			stay.is(false);
		}
	}

	async #take({ url, dial }: RelayOptions, stay: Stay, signal: AbortSignal): Promise<void> {
		const { host, library, links } = this.#deps;
		const own = await readDeviceIdentity(host, signal);
		const id = library.id();
		if (!own.ok || id === null || signal.aborted) return;
		const { clock, random, compute } = host;
		const means = { dial, clock, random, aead: compute.aead, own: own.value.keys };
		const at = { url, token: null, library: id };
		const { address, kept } = takePlace(means, at, links, ({ ok }) => stay.is(ok), signal);
		stay.address = address;
		await kept;
	}
}

/** Keeps no place before `begin`. */
export function waitAtRelay(deps: Deps): Waiting {
	return new RelayWaiting(deps);
}
