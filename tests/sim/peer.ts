import { createCore, type Core } from '#core';
import { sha256 } from '@noble/hashes/sha2.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { deviceKeys, keyPair } from '#core/crypto';
import { findDevice, noteSeen, pinDevice } from '#core/devices';
import { deviceId, type DeviceId } from '#core/kernel';
import type { Database } from '#core/schema';
import { nameThisDevice, type SyncChannel, type SyncDomain } from '#core/sync';
import { createOwnClock, type SimClock } from './host/clock.ts';
import { SimDisk } from './host/disk.ts';
import { createSimRandom } from './host/random.ts';
import { createSimHost, type SimHost } from './host/sim-host.ts';
import { speakLater, writeLaterFact } from './later-version.ts';
import { Person, type Books, type Deed } from './peer-person.ts';
import { createRegisters, type RegisterDomain, type RegisterManner, type Written } from './register-domain.ts';

const never = new AbortController().signal;
const folder = 'world.sdlibrary';
const domainName = 'registers';

/** A library that was made once, which every device of a world begins with. */
type Origin = { readonly files: ReadonlyMap<string, Uint8Array>; readonly key: Uint8Array };
let origin: Promise<Origin> | null = null;

async function makeOrigin(): Promise<Origin> {
	const host = createSimHost(1);
	const core = createCore(host, folder);
	const signal = never;
	const made = await core.commands['library.create'](
		{ name: 'World', password: null },
		{ signal, command: '' as never }
	);
	const key = core.sessionKey();
	if (!made.ok || key === null) throw new Error('no library');
	await core.close();
	return { files: host.disk.contents(), key };
}

/** Has the library be made that every device of every world begins with. */
export function readyOrigin(): Promise<Origin> {
	origin ??= makeOrigin();
	return origin;
}

async function fillDisk(disk: SimDisk, files: ReadonlyMap<string, Uint8Array>): Promise<void> {
	for (const [path, bytes] of files) {
		const names = path.split('/');
		let at = disk.root;
		for (const name of names.slice(0, -1)) at = await at.getDirectoryHandle(name, { create: true });
		const handle = await (await at.getFileHandle(names.at(-1) ?? '', { create: true })).createSyncAccessHandle();
		handle.write(bytes.slice(), { at: 0 });
		handle.flush();
		handle.close();
	}
}

/** What a device was told of a domain, to be told again. */
export type HeardBatch = { readonly from: DeviceId; readonly batch: Parameters<SyncDomain['merge']>[1] };

export type PeerOptions = {
	readonly seed: number;
	readonly manner: RegisterManner;
	/** Whether somebody is there, with files of their own and things to say of all. */
	readonly hasPeople: boolean;
	/** Whether it is of a version to come. */
	readonly isLater: boolean;
	/** Sees every batch that is merged. */
	readonly onBatch: (heard: HeardBatch) => void;
};

/** A device of a world: the real core over a disk that may lose power at any time, and what a person did there. */
export class SimPeer {
	readonly device: DeviceId;
	/** What others know it by. */
	readonly card: Parameters<typeof pinDevice>[1];
	/** Devices that it was paired with before the world begins. */
	readonly paired: SimPeer[] = [];
	/** What its lines are secured by. */
	readonly channelKeys: ReturnType<typeof keyPair>;
	readonly clock: SimClock;
	readonly disk: SimDisk;
	/** Writes that were said to be done. */
	readonly acknowledged: Written[] = [];
	/** Writes that the power went in: they may be there. */
	readonly unsure: Written[] = [];
	/** What it has said and was told to be kept, of which only a version to come knows what it means. */
	readonly laterFacts: string[] = [];
	core: Core | null = null;
	registers: RegisterDomain | null = null;
	database: Database | null = null;
	person: Person | null = null;
	readonly books: Books = { created: new Set(), deleted: new Set() };
	readonly #host: SimHost;
	readonly #options: PeerOptions;
	readonly #seed: Uint8Array;
	#starts = 0;

