import { expect } from 'vitest';
import { createCore, type AnyPairing, type Core, type DeviceOptions } from '#core';
import { commandId, err, ok, tagId, type Failure, type Result } from '#core/kernel';
import type { DialPort } from '#core/devices';
import { readDeviceIdentity } from '#core/library';
import type { Link } from '#core/net';
import { Person } from './peer-person.ts';
import { createSimClock, type SimClock } from './host/clock.ts';
import { createSimLink, type SimLinkPair } from './host/network.ts';
import { createSimRandom } from './host/random.ts';
import { createSimHost, type SimHost } from './host/sim-host.ts';

export const signal = new AbortController().signal;

export function given<T, F extends Failure>(result: Result<T, F>): T {
	if (!result.ok) throw new Error(`expected a value: ${JSON.stringify(result.failure)}`);
	return result.value;
}

export type Machine = { readonly core: Core; readonly host: SimHost; readonly key: Uint8Array; readonly name: string };
/** Machines that reach each other by name, over links that can be cut; a message takes `delayMs`. */
export type World = {
	readonly clock: SimClock;
	readonly links: SimLinkPair[];
	readonly machines: Map<string, Machine>;
	/** What a message takes. */
	delayMs: number;
};

let commands = 0;
export const context = () => ({ signal, command: commandId((++commands).toString(16).padStart(32, '0')) });

function createWorld(): World {
	return { clock: createSimClock(), links: [], machines: new Map(), delayMs: 1 };
}

/** A link from the holder of `key` to a machine that lets it in; else null. */
export function reach({ clock, links, machines, delayMs }: World, to: string, key: Uint8Array): Link | null {
	const target = machines.get(to);
	if (target?.core.links.mayConnect(key) !== true) return null;
	const link = createSimLink(clock, createSimRandom(links.length), { delayMs: [delayMs, delayMs] });
	links.push(link);
	target.core.links.accept(link.ends[1], key);
	return link.ends[0];
}

export async function addMachine(
	world: World,
	name: string,
	keepsLinks = true,
	more: Partial<DeviceOptions> = {}
): Promise<Machine> {
	const host = createSimHost(world.machines.size + 1, undefined, world.clock);
	const { keys } = given(await readDeviceIdentity(host, signal));
	const key = keys.signing.public;
	const dials: DialPort = {
		dial: (address, wanted) => {
			const target = world.machines.get(address);
			const isOther = wanted !== null && target !== undefined && Buffer.compare(wanted, target.key) !== 0;
			if (isOther) return Promise.resolve(err({ type: 'DeviceOther' }));
			const link = reach(world, address, key);
			return Promise.resolve(link === null ? err({ type: 'DeviceUnreachable', what: 'nobody' }) : ok(link));
		}
	};
	const core = createCore(host, 'library', {
		rounds: 1_000,
		devices: { card: { name, kind: 'peer' }, dials, keepsLinks, ...more }
	});
	const machine = { core, host, key, name };
	world.machines.set(name, machine);
	return machine;
}

/** Lets time pass until `look` finds what it looks for. */
export async function until<T>({ clock }: World, look: () => Promise<T | null>): Promise<T> {
	for (let turn = 0; turn < 4_000; turn++) {
		const found = await look();
		if (found !== null) return found;
		await clock.advance(50);
	}
	throw new Error('it never came');
}

export function pairingIn(world: World, { core }: Machine, step: AnyPairing['step']): Promise<AnyPairing> {
	return until(world, async () => {
		const view = given(await core.commands['devices.pairing']({}, context()));
		return view.step === step ? view : null;
	});
}

export async function rowOf({ core }: Machine, name: string) {
	const rows = given(await core.commands['devices.list']({}, context()));
	return rows.find((row) => row.name === name);
}

/** Resolves when the two are linked, or are not. */
export function linked(world: World, machine: Machine, name: string, link: 'open' | 'none'): Promise<true> {
	return until(world, async () => ((await rowOf(machine, name))?.link === link ? true : null));
}

/** A folder with two files, under management. */
export async function fill(world: World, { core, host }: Machine): Promise<void> {
	const books = { created: new Set<string>(), deleted: new Set<string>() };
	await promised(new Person(core, null as never, host.files, books).settle(), world);
}

export async function createTag({ core }: Machine, digit: string, name: string): Promise<void> {
	const request = { action: 'metadata.create-tag', input: { id: tagId(digit.repeat(32)), name } } as const;
	const plan = await core.commands['actions.preview'](request, context());
	if (!plan.ok) throw new Error(plan.failure.type);
	const done = await core.commands['actions.commit']({ ...request, plan: plan.value.id }, context());
	if (!done.ok) throw new Error(done.failure.type);
}

export const invite = { kind: 'link', app: 'atoll://join', addresses: ['cellar'] } as const;

export async function pair(world: World, cellar: Machine, laptop: Machine, at = 'cellar'): Promise<void> {
	const { text } = given(await cellar.core.commands['devices.offer']({ ...invite, addresses: [at] }, context()));
	given(await laptop.core.commands['devices.join']({ text, addresses: [] }, context()));
	const [a, b] = [await pairingIn(world, cellar, 'checking'), await pairingIn(world, laptop, 'checking')];
	expect(a).toMatchObject({ peer: { name: laptop.name } });
	expect(b).toMatchObject({ words: a.step === 'checking' ? a.words : [] });
	for (const { core } of [laptop, cellar]) await core.commands['devices.confirm']({ yes: true }, context());
	for (const machine of [cellar, laptop]) await pairingIn(world, machine, 'paired');
}

export async function begin(keepsLinks = true): Promise<{ world: World; cellar: Machine }> {
	const world = createWorld();
	const cellar = await addMachine(world, 'cellar', keepsLinks);
	given(await cellar.core.commands['library.create']({ name: 'Home', password: null }, context()));
	return { world, cellar };
}

/** What a command answers while time passes. */
export async function promised<T>(answer: Promise<T>, world: World): Promise<T> {
	let value: { readonly answer: T } | null = null;
	void answer.then((told) => (value = { answer: told }));
	const told = await until<{ readonly answer: T }>(world, () => Promise.resolve(value));
	return told.answer;
}

/** Three of one library: the first and the last know each other through the one between them. */
export async function row(): Promise<{ world: World; cellar: Machine; laptop: Machine; phone: Machine }> {
	const { world, cellar } = await begin();
	const [laptop, phone] = [await addMachine(world, 'laptop'), await addMachine(world, 'phone')];
	await pair(world, cellar, laptop);
	await pair(world, laptop, phone, 'laptop');
	await linked(world, cellar, 'laptop', 'open');
	await linked(world, laptop, 'phone', 'open');
	return { world, cellar, laptop, phone };
}
