import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { expect, test } from 'vitest';
import { entryId, isReplica, ok, tagId } from '#core/kernel';
import type { Host, VolumesPort } from '#core/ports';
import { movedToText } from '../../peer/cli/moved-disks.ts';
import { rootRef } from '../../peer/cli/root-ref.ts';
import { act, addIndexed } from '../conformance/core-driver.ts';
import { once, withLinkedPair, type Device } from './linked-pair.ts';

const identity = 'uuid:stick';
const tag = tagId('7'.repeat(32));

/** A host at which a stick is plugged in while the folder `stick` is there: nothing else than its files is made up. */
function withStick(host: Host, folder: string): Host {
	const top = join(folder, 'stick');
	const volumes: VolumesPort = {
		readSpeed: (...reading) => host.volumes.readSpeed(...reading),
		placeOf: async (root, signal) => {
			const place = await host.volumes.placeOf(root, signal);
			const below = relative(top, root).split(sep);
			if (!place.ok || below[0] === '..') return place;
			const volume = {
				...place.value.volume,
				identity,
				isOwnIdentity: true,
				kind: 'removable',
				label: 'Stick'
			} as const;
			return ok({ volume, path: below.filter((name) => name !== '') });
		},
		findRoot: async (wanted, path, signal) => {
			if (wanted !== identity) return host.volumes.findRoot(wanted, path, signal);
			const root = join(top, ...path);
			return existsSync(root) ? rootRef(root) : null;
		}
	};
	return { ...host, volumes };
}

/** Where a device says that the folder of the stick is. */
async function whereTrip({ driver }: Device): Promise<string> {
	const listed = await driver.value('locations.list', {});
	const trips = listed.filter(({ name }) => name === 'trip');
	return trips.map((trip) => movedToText(trip) ?? (trip.isOffline ? 'away' : 'here')).join();
}

const tagged = ({ driver }: Device) => driver.value('metadata.tagged', { tag });
/** Whether the tag hangs on one entry, and that is of this device, or of the other one. */
const hangs = (isTheirs: boolean) => (entries: Iterable<number>) => {
	const ids = [...entries].map((id) => entryId(id));
	return ids.length === 1 && ids.every((id) => isReplica(id) === isTheirs);
};

test('a stick that is carried from one device to another goes on there, and at the first when it is back', async () => {
	await withLinkedPair(async ({ one, two, base }) => {
		const stickAt = (device: 'one' | 'two') => join(base, device, 'stick');
		mkdirSync(join(stickAt('one'), 'trip', 'deep'), { recursive: true });
		writeFileSync(join(stickAt('one'), 'trip', 'beach.jpg'), 'sand');
		await addIndexed(one.driver, rootRef(join(stickAt('one'), 'trip')));
		const { id } = await one.driver.value('entries.resolve', { path: '/trip/deep', from: null });
		await act(one.driver, 'metadata.create-tag', { id: tag, name: 'holiday' });
		await act(one.driver, 'metadata.tag-files', { tag, files: { entries: [id] } });
		await once(two, () => tagged(two), hangs(true));
		await once(
			two,
			() => whereTrip(two),
			(where) => where === 'away'
		);

		renameSync(stickAt('one'), stickAt('two'));
		const root = rootRef(join(stickAt('two'), 'trip'));
		expect(await two.driver.value('volumes.arrived', {})).toEqual([{ name: 'trip', device: 'the other', root }]);
		const plan = await two.driver.value('actions.preview', { action: 'locations.add', input: { root, name: null } });
		expect(JSON.stringify(plan)).toContain('{"type":"DiskTakenOver","device":"the other"}');
		await addIndexed(two.driver, root);
		expect(await whereTrip(two)).toBe('here');
		expect(await two.driver.value('volumes.arrived', {})).toEqual([]);
		await one.driver.value('volumes.look', {});
		await once(
			one,
			() => whereTrip(one),
			(where) => where === 'now at the other'
		);
		await once(one, () => tagged(one), hangs(true));
		await once(two, () => tagged(two), hangs(false));

		renameSync(stickAt('two'), stickAt('one'));
		await one.driver.value('volumes.look', {});
		const back = (await one.driver.value('locations.list', {})).find(
			({ name, isOffline }) => name === 'trip' && !isOffline
		);
		expect(back?.root).toBe(join(stickAt('one'), 'trip'));
		if (back !== undefined) await one.driver.value('index.run', { location: back.id, acceptEmpty: false });
		await two.driver.value('volumes.look', {});
		await once(
			two,
			() => whereTrip(two),
			(where) => where === 'now at the other'
		);
		await once(
			one,
			() => whereTrip(one),
			(where) => where === 'here'
		);
		await once(one, () => tagged(one), hangs(false));
		await once(two, () => tagged(two), hangs(true));
	}, withStick);
});
