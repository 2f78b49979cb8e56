import { createCore, type AnyPairing, type Core } from '#core';
import { commandId, err, ok, type DeviceId, type Failure, type Result } from '#core/kernel';
import type { DialPort, Links } from '#core/devices';
import { readDeviceIdentity } from '#core/library';
import type { Link, LinkReceiver } from '#core/net';
import { printPlaceAddress } from '#core/relay';
import { createSimClock, type SimClock } from './host/clock.ts';
import { SimEther } from './host/direct.ts';
import { createSimLink, type SimLinkPair } from './host/network.ts';
import { createSimRandom, type SimRandom } from './host/random.ts';
import { createSimHost } from './host/sim-host.ts';
import { createRegisters, type RegisterDomain } from './register-domain.ts';

const signal = new AbortController().signal;
const relay = 'wss://nas.example/relay';
const relayedWay = { type: 'relayed', relay } as const;

export function given<T, F extends Failure>(result: Result<T, F>): T {
	if (!result.ok) throw new Error(`expected a value: ${JSON.stringify(result.failure)}`);
	return result.value;
}

let commands = 0;
const context = () => ({ signal, command: commandId((++commands).toString(16).padStart(32, '0')) });

/** A link whose end is seen. */
class Seen implements Link {
	isOver = false;
	readonly #link: Link;

	constructor(link: Link) {
		this.#link = link;
	}
	get messageBytesMax(): number {
		return this.#link.messageBytesMax;
	}
	start({ onMessage, onReady, onEnd }: LinkReceiver): void {
		this.#link.start({
			onMessage,
			onReady,
			onEnd: (end) => {
				this.isOver = true;
				onEnd(end);
			}
		});
	}
	send(message: Uint8Array): boolean {
		return this.#link.send(message);
	}
	close(code: number): void {
		this.#link.close(code);
	}
}

export type Machine = {
	readonly name: string;
	readonly core: Core;
	readonly id: DeviceId;
	readonly key: Uint8Array;
	readonly address: string;
	registers(): RegisterDomain;
	write(key: string, value: string): void;
};

/** Two devices that reach each other through a relay, and directly where the ether between them lets them. */
export class DirectWorld {
	readonly clock: SimClock = createSimClock();
	readonly random: SimRandom;
	readonly ether: SimEther;
	readonly machines: Machine[] = [];
	/** Links through the relay. */
	readonly relayed: { readonly pair: SimLinkPair; readonly end: Seen }[] = [];
	hasRelay = true;

	constructor(seed: number) {
		this.random = createSimRandom(seed);
		this.ether = new SimEther({ clock: this.clock, random: this.random });
	}

