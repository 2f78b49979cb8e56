import { expect } from 'vitest';
import type { SimRandom } from './host/random.ts';
import {
	carryStick,
	createStickDevice,
	entryAt,
	folderPath,
	look,
	meet,
	namesOnStick,
	pullSaid,
	shown,
	stick,
	tag,
	unplugStick
} from './disk-world.ts';
import { pull, valueOf, type Device } from './replica-world.ts';

const one = <T>(random: SimRandom, list: readonly T[]): T | undefined => list[random.integer(list.length)];
const names = ['a', 'b', 'c', 'd'];
const digits = ['1', '2', '3'];

const dayMs = 24 * 60 * 60_000;

/** `removes`: folders are taken out of the library as well, with which what only that device knew is forgotten. */
export type DiskWalkOptions = { readonly devices: number; readonly removes: boolean };

export type DiskCounts = {
	carried: number;
	taken: number;
	tagged: number;
	met: number;
	changed: number;
	removed: number;
	rested: number;
};

/** A stick that is carried between devices by chance, which meet each other or are apart. */
export class DiskWalk {
	readonly devices: Device[] = [];
	readonly counts: DiskCounts = { carried: 0, taken: 0, tagged: 0, met: 0, changed: 0, removed: 0, rested: 0 };
	readonly #random: SimRandom;
	/** Where it is plugged in; null while it is in a pocket, or before anybody had it. */
	#at: Device | null = null;
	/** Where it was last. */
	#last: Device | null = null;
	#cut = new Set<Device>();
	/** What was put on a folder, and never taken off, by the name of the folder, as long as that is on the stick. */
	readonly #tags = new Map<string, Set<string>>();

	readonly #options: DiskWalkOptions;

	constructor(random: SimRandom, options: DiskWalkOptions) {
		this.#random = random;
		this.#options = options;
	}

