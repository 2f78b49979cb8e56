import { deviceId, type DeviceId, type EntryId, type LibraryId, type WireValue } from '#core/kernel';
import { findTreeFlaws } from '#core/index';
import { sha256 } from '@noble/hashes/sha2.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { deviceKeys, type KeyPair } from '#core/crypto';
import { findDevice, noteSeen, pinDevice } from '#core/devices';
import { openDatabase, type Database } from '#core/schema';
import { findNameFlaws } from '#core/search';
import { nameThisDevice, type MergeRefusal } from '#core/sync';
import type { Location } from '#core/volumes';
import type { ActionName } from '#core';
import type { Opened } from '../../src/lib/core/joined.ts';
import { openRooms } from '../../src/lib/core/open-rooms.ts';
import { nextCommand } from '../conformance/core-driver.ts';
import { holds } from '../conformance/core-world.ts';
import type { SimNode } from './host/files.ts';
import { createSimHost, type SimHost } from './host/sim-host.ts';

export const never = new AbortController().signal;
const rawKey = '2e'.repeat(48);
const folder = 'r.sdlibrary';
export const library = 'ab'.repeat(16) as LibraryId;

type Result<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: unknown };

export function valueOf<T>(result: Result<T>): T {
	holds(result.ok, result.ok ? '' : JSON.stringify(result.failure));
	return (result as { readonly value: T }).value;
}

/** One device with its own disks and its own database of a library that it shares with others. */
export type Device = {
	readonly id: DeviceId;
	readonly host: SimHost;
	readonly database: Database;
	readonly rooms: Opened;
	/** Puts a folder of the simulated disk under management and reads it. */
	add(path: string): Promise<Location>;
	/** Reads all locations of this device again, and looks into their files. */
	read(looksInside: boolean): Promise<void>;
	act(action: ActionName, input: unknown): Promise<void>;
	/** Takes back what was done last. */
	undo(): Promise<void>;
	/** The names of all below `/disk`, with what each is. */
	onDisk(): [string, SimNode][];
	dump(owner: DeviceId): string;
	/** Has changes be noted from now on, as before each session. */
	share(): void;
	flaws(): string[];
	/** The device after the power went: what was not down is not there. */
	restarted(): Promise<Device>;
	close(): Promise<void>;
};

function walk(node: SimNode, at: string): [string, SimNode][] {
	return [...node.children].flatMap(([name, child]) => {
		const path = `${at}/${name}`;
		return [[path, child] as [string, SimNode], ...walk(child, path)];
	});
}

export function deviceIdOf(number: number): DeviceId {
	return deviceId(number.toString(16).padStart(32, '0'));
}

/** What a device of these worlds signs with. */
export function keyOf(device: DeviceId): KeyPair {
	const known = keys.get(device) ?? deviceKeys(sha256(utf8ToBytes(`seed of ${device}`))).signing;
	keys.set(device, known);
	return known;
}
const keys = new Map<DeviceId, KeyPair>();

/** Has `to` know a device by its key, as after a pairing. */
export function pin(to: Device, device: DeviceId): void {
	const card = { id: device, kind: 'peer', name: '', signingKey: keyOf(device).public } as const;
	const { database, host } = to;
	valueOf(
		database.write(() => {
			if (findDevice(database, device)?.publicKey != null) return;
			pinDevice(database, card, [], host.clock.nowMs());
			noteSeen(database, device, host.clock.nowMs());
		})
	);
}

export async function createDevice(
	number: number,
	seed: number,
	host: SimHost = createSimHost(seed),
	of: LibraryId = library
): Promise<Device> {
	const id = deviceIdOf(number);
	const connection = valueOf(await host.database.connect(folder, never));
	const database = valueOf(openDatabase(connection, { rawKey, where: 'here', expect: 'new' }));
	valueOf(valueOf(database.write(() => nameThisDevice(database, id, host.clock.nowMs()))));
	const rooms = openRooms(host, database, {
		library: of,
		runsJobs: 'asked',
		emit: () => undefined,
		onLocations: () => undefined,
		onIndexed: () => undefined,
		onDevices: () => undefined
	});
	const act = async (action: ActionName, input: unknown) => {
		const request = { action, input };
		await rooms.actions.prepare(request, never);
		// As a person does who has looked at it.
		const plan = rooms.actions.preview(request);
		if (!plan.ok) return;
		const doing = { command: nextCommand(), atMs: host.clock.nowMs() };
		const done = rooms.actions.commit({ ...request, plan: plan.value.id }, doing);
		if (done.ok) await rooms.actions.end(done.value.id, never);
		await rooms.settled();
	};
	const run = async (location: Location) => {
		await rooms.index.run(location, true, never);
	};
	return {
		id,
		host,
		database,
		rooms,
		act,
		undo: async () => {
			const latest = valueOf(rooms.actions.latestUndoable(false));
			if (latest !== null) await act('actions.undo', { action: latest });
		},
		add: async (path) => {
			await act('locations.add', { root: path, name: null });
			const added = valueOf(rooms.locations.list()).find(({ root }) => String(root) === path);
			holds(added !== undefined, `${path} is in the library`);
			await run(added as Location);
			return added as Location;
		},
		read: async (looksInside) => {
			for (const location of valueOf(rooms.locations.list())) {
				await run(location);
				const hooks = { onProgress: () => undefined, onBatch: () => undefined, onUnread: () => undefined };
				if (looksInside) await rooms.contents.identify(location, hooks, never);
			}
		},
		onDisk: () => walk(host.files.at('/disk'), '/disk'),
		dump: (owner) => valueOf(rooms.indexSync.dump(owner)),
		share: () => valueOf(rooms.indexSync.share(keyOf(id))),
		flaws: () =>
			valueOf(
				database.write(() =>
					[...findTreeFlaws(database), ...findNameFlaws(database)].map((flaw) => JSON.stringify(flaw))
				)
			),
		restarted: async () => {
			rooms.life.abort();
			host.disk.kill();
			const after = createSimHost(seed + 1, host.disk);
			const again = await createDevice(number, seed + 1, {
				...after,
				files: host.files,
				volumes: host.volumes,
				secrets: host.secrets
			});
			again.share();
			return again;
		},
		close: async () => {
			rooms.life.abort();
			await rooms.jobs.close();
			connection.close();
		}
	};
}

/** As it comes over a wire. */
export function carried(batch: WireValue): WireValue {
	return structuredClone(batch);
}

/** Hands batches from one device to another until there is nothing more; why it stopped before, else null. */
export function pull(to: Device, from: Device, bytesMax = 4_096): MergeRefusal | null {
	const [giving, merging] = [from.rooms.indexSync.domain, to.rooms.indexSync.domain];
	pin(to, from.id);
	for (let batches = 0; batches < 100_000; batches++) {
		const next = giving.next(merging.have(), bytesMax);
		if (next === null) return null;
		if (!next.ok) return next.failure;
		const merged = merging.merge(from.id, carried(next.value.batch));
		if (!merged.ok) return merged.failure;
	}
	throw new Error('no end of batches');
}

export function entryNamed(device: Device, name: string): EntryId | null {
	const [id] = device.database.prepare('SELECT id FROM entry WHERE name = ? ORDER BY id').column([name]);
	return id === undefined ? null : (Number(id) as EntryId);
}
