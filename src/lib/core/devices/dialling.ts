import { err, type DeviceId, type Result } from '#core/kernel';
import type { Link, LinkWay } from '#core/net';
import type { ClockPort, RandomPort } from '#core/ports';
import { dialFirst } from './dial-first.ts';
import type { DialFailure, DialPort } from './dial-port.ts';
import { linkCodes, type Links } from './links.ts';
import type { KnownDevice } from './schema.ts';

/** After a link has ended, or could not be made, it waits so long, and each time twice as long. */
const waitLeastMs = 1_000;
const waitMaxMs = 5 * 60_000;
/** A link that ends sooner counts as one that could not be made. */
const steadyMs = 30_000;
/** The device with the lower id dials; the other one only where nothing has come by then. */
const headStartMs = 5_000;
/** Whom nobody else dials has nothing to wait for, and is one click from a person: it tries again at least this often. */
const aloneMaxMs = 20_000;

export type DiallingDeps = {
	readonly clock: ClockPort;
	readonly random: RandomPort;
	readonly port: DialPort;
	readonly links: Pick<Links, 'isLinked' | 'follow' | 'untilUnlinked'>;
	readonly ownId: () => DeviceId | null;
	readonly find: (device: DeviceId) => KnownDevice | null;
	/** Whether others can dial this device. */
	readonly isDialled: boolean;
};

/** A link that was dialled, and by what way it goes. */
export type DialledLink = { readonly link: Link; readonly way: LinkWay };

export type Dialled = Result<DialledLink, DialFailure | { readonly type: 'DeviceNoAddress' }>;

export type Dialling = {
	/** Tries each address of a device once, and takes the first that answers. */
	reach(device: KnownDevice, signal: AbortSignal): Promise<Dialled>;
	/**
	 * Keeps a link with each of them from now on, as far as they can be reached, and with no other. One that is somewhere else
	 * than before is dialled there at once.
	 */
	keep(devices: readonly KnownDevice[]): void;
	close(): Promise<void>;
};

type Kept = {
	readonly life: AbortController;
	readonly going: Promise<void>;
	readonly addresses: string;
	/** Ends what it waits for before it dials again: because it is to stop, or to dial at once. */
	readonly wait: { over: AbortController };
};

function stop({ life, wait }: Kept): void {
	life.abort();
	wait.over.abort();
}

class DeviceDialling implements Dialling {
	readonly #deps: DiallingDeps;
	readonly #kept = new Map<DeviceId, Kept>();

	constructor(deps: DiallingDeps) {
		this.#deps = deps;
	}

	async reach({ addresses, publicKey }: KnownDevice, signal: AbortSignal): Promise<Dialled> {
		return publicKey === null ? err({ type: 'DeviceNoAddress' }) : dialFirst(this.#deps, addresses, publicKey, signal);
	}

	keep(devices: readonly KnownDevice[]): void {
		const wanted = devices.filter(({ addresses, publicKey }) => publicKey !== null && addresses.length > 0);
		const reachable = new Map(
			wanted
				.filter(({ isThis, revokedMs, hasLostVoucher }) => !isThis && revokedMs === null && !hasLostVoucher)
				.map(({ id, addresses }) => [id, addresses.join(' ')])
		);
		for (const [id, kept] of this.#kept) if (!reachable.has(id)) stop(kept);
		for (const [id, addresses] of reachable) {
			const kept = this.#kept.get(id);
			if (kept !== undefined) {
				if (kept.addresses !== addresses) kept.wait.over.abort();
				this.#kept.set(id, { ...kept, addresses });
				continue;
			}
			const life = new AbortController();
			const wait = { over: new AbortController() };
			const going = this.#follow(id, wait, life.signal).finally(() => this.#kept.delete(id));
			this.#kept.set(id, { life, going, addresses, wait });
		}
	}

	async close(): Promise<void> {
		const kept = [...this.#kept.values()];
		for (const one of kept) stop(one);
		await Promise.all(kept.map(({ going }) => going));
	}

	async #follow(id: DeviceId, wait: Kept['wait'], signal: AbortSignal): Promise<void> {
		const { clock, ownId, links, isDialled } = this.#deps;
		const longestMs = isDialled ? waitMaxMs : aloneMaxMs;
		const firstMs = () => (!isDialled || (ownId() ?? id) < id ? 0 : headStartMs);
		let waitMs = firstMs();
		for (;;) {
			await clock.wait(this.#spread(waitMs), wait.over.signal);
			if (signal.aborted) return;
			if (wait.over.signal.aborted) [waitMs, wait.over] = [0, new AbortController()];
			if (links.isLinked(id)) {
				await links.untilUnlinked(id, signal);
				waitMs = firstMs();
				continue;
			}
			const end = await this.#dial(id, signal);
			if (end === 'removed') return;
			waitMs = end === 'linked' ? waitLeastMs : Math.min(longestMs, waitMs * 2 || waitLeastMs);
		}
	}

	async #dial(id: DeviceId, signal: AbortSignal): Promise<'linked' | 'failed' | 'removed'> {
		const { find, links } = this.#deps;
		const device = find(id);
		if (device === null) return 'failed';
		try {
			const dialled = await this.reach(device, signal);
			if (!dialled.ok) return 'failed';
			const fromMs = this.#deps.clock.elapsedMs();
			const end = await links.follow(id, dialled.value.link, dialled.value.way);
			if (end.type === 'LinkClosed' && end.code === linkCodes.removed) return 'removed';
			return this.#deps.clock.elapsedMs() - fromMs < steadyMs ? 'failed' : 'linked';
		} catch (thrown) {
			if (!signal.aborted) throw thrown;
			return 'failed';
		}
	}

	/** Devices that lost each other at one time do not come back at one time. */
	#spread(waitMs: number): number {
		const [byte = 0] = this.#deps.random.bytes(1);
		return Math.round(waitMs * (0.75 + byte / 1_024));
	}
}

export function createDialling(deps: DiallingDeps): Dialling {
	return new DeviceDialling(deps);
}
