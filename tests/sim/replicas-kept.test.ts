import { describe, expect, test } from 'vitest';
import { ok, type EntryId } from '#core/kernel';
import type { ActionName } from '#core';
import type { FilesPort } from '#core/ports';
import { addressCommands } from '../../src/lib/core/volume-commands.ts';
import { nextCommand } from '../conformance/core-driver.ts';
import { createSimHost } from './host/sim-host.ts';
import { createDevice, entryNamed, never, pull, valueOf, type Device } from './replica-world.ts';

const file = (text: string) => new TextEncoder().encode(text);
const context = { signal: never, command: nextCommand() };
const dayMs = 24 * 60 * 60 * 1000;

function many(count: number, prefix = 'f'): Record<string, Uint8Array> {
	return Object.fromEntries(Array.from({ length: count }, (_, at) => [`${prefix}${at}.txt`, file(`${prefix}${at}`)]));
}

async function pair(tree: Parameters<Device['host']['files']['put']>[1]): Promise<[owner: Device, other: Device]> {
	const [owner, other] = [await createDevice(1, 11), await createDevice(2, 22)];
	owner.host.files.put('/disk/home', tree);
	for (const device of [owner, other]) device.share();
	await owner.add('/disk/home');
	expect(pull(other, owner)).toBeNull();
	return [owner, other];
}

async function close(...devices: readonly Device[]): Promise<void> {
	for (const device of devices) await device.close();
}

describe('deletions (T18, F61)', () => {
	const held = (other: Device, owner: Device) => valueOf(other.rooms.indexSync.held(owner.id));

	test('many that nobody had removed wait for a person, and nothing else with them', async () => {
		const [owner, other] = await pair({ gone: many(300), stays: many(20) });
		owner.host.files.remove('/disk/home/gone');
		owner.host.files.put('/disk/home', { more: many(50, 'm') });
		await owner.read(false);
		expect(pull(other, owner)).toBeNull();
		expect(held(other, owner)).toEqual({
			deleted: 301,
			of: 373,
			isDeclined: false,
			folders: [{ location: expect.any(Number), deleted: 301 }]
		});
		expect(entryNamed(other, 'f299.txt')).not.toBeNull();
		expect(entryNamed(other, 'm49.txt')).not.toBeNull();
		expect(other.flaws()).toEqual([]);
		// It waits over a restart, and what is new and what was removed by a person comes and goes meanwhile.
		const again = await other.restarted();
		await owner.act('files.trash', { entries: [entryNamed(owner, 'more')] });
		owner.host.files.put('/disk/home/stays', { 'last.txt': file('last') });
		await owner.read(false);
		expect(pull(again, owner)).toBeNull();
		expect([entryNamed(again, 'm49.txt'), entryNamed(again, 'last.txt')]).toEqual([null, expect.any(Number)]);
		expect(held(again, owner)).toMatchObject({ deleted: 301, isDeclined: false });
		valueOf(again.rooms.indexSync.answerDeletions(owner.id, true));
		expect(held(again, owner)).toBeNull();
		expect(again.dump(owner.id)).toBe(owner.dump(owner.id));
		expect(again.flaws()).toEqual([]);
		await close(owner, again);
	});

	test('what another file has taken the place of goes, and is not counted among what waits', async () => {
		for (const removed of [10, 11]) {
			const [owner, other] = await pair({ home: many(25) });
			for (let at = 1; at <= removed; at++) owner.host.files.remove(`/disk/home/home/f${at}.txt`);
			owner.host.files.move('/disk/home/home/f20.txt', '/disk/home/home/f0.txt');
			await owner.read(false);
			expect(pull(other, owner)).toBeNull();
			expect(held(other, owner)).toEqual(
				removed === 10
					? null
					: { deleted: 11, of: 25, isDeclined: false, folders: [{ location: expect.any(Number), deleted: 11 }] }
			);
			expect(entryNamed(other, 'f1.txt') === null).toBe(removed === 10);
			await close(owner, other);
		}
	});

	test('what a person says is to stay is asked for no more, until more is gone; what comes back was never gone', async () => {
		const [owner, other] = await pair({ gone: many(300), also: many(200, 'a'), stays: many(20, 's') });
		owner.host.files.move('/disk/home/gone', '/disk/elsewhere');
		await owner.read(false);
		expect(pull(other, owner)).toBeNull();
		valueOf(other.rooms.indexSync.answerDeletions(owner.id, false));
		expect(held(other, owner)).toMatchObject({ deleted: 301, isDeclined: true });
		owner.host.files.remove('/disk/home/also');
		await owner.read(false);
		expect(pull(other, owner)).toBeNull();
		expect(held(other, owner)).toMatchObject({ deleted: 502, isDeclined: false });
		owner.host.files.put('/disk/home', { gone: many(300), also: many(200, 'a') });
		await owner.read(false);
		expect(pull(other, owner)).toBeNull();
		valueOf(other.rooms.indexSync.answerDeletions(owner.id, true));
		expect(other.dump(owner.id)).toBe(owner.dump(owner.id));
		expect(other.flaws()).toEqual([]);
		await close(owner, other);
	});

	test('what a person has put into the trash goes at once, also when it was emptied since, and comes back', async () => {
		const [owner, other] = await pair({ gone: many(300), stays: many(20) });
		await owner.act('files.trash', { entries: [entryNamed(owner, 'gone')] });
		expect(pull(other, owner)).toBeNull();
		expect(entryNamed(other, 'gone')).toBeNull();
		await owner.undo();
		expect(pull(other, owner)).toBeNull();
		expect(entryNamed(other, 'f77.txt')).not.toBeNull();
		await owner.act('files.trash', { entries: [entryNamed(owner, 'gone')] });
		await owner.act('files.purge', { beforeMs: Number.MAX_SAFE_INTEGER });
		expect(pull(other, owner)).toBeNull();
		expect(other.dump(owner.id)).toBe(owner.dump(owner.id));
		expect(entryNamed(other, 'f77.txt')).toBeNull();
		await close(owner, other);
	});

	test('a location that a person took out goes with all in it', async () => {
		const [owner, other] = await pair({ gone: many(300) });
		const [location] = valueOf(owner.rooms.locations.list());
		await owner.act('locations.remove', { location: location?.id });
		expect(pull(other, owner)).toBeNull();
		expect(other.database.prepare('SELECT count(*) FROM entry').column()).toEqual([0]);
		expect(valueOf(other.rooms.locations.listEverywhere())).toEqual([]);
		expect(other.flaws()).toEqual([]);
		await close(owner, other);
	});

	test('a root that vanished, and many that have moved, delete nothing', async () => {
		const [owner, other] = await pair({ from: many(300), to: {} });
		owner.host.files.move('/disk/home/from', '/disk/home/to/here');
		await owner.read(false);
		expect(pull(other, owner)).toBeNull();
		expect(other.dump(owner.id)).toBe(owner.dump(owner.id));
		owner.host.files.at('/disk/home').fault = 'vanishes';
		await owner.read(false);
		expect(pull(other, owner)).toBeNull();
		expect(entryNamed(other, 'f77.txt')).not.toBeNull();
		await close(owner, other);
	});

	test('an older copy of the library that was put back deletes nothing unasked, and begins a new life', async () => {
		const [owner, other] = await pair({ old: many(20, 'old') });
		const copy = owner.host.disk.contents();
		owner.host.files.put('/disk/home/new', many(200, 'new'));
		await owner.read(false);
		expect(pull(other, owner)).toBeNull();
		await owner.close();
		const host = createSimHost(11);
		for (const [path, bytes] of copy) await putBack(host, path, bytes);
		const back = await createDevice(1, 11, { ...host, files: owner.host.files, volumes: owner.host.volumes });
		back.share();
		expect(pull(other, back)).toBeNull();
		expect(held(other, back)).toMatchObject({ deleted: 201, of: 222 });
		// The folder is read again, and what is there was never gone.
		await back.read(false);
		expect(pull(other, back)).toBeNull();
		expect(held(other, back)).toBeNull();
		expect(other.dump(back.id)).toBe(back.dump(back.id));
		await close(back, other);
	});
});

