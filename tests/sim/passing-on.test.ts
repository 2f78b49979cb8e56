import { describe, expect, test } from 'vitest';
import type { WireValue } from '#core/kernel';
import { findDevice, pinDevice, revokeDevice } from '#core/devices';
import { slotOf, type Have, type MergeRefusal } from '#core/sync';
import { introductionToWire } from '../../src/lib/core/replicas/introduction.ts';
import { sign, signedToWire, wireToSigned } from '../../src/lib/core/replicas/signed.ts';
import { findFault } from './peer-checks.ts';
import { PeerWorld } from './peer-world.ts';
import { carried, createDevice, deviceIdOf, keyOf, library, pin, pull, valueOf, type Device } from './replica-world.ts';

const file = (text: string) => new TextEncoder().encode(text);

function many(count: number, prefix: string): Record<string, Uint8Array> {
	return Object.fromEntries(Array.from({ length: count }, (_, at) => [`${prefix}${at}.txt`, file(`${prefix}${at}`)]));
}

/** One that has files, one that has met it, and one that knows the second alone. */
async function line(): Promise<[owner: Device, between: Device, far: Device]> {
	const devices: [Device, Device, Device] = [
		await createDevice(1, 11),
		await createDevice(2, 22),
		await createDevice(3, 33)
	];
	const [owner] = devices;
	owner.host.files.put('/disk/home', { some: many(30, 's'), deep: { er: many(5, 'd') } });
	for (const device of devices) device.share();
	await owner.add('/disk/home');
	return devices;
}

async function change(owner: Device, name: string): Promise<void> {
	owner.host.files.put('/disk/home/some', { [name]: file(name) });
	await owner.read(false);
}

async function close(devices: readonly Device[]): Promise<void> {
	for (const device of devices) await device.close();
}

function isSame(owner: Device, ...others: readonly Device[]): void {
	for (const other of others) {
		expect(other.dump(owner.id)).toBe(owner.dump(owner.id));
		expect(other.flaws()).toEqual([]);
	}
}

/** All that `from` would give `to`, batch after batch; none of it is merged. */
function gifts(to: Device, from: Device, bytesMax = 600): WireValue[] {
	const { domain } = from.rooms.indexSync;
	const batches: WireValue[] = [];
	for (let have: Have = to.rooms.indexSync.domain.have(); ;) {
		const next = domain.next(have, bytesMax);
		if (next?.ok !== true) return batches;
		have = next.value.have;
		batches.push(carried(next.value.batch));
	}
}

function hear(to: Device, from: Device, batch: WireValue): MergeRefusal | null {
	const merged = to.rooms.indexSync.domain.merge(from.id, batch);
	return merged.ok ? null : merged.failure;
}

function everything({ database }: Device): string {
	return ['device', 'entry', 'location', 'volume', 'replica', 'replica_batch']
		.map((table) => JSON.stringify(database.prepare(`SELECT * FROM ${table}`).all([])))
		.join('\n');
}