	/** Two devices of one library. */
	async begin(canBoth = true): Promise<readonly [Machine, Machine]> {
		const [cellar, laptop] = [await this.#add('cellar', true), await this.#add('laptop', canBoth)];
		given(await cellar.core.commands['library.create']({ name: 'Home', password: null }, context()));
		const offered = { kind: 'link', app: 'atoll://join', addresses: [cellar.address] } as const;
		const { text } = given(await cellar.core.commands['devices.offer'](offered, context()));
		given(await laptop.core.commands['devices.join']({ text, addresses: [] }, context()));
		for (const machine of [cellar, laptop]) await this.#pairing(machine, 'checking');
		for (const { core } of [laptop, cellar]) await core.commands['devices.confirm']({ yes: true }, context());
		for (const machine of [cellar, laptop]) await this.#pairing(machine, 'paired');
		return [cellar, laptop];
	}

	/** Lets time pass until `look` finds what it looks for. */
	async until<T>(look: () => Promise<T | null>, withinMs = 120_000): Promise<T> {
		for (const fromMs = this.clock.elapsedMs(); this.clock.elapsedMs() - fromMs < withinMs;) {
			const found = await look();
			if (found !== null) return found;
			await this.clock.advance(50);
		}
		throw new Error('it never came');
	}

	/** By what way a device is linked with the other one. */
	async wayOf({ core }: Machine): Promise<'direct' | 'relayed' | 'none'> {
		const [peer] = given(await core.commands['sync.status']({}, context()));
		return peer?.link === 'open' ? (peer.way?.type ?? 'none') : 'none';
	}

	/** Resolves when both say that they are linked by that way. */
	linked(way: 'direct' | 'relayed' | 'none', withinMs?: number): Promise<true> {
		return this.until(async () => {
			const ways = await Promise.all(this.machines.map((machine) => this.wayOf(machine)));
			return ways.every((one) => one === way) ? true : null;
		}, withinMs);
	}

	/** Resolves when both have the same. */
	level(withinMs?: number): Promise<true> {
		return this.until(async () => {
			const [one, other] = this.machines.map((machine) => machine.registers().dump());
			return one === other ? true : null;
		}, withinMs);
	}

	/** Links through the relay that are not over. */
	get relayedNow(): number {
		return this.relayed.filter(({ end }) => !end.isOver).length;
	}

	cutRelay(): void {
		for (const { pair } of this.relayed) pair.cut();
	}

	async close(): Promise<void> {
		let isClosed = false;
		void Promise.all(this.machines.map(({ core }) => core.close())).then(() => (isClosed = true));
		await this.until(() => Promise.resolve(isClosed || null));
	}

	#pairing({ core }: Machine, step: AnyPairing['step']): Promise<AnyPairing> {
		return this.until(async () => {
			const view = given(await core.commands['devices.pairing']({}, context()));
			return view.step === step ? view : null;
		});
	}

	/** A link through the relay, to `target` from whoever has that key. */
	#relay(target: Machine, key: Uint8Array): Link {
		const pair = createSimLink(this.clock, this.random, { delayMs: [5, 20] });
		const end = new Seen(pair.ends[0]);
		this.relayed.push({ pair, end });
		target.core.links.accept(pair.ends[1], key, { way: relayedWay });
		return end;
	}

	/** One of them dials the other through the relay, linked or not. */
	dialAnew(from: Machine): void {
		const target = this.machines.find((machine) => machine !== from);
		const links = from.core.links as Links; // what it has besides, hosts are not lent
		if (target !== undefined) void links.follow(target.id, this.#relay(target, from.key), relayedWay);
	}

	#dials(key: Uint8Array): DialPort {
		return {
			dial: async (address, wanted) => {
				const target = this.machines.find((machine) => machine.address === address);
				if (!this.hasRelay || target?.core.links.mayConnect(key) !== true)
					return err({ type: 'DeviceUnreachable', what: 'nobody' });
				if (wanted !== null && Buffer.compare(wanted, target.key) !== 0) return err({ type: 'DeviceOther' });
				return ok(this.#relay(target, key));
			}
		};
	}

	async #add(name: string, canGoDirect: boolean): Promise<Machine> {
		const n = this.machines.length + 1;
		const host = createSimHost(n, undefined, this.clock);
		const { id, keys } = given(await readDeviceIdentity(host, signal));
		const key = keys.signing.public;
		let registers: RegisterDomain | null = null;
		let changed: () => void = () => undefined;
		const core = createCore(host, 'library', {
			rounds: 1_000,
			devices: {
				card: { name, kind: 'browser' },
				dials: this.#dials(key),
				keepsLinks: true,
				...(canGoDirect && { direct: this.ether.port() })
			},
			domains: (own, open) => {
				const made = createRegisters('registers', open.database, this.clock, id);
				registers = made;
				changed = () => open.changed('registers');
				return [...own, made];
			}
		});
		const held = () => {
			if (registers === null) throw new Error('the library is not open');
			return registers;
		};
		const place = { url: relay, place: new Uint8Array(16).fill(n), secret: new Uint8Array(16).fill(n) };
		const machine: Machine = {
			name,
			core,
			id,
			key,
			address: printPlaceAddress(place),
			registers: held,
			write: (...row) => {
				held().write(held().plan(...row));
				changed();
			}
		};
		this.machines.push(machine);
		return machine;
	}
}
