import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCore, type AnyPairing, type Core } from '#core';
import type { DialPort } from '#core/devices';
import { commandId, err, ok } from '#core/kernel';
import { readDeviceIdentity } from '#core/library';
import type { Host, RootRef, VolumesPort } from '#core/ports';
import type { Database } from '#core/schema';
import { createNodeHost } from '../../../peer/host/node-host.ts';
import { createSimLink } from '../../sim/host/network.ts';
import { createSimRandom } from '../../sim/host/random.ts';
import { filesOf, type Tree } from './library-backup.ts';

const signal = new AbortController().signal;
/** The cheapest key derivation that a header may ask for: these libraries guard nothing. */
const rounds = 256_000;
let commands = 0;
const context = () => ({ signal, command: commandId((++commands).toString(16).padStart(32, '0')) });

function unwrap<T>(result: { ok: true; value: T } | { ok: false; failure: unknown }): T {
	if (!result.ok) throw new Error(JSON.stringify(result.failure));
	return result.value;
}

/** Everything lies on one disk. */
function onDisk(name: string): VolumesPort {
	const volume = {
		identity: `${name}'s disk`,
		isOwnIdentity: true,
		kind: 'internal',
		fileSystem: 'ext4',
		label: null,
		medium: 'spinning',
		capacityBytes: 4e12,
		freeBytes: 1.2e12
	} as const;
	return {
		placeOf: async (root) => ok({ volume, path: [root.slice(1)] }),
		findRoot: async () => null,
		readSpeed: async () => err({ type: 'FolderMissing', retry: 'when-online' })
	};
}

type Machine = { readonly core: Core; readonly key: Uint8Array; database(): Database };

/** Machines of this process that reach each other by name. */
class Machines {
	readonly #folder = mkdtempSync(join(tmpdir(), 'atoll-linked-'));
	readonly #all = new Map<string, Machine>();

	async add(name: string, tree: Tree): Promise<Machine> {
		const secretsFolder = join(this.#folder, `${name}-secrets`);
		const host: Host = { ...createNodeHost({ secretsFolder }), files: filesOf(tree), volumes: onDisk(name) };
		const key = unwrap(await readDeviceIdentity(host, signal)).keys.signing.public;
		let database: Database | null = null;
		const core = createCore(host, join(this.#folder, `${name}.sdlibrary`), {
			rounds,
			devices: { card: { name, kind: 'peer' }, dials: this.#dials(key, host), keepsLinks: false },
			domains: (own, open) => {
				database = open.database;
				return own;
			}
		});
		const machine: Machine = {
			core,
			key,
			database: () => {
				if (database === null) throw new Error('no library is open');
				return database;
			}
		};
		this.#all.set(name, machine);
		return machine;
	}

	async close(): Promise<void> {
		for (const { core } of this.#all.values()) await core.close();
		rmSync(this.#folder, { recursive: true, force: true });
	}

	#dials(key: Uint8Array, { clock }: Host): DialPort {
		return {
			dial: async (address) => {
				const target = this.#all.get(address)?.core.links;
				if (target?.mayConnect(key) !== true) return err({ type: 'DeviceUnreachable', what: 'nobody' });
				const link = createSimLink(clock, createSimRandom(1), { delayMs: [0, 0] });
				target.accept(link.ends[1], key);
				return ok(link.ends[0]);
			}
		};
	}
}

/** The pairing of a machine, once it is at `step`. */
function reached({ core }: Machine, step: AnyPairing['step']): Promise<AnyPairing> {
	const { promise, resolve, reject } = Promise.withResolvers<AnyPairing>();
	const look = async () => {
		const view = unwrap(await core.commands['devices.pairing']({}, context()));
		if (view.step === step) resolve(view);
		else if (view.step === 'ended') reject(new Error(view.failure.type));
	};
	const end = core.subscribe(() => void look().catch(reject));
	void look().catch(reject);
	return promise.finally(end);
}

async function pair(first: Machine, second: Machine): Promise<void> {
	const offer = { kind: 'link', app: 'atoll://join', addresses: ['first'] } as const;
	const { text } = unwrap(await first.core.commands['devices.offer'](offer, context()));
	unwrap(await second.core.commands['devices.join']({ text, addresses: [] }, context()));
	for (const machine of [first, second]) await reached(machine, 'checking');
	for (const { core } of [second, first]) unwrap(await core.commands['devices.confirm']({ yes: true }, context()));
	for (const machine of [first, second]) await reached(machine, 'paired');
}

async function addFolder({ core }: Machine, name: string): Promise<void> {
	// The reference stands for nothing on the disk: `filesOf` answers for every root alike.
	const root = `/${name}` as RootRef;
	const request = { action: 'locations.add', input: { root, name }, plan: null };
	unwrap(await core.commands['actions.commit'](request, context()));
	const added = unwrap(await core.commands['locations.list']({}, context())).find((one) => one.name === name);
	if (added === undefined) throw new Error('the folder was not added');
	unwrap(await core.commands['index.run']({ location: added.id, acceptEmpty: false }, context()));
}

/**
 * Writes the backup of a library with the password `password` that was paired with a device "NAS", whose folder
 * "Photos" holds `tree`, and with one called "Laptop" that has none. Which device the library lies on is left open: it
 * is the one that restores it, as if that had been paired itself.
 */
export async function writeLinkedBackup(file: string, tree: Tree, password: string): Promise<void> {
	const machines = new Machines();
	try {
		const first = await machines.add('first', () => []);
		const [nas, laptop] = [await machines.add('NAS', tree), await machines.add('Laptop', () => [])];
		unwrap(await first.core.commands['library.create']({ name: 'Home', password }, context()));
		for (const other of [nas, laptop]) await pair(first, other);
		await addFolder(nas, 'Photos');
		const [met] = unwrap(await nas.core.commands['sync.run']({}, context()));
		if (met?.failure !== null) throw new Error(JSON.stringify(met));
		const database = first.database();
		// What was said here hangs on the device that said it, which is named again where it is restored.
		database.prepare('PRAGMA foreign_keys = OFF').run([]);
		unwrap(database.write(() => void database.prepare('DELETE FROM device WHERE slot = 0').run([])));
		const output = openSync(file, 'w');
		const write = async (chunk: Uint8Array) => void writeSync(output, chunk);
		unwrap(await first.core.commands['library.export']({ write }, context()));
		closeSync(output);
	} finally {
		await machines.close();
	}
}