describe('an index goes on through others', () => {
	test('the owner is away: who has never met it learns of it, has all it had, and later changes of each side', async () => {
		const [owner, between, far] = await line();
		expect(pull(between, owner, 600)).toBeNull();
		expect(pull(far, between, 600)).toBeNull();
		isSame(owner, between, far);
		expect(findDevice(far.database, owner.id)).toMatchObject({ publicKey: keyOf(owner.id).public, revokedMs: null });
		await change(owner, 'one.txt');
		pull(between, owner);
		await change(owner, 'two.txt');
		pull(between, owner);
		expect(pull(far, between)).toBeNull();
		isSame(owner, far);
		// It meets the owner itself: there is nothing that it was not told, and it goes on from there.
		expect(owner.rooms.indexSync.domain.next(far.rooms.indexSync.domain.have(), 600)).toBeNull();
		await change(owner, 'three.txt');
		expect(pull(far, owner)).toBeNull();
		// And now it is the other way round.
		expect(pull(between, far)).toBeNull();
		isSame(owner, between, far);
		await close([owner, between, far]);
	});

	test('what began with the owner ends with another one that was told it in other pages', async () => {
		const [owner, between, far] = await line();
		pull(between, owner, 500);
		pin(far, owner.id);
		const pages = gifts(far, owner, 300);
		expect(pages.length).toBeGreaterThan(2);
		for (const page of pages.slice(0, 2)) expect(hear(far, owner, page)).toBeNull();
		expect(far.dump(owner.id)).not.toBe(owner.dump(owner.id));
		expect(far.rooms.indexSync.domain.progress?.()).toMatchObject({ total: 38 });
		expect(pull(far, between)).toBeNull();
		isSame(owner, far);
		expect(far.rooms.indexSync.domain.progress?.()).toBeNull();
		await close([owner, between, far]);
	});

	test('what is kept to be passed on does not grow without end', async () => {
		const [owner, between, far] = await line();
		pull(between, owner, 600);
		pull(far, between);
		const kept = ({ database }: Device) =>
			database
				.prepare('SELECT count(*) FROM replica_batch JOIN device USING (slot) WHERE device.id = ?')
				.column([owner.id])[0];
		const first = Number(kept(between));
		for (let n = 0; n < 5; n++) {
			await change(owner, `n${n}.txt`);
			pull(between, owner);
			pull(far, between);
		}
		expect(kept(between)).toBe(first + 5);
		for (const device of [between, far])
			device.database.connection.exec('UPDATE replica SET changeBytes = passBytes + 5000000');
		// The one between has nothing shorter to give until its owner has given it.
		expect(pull(far, between)).toBeNull();
		expect(kept(far)).toBe(first + 5);
		expect(pull(between, owner, 600)).toBeNull();
		expect(kept(between)).toBeLessThanOrEqual(first + 1);
		expect(pull(far, between)).toBeNull();
		expect(kept(far)).toBe(kept(between));
		isSame(owner, between, far);
		await close([owner, between, far]);
	});

	test('an older copy of a library that was put back: its new life counts, whoever still tells of the old one', async () => {
		const [owner, between, far] = await line();
		for (const other of [between, far]) pull(other, owner);
		owner.database.connection.exec('DELETE FROM index_change WHERE seq > 10');
		expect(pull(between, owner)).toBeNull();
		isSame(owner, between);
		// The far one has the old life, and neither takes it from the other again.
		const before = between.dump(owner.id);
		pull(between, far);
		expect(between.dump(owner.id)).toBe(before);
		expect(pull(far, between)).toBeNull();
		isSame(owner, between, far);
		await close([owner, between, far]);
	});
});

/** What is kept of an owner, to be passed on. */
function pages({ database }: Device, owner: Device): unknown[] {
	const sql = `SELECT bytes, signature FROM replica_batch JOIN device USING (slot) WHERE device.id = ? ORDER BY replica_batch.id`;
	return database.prepare(sql).all([owner.id]);
}

describe('deletions of much that come through another device (F61)', () => {
	test('they wait on each of them by itself; what is passed on is what the owner has signed', async () => {
		const [owner, between, far] = await line();
		owner.host.files.put('/disk/home/much', many(300, 'm'));
		await owner.read(false);
		for (const [to, from] of [
			[between, owner],
			[far, between]
		] as const)
			expect(pull(to, from)).toBeNull();
		owner.host.files.move('/disk/home/much', '/disk/elsewhere');
		await owner.read(false);
		expect(pull(between, owner)).toBeNull();
		expect(pull(far, between)).toBeNull();
		const held = ({ rooms }: Device) => valueOf(rooms.indexSync.held(owner.id));
		for (const device of [between, far]) expect(held(device)).toMatchObject({ deleted: 301, isDeclined: false });
		expect(pages(far, owner)).toEqual(pages(between, owner));

		// One keeps them, the other lets them go; both go on.
		valueOf(between.rooms.indexSync.answerDeletions(owner.id, false));
		valueOf(far.rooms.indexSync.answerDeletions(owner.id, true));
		isSame(owner, far);
		await change(owner, 'later.txt');
		expect(pull(between, owner)).toBeNull();
		expect(pull(far, between)).toBeNull();
		isSame(owner, far);
		expect(between.dump(owner.id)).toContain('m77.txt');
		expect(held(between)).toMatchObject({ deleted: 301, isDeclined: true });

		// Who is new is told the same by the one that keeps them, and is asked as well.
		const fresh = await createDevice(4, 44);
		fresh.share();
		expect(pull(fresh, between)).toBeNull();
		expect(pages(fresh, owner)).toEqual(pages(between, owner));
		expect(held(fresh)).toMatchObject({ deleted: 301, isDeclined: false });
		valueOf(fresh.rooms.indexSync.answerDeletions(owner.id, true));
		isSame(owner, fresh);

		// A new pass takes the place of the pages, not of what waits, nor of what was said about it.
		between.database.connection.exec('UPDATE replica SET changeBytes = passBytes + 5000000');
		expect(pull(between, owner, 600)).toBeNull();
		expect(held(between)).toMatchObject({ deleted: 301, isDeclined: true });
		expect(pull(far, between)).toBeNull();
		isSame(owner, far);
		valueOf(between.rooms.indexSync.answerDeletions(owner.id, true));
		isSame(owner, between);
		await close([owner, between, far, fresh]);
	});
});

function isLost(device: Device, other: Device): boolean | undefined {
	return findDevice(device.database, other.id)?.hasLostVoucher;
}