async function putBack(host: ReturnType<typeof createSimHost>, path: string, bytes: Uint8Array): Promise<void> {
	const names = path.split('/').filter(Boolean);
	let folder = host.disk.root as FileSystemDirectoryHandle;
	for (const name of names.slice(0, -1)) folder = await folder.getDirectoryHandle(name, { create: true });
	const handle = await folder.getFileHandle(names.at(-1) ?? '', { create: true });
	const access = await handle.createSyncAccessHandle();
	access.write(bytes, { at: 0 });
	access.flush();
	access.close();
}

describe('being away (T21)', () => {
	test.each([1, 8, 24, 40])('a device that was away for %i days has all, and nothing that is gone', async (days) => {
		const [owner, other] = await pair({ old: many(60, 'old'), gone: many(5, 'gone'), kept: { deep: many(3, 'k') } });
		const asOf = (at: number) => owner.host.clock.advance(at * dayMs);
		valueOf(owner.rooms.indexSync.prune());
		owner.host.files.remove('/disk/home/gone');
		owner.host.files.move('/disk/home/kept/deep', '/disk/home/old/deep');
		await owner.read(false);
		for (let day = 0; day < days; day++) {
			await asOf(1);
			valueOf(owner.rooms.indexSync.prune());
		}
		owner.host.files.put('/disk/home/kept', many(4, 'new'));
		await owner.read(false);
		const wasPruned = owner.database.prepare('SELECT prunedSeq FROM index_share').column()[0] !== 0;
		expect(wasPruned).toBe(days > 30);
		expect(pull(other, owner)).toBeNull();
		expect(other.dump(owner.id)).toBe(owner.dump(owner.id));
		expect(entryNamed(other, 'gone3.txt')).toBeNull();
		expect(other.flaws()).toEqual([]);
		await close(owner, other);
	});

	test('control: without the comparison of a full pass what is gone would stay', async () => {
		const [owner, other] = await pair({ old: many(60, 'old'), gone: many(5, 'gone') });
		owner.host.files.remove('/disk/home/gone');
		await owner.read(false);
		// Changes forgotten, and nobody told to begin anew.
		owner.database.connection.exec('DELETE FROM index_change WHERE state > 0');
		expect(pull(other, owner)).toBeNull();
		expect(other.dump(owner.id)).not.toBe(owner.dump(owner.id));
		expect(entryNamed(other, 'gone3.txt')).not.toBeNull();
		await close(owner, other);
	});
});

