import { expect } from 'vitest';
import type { WireValue } from '#core/kernel';
import { findDevice } from '#core/devices';
import { unaskedOf, type MergeRefusal } from '#core/sync';
import type { SimRandom } from './host/random.ts';
import { carried, createDevice, pin, pull, valueOf, type Device } from './replica-world.ts';

const names = ['a', 'b', 'c', 'd', 'e', 'f'];
const one = <T>(random: SimRandom, list: readonly T[]): T | undefined => list[random.integer(list.length)];

function bytes(random: SimRandom): Uint8Array {
	// A few contents only, so that there are copies on other devices.
	return new Uint8Array(1 + random.integer(3)).fill(random.integer(4));
}

/** Whether it was refused as a device has said it whose key is not known here. */
function isOfStranger({ database }: Device, why: MergeRefusal): boolean {
	return why.type === 'BatchNotTheirs' && findDevice(database, why.owner)?.publicKey == null;
}

/** What a person does on a disk: makes, changes, moves, removes, and has two names change places. */
async function changeDisk(random: SimRandom, { host: { files, clock }, onDisk }: Device): Promise<void> {
	await clock.advance(1_000 + random.integer(60_000));
	const all = onDisk();
	const folders = [
		...['/disk/home', '/disk/more'].filter((path) => files.find(path) !== undefined),
		...all.filter(([path, { kind }]) => kind === 'directory' && path.split('/').length > 3).map(([path]) => path)
	];
	const below = all.filter(([path]) => path.split('/').length > 3 && !path.includes('.atoll-trash'));
	const into =
		one(
			random,
			folders.filter((path) => !path.includes('.atoll-trash'))
		) ?? '/disk/home';
	const name = one(random, names) ?? 'a';
	const target = `${into}/${name}`;
	const [from, node] = one(random, below) ?? [null, null];
	const what = random.integer(8);
	if (what <= 1 || from === null) files.put(into, { [name]: bytes(random) });
	else if (what === 2) files.put(into, { [name]: { a: bytes(random), b: { c: bytes(random) } } });
	else if (what === 3) files.remove(from);
	else if (what === 4 && node.kind === 'file') files.overwrite(from, bytes(random));
	else if (what === 5 && node.kind === 'file') {
		const folder = from.slice(0, from.lastIndexOf('/'));
		const isBeside = ([path, { kind }]: (typeof all)[number]) =>
			kind === 'file' && path.slice(0, path.lastIndexOf('/')) === folder;
		const other = one(random, below.filter(isBeside));
		if (other === undefined || other[0] === from) return;
		files.move(other[0], '/swap');
		files.move(from, other[0]);
		files.move('/swap', from);
	} else if (!`${target}/`.startsWith(`${from}/`) && files.find(target) === undefined) files.move(from, target);
}

/** Compares line by line, so that a failure says what differs. */
function isSameDump(replica: string, owners: string): void {
	const [have, want] = [new Set(replica.split('\n')), new Set(owners.split('\n'))];
	expect({
		more: [...have].filter((line) => !want.has(line)),
		less: [...want].filter((line) => !have.has(line))
	}).toEqual({ more: [], less: [] });
	expect(replica).toBe(owners);
}

type InFlight = { readonly to: number; readonly from: number; readonly batch: WireValue };

export type Counts = { held: number; refused: number; crashes: number; merged: number; lost: number };

/** Devices that change, tell each other and are cut off from each other by chance. */
export class ReplicaWalk {
	readonly devices: Device[] = [];
	readonly counts: Counts = { held: 0, refused: 0, crashes: 0, merged: 0, lost: 0 };
	readonly #random: SimRandom;
	#flying: InFlight[] = [];
	#cut = new Set<string>();

	constructor(random: SimRandom) {
		this.#random = random;
	}