function remove({ database }: Device, other: Device): void {
	valueOf(database.write(() => revokeDevice(database, other.id, 5)));
}

describe('who was introduced by one that was removed', () => {
	test('has no say here any more until another one vouches for it, and the two cannot vouch for each other', async () => {
		const [owner, between, far] = await line();
		const last = await createDevice(4, 44);
		last.share();
		pull(between, owner);
		pull(far, between);
		expect(pull(last, far)).toBeNull();
		isSame(owner, far, last);
		// It is known by the word of the one that was paired with it, whoever has passed that on.
		const by = last.database.prepare(
			'SELECT by.id FROM device JOIN device AS by ON by.slot = device.introducedBy WHERE device.id = ?'
		);
		expect(by.column([owner.id])).toEqual([between.id]);
		for (const device of [far, last]) remove(device, between);
		expect([isLost(far, owner), isLost(last, owner)]).toEqual([true, true]);
		await change(owner, 'late.txt');
		const [late] = gifts(between, owner);
		for (const device of [far, last])
			expect(hear(device, owner, late ?? null)).toEqual({ type: 'BatchNotTheirs', owner: owner.id });
		for (let round = 0; round < 2; round++) {
			expect(pull(far, last)).toBeNull();
			expect(pull(last, far)).toBeNull();
		}
		expect([isLost(far, owner), isLost(last, owner)]).toEqual([true, true]);
		expect(last.dump(owner.id)).not.toContain('late.txt');

		// One that was paired with it says so, and all goes on where it was.
		const other = await createDevice(5, 55);
		other.share();
		pull(other, owner);
		expect(pull(far, other)).toBeNull();
		expect(pull(last, far)).toBeNull();
		expect([isLost(far, owner), isLost(last, owner)]).toEqual([false, false]);
		isSame(owner, far, last);
		await close([owner, between, far, last, other]);
	});

	test('is a device of the library by itself once a person has paired with it', async () => {
		const [owner, between, far] = await line();
		pull(between, owner);
		pull(far, between);
		const card = { id: owner.id, kind: 'peer', name: 'n', signingKey: keyOf(owner.id).public } as const;
		remove(far, between);
		expect(isLost(far, owner)).toBe(true);
		valueOf(far.database.write(() => pinDevice(far.database, card, [], 6)));
		expect(isLost(far, owner)).toBe(false);
		await change(owner, 'new.txt');
		expect(pull(far, owner)).toBeNull();
		isSame(owner, far);
		await close([owner, between, far]);
	});

	test('a removed device introduces nobody, and nobody introduces it', async () => {
		const [owner, between, far] = await line();
		pull(between, owner);
		pin(far, between.id);
		const [introduction] = gifts(far, between);
		remove(far, between);
		expect(hear(far, between, introduction ?? null)).toEqual({ type: 'BatchNotTheirs', owner: owner.id });
		expect(findDevice(far.database, owner.id)).toBeNull();
		// It heard of the removal before it heard of the device.
		const last = await createDevice(4, 44);
		last.share();
		pin(last, between.id);
		valueOf(
			last.database.write(() => {
				slotOf(last.database, owner.id, 1);
				revokeDevice(last.database, owner.id, 5);
			})
		);
		expect(hear(last, between, introduction ?? null)).toBeNull();
		expect(pull(last, between)).toBeNull();
		expect(findDevice(last.database, owner.id)).toMatchObject({ publicKey: null, revokedMs: 5 });
		expect(last.database.prepare('SELECT count(*) FROM replica').column()).toEqual([1]);
		await close([owner, between, far, last]);
	});
});

