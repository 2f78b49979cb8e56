import { expect } from 'vitest';
import { tagId, type EntryId, type TagId } from '#core/kernel';
import { carried, createDevice, pin, pull, valueOf, type Device } from './replica-world.ts';
import type { SimNode } from './host/files.ts';

export const stick = 'uuid:stick';
export const mountPoint = '/media/stick';
export const folderPath = `${mountPoint}/photos`;

/** A device at which a stick may be plugged in. */
export async function createStickDevice(number: number, seed: number): Promise<Device> {
	const device = await createDevice(number, seed);
	device.host.volumes.define(stick, { kind: 'removable', label: 'Stick' });
	device.share();
	return device;
}

export function isPlugged({ host }: Device): boolean {
	return host.files.find(mountPoint) !== undefined && host.volumes.isMounted(mountPoint);
}

/** Carries the stick, and all that is on it, from one device to another. */
export function carryStick(from: Device | null, to: Device): void {
	if (from !== null) from.host.volumes.unmount(mountPoint);
	if (from !== null) to.host.volumes.carryFrom(from.host.volumes, stick);
	to.host.volumes.mount(stick, mountPoint);
}

export function unplugStick(from: Device): void {
	from.host.volumes.unmount(mountPoint);
}

export async function look(device: Device): Promise<void> {
	valueOf(await device.rooms.diskMoves.look(new AbortController().signal));
	await device.rooms.settled();
}

/** Hands over all that people have said. */
export function pullSaid(to: Device, from: Device): void {
	const [giving, merging] = [from.rooms.sayings, to.rooms.sayings];
	pin(to, from.id);
	for (;;) {
		const next = giving.next(merging.have(), 4_096);
		if (next === null) return;
		expect(next.ok, 'what was said is given').toBe(true);
		if (!next.ok) return;
		const merged = merging.merge(from.id, carried(next.value.batch));
		expect(merged.ok ? null : merged.failure).toBeNull();
	}
}

export async function meet(one: Device, other: Device): Promise<void> {
	for (const [to, from] of [
		[one, other],
		[other, one]
	] as const) {
		pullSaid(to, from);
		expect(pull(to, from)).toBeNull();
		await to.rooms.settled();
	}
}

/** All meet until nobody has anything new. */
export async function heal(devices: readonly Device[]): Promise<void> {
	for (let rounds = 0; rounds < 4; rounds++) {
		for (const device of devices) await look(device);
		for (const device of devices) if (isPlugged(device)) await device.read(true);
		for (const one of devices) for (const other of devices) if (one !== other) await meet(one, other);
	}
}

/** What a device shows of the stick: paths, by whom they are told, and the tags that they show. */
export function shown(device: Device): string[] {
	const { database } = device;
	const rows = database
		.prepare(
			`WITH RECURSIVE below (id, path, kind, content, sizeBytes) AS (
				SELECT entry.id, '', entry.kind, entry.content, entry.sizeBytes FROM location JOIN entry ON entry.id = location.entry
					JOIN volume ON volume.id = location.volume AND volume.identity = '${stick}'
					WHERE EXISTS (SELECT 1 FROM directory WHERE directory.entry = location.entry)
				UNION ALL SELECT entry.id, below.path || '/' || entry.name, entry.kind, entry.content, entry.sizeBytes
					FROM below JOIN entry ON entry.parent = below.id
			)
			SELECT below.path, coalesce((SELECT id FROM device WHERE slot = below.id / 1099511627776), 'nobody') AS owner,
				(SELECT group_concat(name, ',') FROM (SELECT tag.name FROM assignment JOIN tag ON tag.id = assignment.tag
					WHERE assignment.target = iif(below.kind = 1 AND below.content IS NOT NULL AND below.sizeBytes > 0, -below.content, below.id)
					ORDER BY tag.name)) AS tags
			FROM below ORDER BY below.path, owner`
		)
		.all();
	return rows.map(({ path, owner, tags }) => `${Number(`0x${String(owner)}`)} ${String(path)} [${String(tags ?? '')}]`);
}

/** The tag that is called by one hexadecimal digit. */
export function tagOf(digit: string): TagId {
	return tagId(digit.repeat(32));
}

/** Puts a tag on what lies at `path` of the stick, or takes it off. */
export async function tag(device: Device, path: string, digit: string, isOn = true): Promise<void> {
	const entry = entryAt(device, path);
	if (entry === null) throw new Error(`nothing at ${path}`);
	await device.act('metadata.create-tag', { id: tagOf(digit), name: digit });
	const action = isOn ? 'metadata.tag-files' : 'metadata.untag-files';
	await device.act(action, { tag: tagOf(digit), files: { entries: [entry] } });
}

export function entryAt(device: Device, path: string): EntryId | null {
	const rows = device.database
		.prepare(
			`WITH RECURSIVE below (id, path) AS (
				SELECT location.entry, '' FROM location JOIN volume ON volume.id = location.volume AND volume.identity = '${stick}'
					WHERE EXISTS (SELECT 1 FROM directory WHERE directory.entry = location.entry)
				UNION ALL SELECT entry.id, below.path || '/' || entry.name FROM below JOIN entry ON entry.parent = below.id
			) SELECT id FROM below WHERE path = ? ORDER BY id`
		)
		.column([path]);
	return rows[0] === undefined ? null : (Number(rows[0]) as EntryId);
}

export function namesOnStick(device: Device): string[] {
	const walk = (node: SimNode, at: string): string[] =>
		[...node.children].flatMap(([name, child]) => [`${at}/${name}`, ...walk(child, `${at}/${name}`)]);
	return walk(device.host.files.at(folderPath), '').sort();
}