	constructor(n: number, worldClock: SimClock, options: PeerOptions) {
		this.device = deviceId((n + 1).toString(16).padStart(32, '0'));
		this.channelKeys = keyPair(new Uint8Array(32).fill(n + 1));
		this.clock = createOwnClock(worldClock);
		this.#options = options;
		this.#seed = sha256(utf8ToBytes(`seed of ${this.device}`));
		const signingKey = deviceKeys(this.#seed).signing.public;
		this.card = { id: this.device, kind: 'peer', name: `device ${n}`, signingKey };
		this.disk = new SimDisk(createSimRandom(options.seed + n));
		this.#host = createSimHost(options.seed + n, this.disk, this.clock);
	}

	async start(): Promise<void> {
		if (this.core !== null) return;
		if (this.#starts === 0) {
			await fillDisk(this.disk, (await readyOrigin()).files);
			await this.#host.secrets.keep('device-id', Buffer.from(this.device, 'hex'), never);
			await this.#host.secrets.keep('device-seed', this.#seed, never);
		}
		const { manner, seed, onBatch, hasPeople } = this.#options;
		const again = createSimHost(seed + ++this.#starts * 1_000, this.disk, this.clock);
		const host = { ...this.#host, database: again.database };
		const core = createCore(host, folder, {
			runsJobs: 'asked',
			domains: (own, { database, changed }) => {
				const registers = createRegisters(domainName, database, this.clock, this.device, manner);
				this.registers = registers;
				this.database = database;
				this.#changed = changed;
				const heard: SyncDomain = {
					name: registers.name,
					have: () => registers.have(),
					next: (have, bytesMax) => registers.next(have, bytesMax),
					merge: (from, batch) => {
						onBatch({ from, batch });
						return registers.merge(from, batch);
					}
				};
				return [...own, heard];
			}
		});
		const opened = await core.openWithSessionKey((await readyOrigin()).key, never);
		if (!opened.ok) throw new Error(`a device does not open: ${JSON.stringify(opened.failure)}`);
		this.core = core;
		this.#pin();
		if (!hasPeople || this.database === null) return;
		const person = new Person(core, this.database, this.#host.files, this.books);
		await person.settle();
		this.person = person;
	}

	/** Lets the person do something; where the power goes meanwhile, that is how it ends. */
	async act(deed: Deed, which: number): Promise<void> {
		try {
			await this.person?.do(deed, which);
		} catch (thrown) {
			if (!this.isDead) throw thrown;
		}
	}

	/** Writes as a person does; tells nobody whether it came to be but the books of this device. */
	write(key: string, value: string | null): void {
		const { registers } = this;
		if (this.core === null || registers === null) return;
		const row = attempt(() => registers.plan(key, value));
		if (row === undefined) return;
		const isDone = attempt(() => registers.write(row)) ?? false;
		(isDone ? this.acknowledged : this.unsure).push(row);
		this.#changed(domainName);
	}

	/** Says, where it is of a version to come, something that only such a version knows of. */
	sayLater(which: number): void {
		const { database, clock } = this;
		if (!this.#options.isLater || database === null) return;
		const fact = attempt(() => writeLaterFact(database, clock.nowMs(), which));
		if (fact == null) return;
		this.laterFacts.push(fact);
		this.#changed('metadata');
	}

	/** Hears what was said to somebody once more. */
	hear({ from, batch }: HeardBatch): void {
		const { registers } = this;
		if (this.core === null || registers === null) return;
		const merged = attempt(() => registers.merge(from, batch));
		if (merged?.ok) this.#changed(domainName);
	}

	/** Whether the power went without a step of the schedule. */
	get isDead(): boolean {
		return this.core !== null && this.#losses !== this.disk.losses;
	}

	/** The program is gone; `power` has the disk lose what was not flushed. */
	stop(how: 'power' | 'kill'): void {
		if (this.core === null) return;
		const isDead = this.isDead;
		if (!isDead && how === 'power') this.disk.crash();
		if (!isDead && how === 'kill') this.disk.kill();
		this.#losses = this.disk.losses;
		// What is left of the program has nothing to write to; how it ends is nobody's concern.
		this.core.close().catch(() => undefined);
		this.core = null;
		this.registers = null;
		this.database = null;
		this.person = null;
	}

	async talk(to: DeviceId, channel: SyncChannel): Promise<void> {
		const { core } = this;
		if (core === null) return channel.close();
		await core.connect(to, this.#options.isLater ? speakLater(channel) : channel, 0, never);
	}

	#pin(): void {
		const { database, clock } = this;
		const nowMs = clock.nowMs();
		attempt(() =>
			database?.write(() => {
				nameThisDevice(database, this.device, nowMs);
				for (const { card } of this.paired) {
					// What a person has done since stays.
					if (findDevice(database, card.id)?.publicKey != null) continue;
					pinDevice(database, card, [], nowMs);
					noteSeen(database, card.id, nowMs);
				}
			})
		);
	}

	#losses = 0;
	#changed: (domain: string) => void = () => undefined;
}

/** What `work` answers, or nothing where the disk is gone. */
function attempt<T>(work: () => T): T | undefined {
	try {
		return work();
	} catch {
		return undefined;
	}
}