describe('who passes on adds nothing, takes nothing away and changes nothing', () => {
	test('one bit of a batch or of its signature, another signer, another owner: refused, and told', async () => {
		const [owner, between, far] = await line();
		pull(between, owner);
		pin(far, between.id);
		const [introduction, ...batches] = gifts(far, between);
		expect(hear(far, between, introduction ?? null)).toBeNull();
		const told = wireToSigned(batches.at(-1));
		if (told === null) throw new Error('there is a batch');
		const before = everything(far);
		const bent = (bytes: Uint8Array) => bytes.map((byte, at) => (at === bytes.length - 1 ? byte ^ 1 : byte));
		const refused = { type: 'BatchNotTheirs', owner: owner.id };
		const { signed, said } = told;
		expect(hear(far, between, signedToWire('batch', { ...signed, signature: bent(signed.signature) }))).toEqual(
			refused
		);
		const more = { ...(said as object), total: 99 } as WireValue;
		expect(hear(far, between, signedToWire('batch', sign(keyOf(between.id), 'batch', more)))).toEqual(refused);
		expect(hear(far, between, signedToWire('introduction', signed))).toHaveProperty('type', 'BatchWrong');
		expect(everything(far)).toBe(before);
		// Control: had the owner signed just that, it would have been taken.
		expect(hear(far, between, signedToWire('batch', sign(keyOf(owner.id), 'batch', more)))).toBeNull();
		expect(everything(far)).not.toBe(before);
		await close([owner, between, far]);
	});

	test('pages left out, in another order, or told again once they are past change nothing, and harm nothing', async () => {
		const [owner, between, far] = await line();
		pull(between, owner, 150);
		pin(far, between.id);
		const first = gifts(far, between);
		expect(first.length).toBeGreaterThan(5);
		const [introduction, ofBetween, begin, , ...rest] = first;
		for (const batch of [introduction, ofBetween, begin]) hear(far, between, batch ?? null);
		const half = everything(far);
		for (const batch of rest) expect(hear(far, between, batch)).toBeNull();
		expect(everything(far)).toBe(half);
		pull(far, between);
		isSame(owner, far);
		await change(owner, 'new.txt');
		owner.host.files.remove('/disk/home/deep/er/d1.txt');
		await owner.read(false);
		pull(between, owner);
		pull(far, between);
		const whole = everything(far);
		for (const batch of first) expect(hear(far, between, batch)).toBeNull();
		expect(everything(far)).toBe(whole);
		await close([owner, between, far]);
	});

	test('a device is introduced by one that is trusted here, and stays who it is', async () => {
		const [owner, between, far] = await line();
		pull(between, owner);
		pin(far, between.id);
		const say = (by: Device, key: Uint8Array, signedBy = by) => {
			const known = { id: owner.id, key, name: 'n', kind: 'peer', addresses: [] };
			const wire = introductionToWire(library, by.id, known);
			return hear(far, between, signedToWire('introduction', sign(keyOf(signedBy.id), 'introduction', wire)));
		};
		const real = keyOf(owner.id).public;
		const refused = { type: 'BatchNotTheirs', owner: owner.id };
		const before = everything(far);
		// By a stranger, in the name of another, for itself.
		expect(say(owner, real)).toEqual(refused);
		expect(say(between, real, owner)).toEqual(refused);
		expect(everything(far)).toBe(before);
		expect(say(between, real)).toBeNull();
		const known = everything(far);
		expect(known).not.toBe(before);
		// Another key for it, and the key of another, which would be two devices in one.
		expect(say(between, keyOf(deviceIdOf(9)).public)).toEqual(refused);
		expect(everything(far)).toBe(known);
		await close([owner, between, far]);
	});

	test('a device whose pairing may still come to nothing is not spoken of', async () => {
		const [owner, between, far] = await line();
		pull(between, owner);
		between.database.connection.exec(`UPDATE device SET seenMs = NULL WHERE slot > 0`);
		expect(pull(far, between)).toBeNull();
		expect(findDevice(far.database, owner.id)).toBeNull();
		between.database.connection.exec(`UPDATE device SET seenMs = 1 WHERE slot > 0`);
		expect(pull(far, between)).toBeNull();
		isSame(owner, far);
		await close([owner, between, far]);
	});

	test('a device that a person has removed here has nothing to say any more, through nobody', async () => {
		const [owner, between, far] = await line();
		pull(between, owner);
		pull(far, between);
		valueOf(far.database.write(() => revokeDevice(far.database, owner.id, 5)));
		await change(owner, 'late.txt');
		pull(between, owner);
		const before = everything(far);
		expect(pull(far, between)).toBeNull();
		pull(far, owner);
		expect(everything(far)).toBe(before);
		expect(findDevice(far.database, owner.id)?.revokedMs).toBe(5);
		await close([owner, between, far]);
	});
});

test('three devices in a row, the first and the last never meet: the same index and the same words everywhere', async () => {
	const world = new PeerWorld({
		seed: 16,
		peers: 3,
		hasPeople: true,
		links: [
			[0, 1],
			[1, 2]
		]
	});
	await world.begin();
	for (const [peer, deed] of [
		[0, 'write'],
		[2, 'write'],
		[0, 'create-tag'],
		[1, 'identify']
	] as const)
		await world.take({ do: 'act', peer, deed, which: 2 + peer });
	await world.take({ do: 'wait', ms: 5_000 });
	await world.take({ do: 'act', peer: 2, deed: 'tag', which: 4 });
	await world.take({ do: 'part', bits: 1 });
	await world.take({ do: 'act', peer: 0, deed: 'remove', which: 0 });
	await world.take({ do: 'act', peer: 2, deed: 'note', which: 1 });
	await world.settle();
	expect(await findFault(world)).toBeNull();
	const [first, , last] = world.peers;
	const known = last?.database?.read(() => findDevice(last.database as never, first?.device as never));
	expect(known).toMatchObject({ value: { name: 'device 0' } });
	await world.close();
});