	async begin(count: number): Promise<void> {
		for (let at = 0; at < count; at++) {
			const device = await createDevice(at + 1, this.#random.integer(1_000_000));
			this.devices.push(device);
			device.host.files.hasInodes = this.#random.chance(0.5);
			device.host.files.put('/disk/home', {
				a: bytes(this.#random),
				d: { e: bytes(this.#random), f: { a: bytes(this.#random) } }
			});
			// Some share before there is anything, some only later.
			if (this.#random.chance(0.5)) device.share();
			await device.add('/disk/home');
			device.share();
		}
	}

	async step(): Promise<void> {
		const random = this.#random;
		const at = random.integer(this.devices.length);
		const device = this.devices[at];
		if (device === undefined) return;
		const what = random.integer(20);
		if (what < 6) for (let changes = random.integer(3); changes >= 0; changes--) await changeDisk(random, device);
		else if (what < 10) await device.read(random.chance(0.6));
		else if (what === 10) await this.#trash(device);
		else if (what === 11) await device.undo();
		else if (what === 12) await this.#locations(device);
		else if (what < 16) this.#ask(at);
		else if (what < 19) await this.#deliver();
		else if (random.chance(0.5))
			this.#cut = new Set(this.devices.map((_, other) => `${at}/${other}`).filter(() => random.chance(0.5)));
		else this.#cut.clear();
	}

	async #trash(device: Device): Promise<void> {
		const rows = device.database
			.prepare(
				'SELECT entry.id FROM entry JOIN directory ON directory.entry = entry.parent WHERE entry.id < 1000000 ORDER BY entry.id'
			)
			.column();
		const id = one(this.#random, rows);
		if (id !== undefined) await device.act('files.trash', { entries: [id] });
		if (this.#random.chance(0.3)) await device.act('files.purge', { beforeMs: Number.MAX_SAFE_INTEGER });
	}

	async #locations(device: Device): Promise<void> {
		const more = valueOf(device.rooms.locations.list()).find(({ root }) => String(root) === '/disk/more');
		if (more !== undefined && this.#random.chance(0.4)) await device.act('locations.remove', { location: more.id });
		else if (more === undefined) {
			device.host.files.put('/disk/more', { b: bytes(this.#random) });
			await device.add('/disk/more');
		}
	}

	/** One device asks another, and has some batches sent one after the other. */
	#ask(to: number): void {
		const random = this.#random;
		const from = random.integer(this.devices.length);
		const [asking, giving] = [this.devices[to], this.devices[from]];
		if (asking === undefined || giving === undefined || from === to) return;
		pin(asking, giving.id);
		let have = asking.rooms.indexSync.domain.have();
		for (let batches = 1 + random.integer(4); batches > 0; batches--) {
			const next = giving.rooms.indexSync.domain.next(have, 50 + random.integer(600));
			if (next === null || !next.ok) return;
			have = next.value.have;
			const sent = { to, from, batch: carried(next.value.batch) };
			if (random.chance(0.2)) this.counts.lost++;
			else this.#flying.push(sent);
			if (random.chance(0.2)) this.#flying.push(sent);
		}
	}

	/** Mostly in order; some late. */
	async #deliver(): Promise<void> {
		const random = this.#random;
		for (let messages = 1 + random.integer(6); messages > 0 && this.#flying.length > 0; messages--) {
			const index = random.chance(0.7) ? 0 : random.integer(this.#flying.length);
			const [message] = this.#flying.splice(index, 1);
			if (message === undefined || this.#cut.has(`${message.to}/${message.from}`)) continue;
			const { to, from, batch } = message;
			const [device, sender] = [this.devices[to], this.devices[from]];
			if (device === undefined || sender === undefined) continue;
			if (random.chance(0.05)) await this.#crash(to, sender, batch);
			else this.#merge(device, sender, batch);
		}
	}

	#merge(device: Device, sender: Device, batch: WireValue): void {
		const merged = device.rooms.indexSync.domain.merge(sender.id, batch);
		if (merged.ok) this.counts.merged++;
		// The word for a device that was passed on was lost, or comes later.
		else if (isOfStranger(device, merged.failure)) this.counts.refused++;
		// Whatever else an honest device has said, nobody calls it wrong.
		else expect(merged.failure, 'an honest batch').toBeNull();
		expect(device.flaws()).toEqual([]);
	}

	/** The power goes at some write of a merge. */
	async #crash(at: number, sender: Device, batch: WireValue): Promise<void> {
		const device = this.devices[at];
		if (device === undefined) return;
		const { disk } = device.host;
		disk.powerLossAt = disk.operations + this.#random.integer(30);
		try {
			device.rooms.indexSync.domain.merge(sender.id, batch);
		} catch {
			// The disk is no more.
		}
		this.counts.crashes++;
		this.devices[at] = await device.restarted();
		expect(this.devices[at]?.flaws()).toEqual([]);
	}

	/** All meet again; a person lets pass what was held. */
	heal(): void {
		for (const to of this.devices)
			for (const from of this.devices) {
				if (to === from) continue;
				expect(pull(to, from, 400)).toBeNull();
				const held = valueOf(to.rooms.indexSync.held(from.id));
				if (held === null) continue;
				expect(held.deleted).toBeGreaterThan(Math.min(unaskedOf(0), unaskedOf(held.of)));
				this.counts.held++;
				valueOf(to.rooms.indexSync.answerDeletions(from.id, true));
				expect(valueOf(to.rooms.indexSync.held(from.id))).toBeNull();
			}
		for (const to of this.devices) {
			expect(to.flaws()).toEqual([]);
			for (const from of this.devices) isSameDump(to.dump(from.id), from.dump(from.id));
		}
	}

	async end(): Promise<void> {
		for (const device of this.devices) await device.close();
	}
}