	async begin(): Promise<void> {
		for (let at = 1; at <= this.#options.devices; at++)
			this.devices.push(await createStickDevice(at, this.#random.integer(1_000_000)));
		const [first] = this.devices;
		if (first === undefined) return;
		carryStick(null, first);
		this.#at = first;
		this.#last = first;
		first.host.files.put(folderPath, { a: this.#bytes(), keep: { b: this.#bytes(), deep: { c: this.#bytes() } } });
		await first.add(folderPath);
		await first.read(true);
	}

	#bytes(): Uint8Array {
		return new Uint8Array(1 + this.#random.integer(40)).fill(this.#random.integer(200));
	}

	async step(): Promise<void> {
		const random = this.#random;
		const device = one(random, this.devices);
		if (device === undefined) return;
		const passedMs = 1_000 + random.integer(60_000);
		for (const { host } of this.devices) await host.clock.advance(passedMs);
		const what = random.integer(14);
		if (random.chance(0.03)) this.#rest();
		if (this.#options.removes && random.chance(0.04)) await this.#remove(device);
		else if (what < 2) await this.#carry(device);
		else if (what < 4) this.#change();
		else if (what < 6 && this.#at !== null) await this.#at.read(random.chance(0.7));
		else if (what < 8) await this.#tag(device);
		else if (what === 8) await look(device);
		else if (what === 9) this.#cut = new Set(this.devices.filter(() => random.chance(0.3)));
		else await this.#meet(device);
	}

	/** Plugs it in at `device`, where a person adds the folder unless it comes back by itself. */
	async #carry(device: Device): Promise<void> {
		if (this.#at !== null) unplugStick(this.#at);
		// Not everybody has looked by the time that it is somewhere else.
		if (this.#at !== null && this.#random.chance(0.5)) await look(this.#at);
		this.#at = null;
		if (this.#random.chance(0.2)) return;
		if (this.#last !== null && this.#last !== device) device.host.volumes.carryFrom(this.#last.host.volumes, stick);
		carryStick(null, device);
		[this.#at, this.#last] = [device, device];
		this.counts.carried++;
		await look(device);
		const isHere = () => shown(device).some((line) => line.startsWith(`${this.devices.indexOf(device) + 1} `));
		if (!isHere() && device.host.files.find(folderPath) !== undefined) {
			await device.add(folderPath);
			this.counts.taken++;
		}
		await device.read(this.#random.chance(0.7));
	}

	/** So long nobody does anything; then each keeps its logs short. */
	#rest(): void {
		const days = 1 + this.#random.integer(45);
		for (const { host, rooms } of this.devices) {
			host.clock.setNow(host.clock.nowMs() + days * dayMs);
			valueOf(rooms.sync.tend());
		}
		this.counts.rested++;
	}

	async #remove(device: Device): Promise<void> {
		const [location] = valueOf(device.rooms.locations.list());
		if (location === undefined) return;
		await device.act('locations.remove', { location: location.id });
		this.counts.removed++;
	}

	#change(): void {
		const device = this.#at;
		if (device === null) return;
		const { files } = device.host;
		const random = this.#random;
		this.counts.changed++;
		const into = one(random, [folderPath, `${folderPath}/keep`]) ?? folderPath;
		const name = one(random, names) ?? 'a';
		if (random.chance(0.6)) files.put(into, { [name]: this.#bytes() });
		else if (files.find(`${into}/${name}`) !== undefined) files.remove(`${into}/${name}`);
	}

	async #tag(device: Device): Promise<void> {
		const path = one(this.#random, ['/keep', '/keep/deep']) ?? '/keep';
		const digit = one(this.#random, digits) ?? '1';
		if (entryAt(device, path) === null) return;
		await tag(device, path, digit);
		this.counts.tagged++;
		this.#tags.set(path, (this.#tags.get(path) ?? new Set()).add(digit));
	}

	async #meet(device: Device): Promise<void> {
		const other = one(this.#random, this.devices);
		if (other === undefined || other === device || this.#cut.has(device) || this.#cut.has(other)) return;
		this.counts.met++;
		if (this.#random.chance(0.6)) return meet(device, other);
		// Cut off in the midst of it.
		if (this.#random.chance(0.5)) pullSaid(device, other);
		else expect(pull(device, other, 200)).toBeNull();
		await device.rooms.settled();
		expect(device.flaws()).toEqual([]);
	}

	/** All meet until nothing changes; then all show the stick as it is, once, at one device, and every tag that was put on it. */
	async heal(): Promise<void> {
		const before = () => JSON.stringify(this.devices.map(shown));
		let last = '';
		for (let rounds = 0; rounds < 20 && last !== before(); rounds++) {
			last = before();
			for (const { host } of this.devices) await host.clock.advance(3_700_000);
			for (const device of this.devices) await look(device);
			if (this.#at !== null) await this.#at.read(true);
			for (const to of this.devices) for (const from of this.devices) if (to !== from) await meet(to, from);
		}
		const [first] = this.devices;
		if (first === undefined) return;
		const want = shown(first);
		for (const device of this.devices) {
			expect(device.flaws()).toEqual([]);
			expect(shown(device)).toEqual(want);
			for (const owner of this.devices) expect(device.dump(owner.id)).toBe(owner.dump(owner.id));
		}
		const owners = [...new Set(want.map((line) => line.split(' ', 1)[0]))];
		if (owners.length > 0 || !this.#options.removes) expect(owners).toHaveLength(1);
		if (this.#at === null || owners.length === 0) return;
		const isIts = valueOf(this.#at.rooms.locations.list()).length > 0;
		if (isIts || !this.#options.removes) expect(owners).toEqual([String(this.devices.indexOf(this.#at) + 1)]);
		if (this.#options.removes) return;
		expect(want.map((line) => line.split(' ')[1])).toEqual(['', ...namesOnStick(this.#at)].sort());
		for (const [path, tags] of this.#tags) {
			const line = want.find((shownOf) => shownOf.split(' ')[1] === path) ?? '';
			expect(line).toContain(`[${[...tags].sort().join(',')}]`);
		}
	}

	async end(): Promise<void> {
		for (const device of this.devices) await device.close();
	}
}