/** The roots that a port was asked for. */
function watchRoots(files: FilesPort): Set<string> {
	const roots = new Set<string>();
	for (const name of ['list', 'look', 'rootName', 'read'] as const) {
		const method = Reflect.get(files, name) as unknown;
		if (typeof method !== 'function') continue;
		Reflect.set(files, name, (...args: unknown[]) => {
			roots.add(String(args[0]));
			return method.apply(files, args);
		});
	}
	return roots;
}

describe('what is on another device', () => {
	test('is looked at and never worked on', async () => {
		const [owner, other] = await pair({ a: many(4, 'same'), 'x.txt': file('x') });
		other.host.files.put('/disk/mine', { a: many(4, 'same'), 'y.txt': file('y') });
		await owner.read(true);
		expect(pull(other, owner)).toBeNull();
		const before = other.dump(owner.id);
		const roots = watchRoots(other.host.files);
		const mine = await other.add('/disk/mine');
		await other.read(true);
		await other.rooms.volumes.look(never);
		const all = valueOf(other.rooms.locations.listEverywhere());
		const theirs = all.find(({ id }) => id !== mine.id);
		expect(all).toHaveLength(2);
		expect(theirs?.problem).toEqual({ type: 'NotOnThisDevice', device: '' });
		expect(theirs?.isOffline).toBe(true);
		const id = theirs?.id ?? (0 as never);
		expect(valueOf(other.rooms.locations.list()).map((location) => location.id)).toEqual([mine.id]);
		expect(other.rooms.locations.find(id)).toHaveProperty('failure.type', 'NotOnThisDevice');
		expect(await other.rooms.volumes.locate(id, never)).toHaveProperty('failure.type', 'NotOnThisDevice');
		const x = entryNamed(other, 'x.txt') ?? (0 as EntryId);
		const verified = await other.rooms.index.verify({ entry: x, content: true }, () => undefined, never);
		expect(verified).toHaveProperty('failure.type', 'NotOnThisDevice');
		const why = (action: ActionName, input: unknown) => {
			const plan = other.rooms.actions.preview({ action, input });
			return plan.ok ? plan.value.blocked.map((block) => block.why.type) : [plan.failure.type];
		};
		const y = entryNamed(other, 'y.txt');
		for (const [action, input] of [
			['files.trash', { entries: [x] }],
			['files.rename', { renames: [{ entry: x, name: 'z.txt' }] }],
			['files.move', { entries: [x], folder: mine.entry, onConflict: 'ask' }],
			['files.copy', { entries: [x], folder: mine.entry, onConflict: 'ask' }],
			['files.move', { entries: [y], folder: theirs?.entry, onConflict: 'ask' }],
			['files.make-folder', { folder: theirs?.entry, name: 'n' }],
			['locations.remove', { location: id }],
			['locations.rename', { location: id, name: 'n' }],
			['locations.set-mode', { location: id, mode: 'deep' }],
			['locations.set-class', { location: id, logicalClass: 'cold' }],
			['analysis.set-policy', { location: id, kind: 'thumbnail', policy: 'never' }],
			['jobs.set-schedule', { location: id, kind: 'index', cron: '0 3 * * *' }]
		] as const)
			expect([action, ...why(action, input)]).toEqual([action, 'NotOnThisDevice']);
		// The copies there are seen, and none of them is taken for one that could stay while another goes.
		await other.act('files.deduplicate', {});
		expect(entryNamed(other, 'y.txt')).toBe(y);
		expect(other.rooms.actions.preview({ action: 'files.deduplicate', input: {} })).toHaveProperty(
			'value.counts.operations',
			0
		);
		expect(other.dump(owner.id)).toBe(before);
		expect([...roots]).toContain('/disk/mine');
		expect([...roots].filter((root) => !root.startsWith('/disk/mine'))).toEqual([]);
		await close(owner, other);
	});

	test('has the address of its device, here as there', async () => {
		const [owner, other] = await pair({ a: { 'x.txt': file('x') } });
		const x = entryNamed(other, 'x.txt') ?? (0 as EntryId);
		const deps = { host: other.host, opened: () => ok(other.rooms), changed: () => undefined };
		const commands = addressCommands(deps);
		const address = valueOf(await commands['addresses.of']({ entry: x }, context));
		expect(address).toContain(owner.id);
		expect(valueOf(await commands['addresses.resolve']({ address }, context)).id).toBe(x);
		const elsewhere = address.replace(owner.id, 'f'.repeat(32));
		expect(await commands['addresses.resolve']({ address: elsewhere }, context)).toHaveProperty(
			'failure.type',
			'AddressElsewhere'
		);
		await close(owner, other);
	});
});
