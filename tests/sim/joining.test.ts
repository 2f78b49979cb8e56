import { expect, test } from 'vitest';
import type { Failure, Result } from '#core/kernel';
import { createLibrary, readDeviceIdentity } from '#core/library';
import { createExistingSide, createNewSide, type Own } from '#core/pairing';
import { createSimHost, type SimHost } from './host/sim-host.ts';
import { offerOf, secretDoor, talkToWords } from './pairing-world.ts';

const signal = new AbortController().signal;

function given<T, F extends Failure>(result: Result<T, F>): T {
	if (!result.ok) throw new Error(`expected a value: ${result.failure.type}`);
	return result.value;
}

async function ownOf(host: SimHost, name: string): Promise<Own> {
	const { id, keys } = given(await readDeviceIdentity(host, signal));
	return { keys, card: { id, kind: 'peer', name }, pinned: new Map(), random: host.random };
}

test('a device that was let in has a library of the same id and key, which only its own secret opens', async () => {
	const [cellar, laptop] = [createSimHost(1), createSimHost(2)];
	const original = createLibrary(cellar, 'library', 1_000);
	const created = given(await original.create({ name: 'Family \u202e', password: null }, signal));
	const key = original.key()?.slice() ?? new Uint8Array(0);

	const door = secretDoor(laptop.random);
	const pair = {
		newSide: createNewSide(door, await ownOf(laptop, 'Laptop')),
		existing: createExistingSide(offerOf(door), await ownOf(cellar, 'Cellar'))
	};
	talkToWords(pair);
	pair.newSide.confirm(0);
	const sent = pair.existing.confirm({ library: created.id, libraryKey: key, libraryName: 'Family \u202e' }, 0);
	pair.newSide.receive(sent ?? key, 0);
	const state = pair.newSide.state();
	if (state.step !== 'welcomed') throw new Error(`not welcomed: ${state.step}`);

	const copy = createLibrary(laptop, 'library', 1_000);
	const { library, libraryKey, libraryName } = state.welcome;
	expect(given(await copy.join({ id: library, libraryKey, name: libraryName }, signal))).toBeNull();
	expect([copy.id(), copy.key()]).toEqual([created.id, key]);
	expect(pair.existing.receive(pair.newSide.kept() ?? key, 0)).toBeNull();
	expect(pair.existing.state().step).toBe('paired');

	copy.close();
	expect(given(await copy.unlock({ by: 'device' }, signal))).toEqual({
		state: 'open',
		id: created.id,
		name: 'Family',
		hasPassword: false
	});
	copy.close();
	// The recovery code is of the other copy, and the secret of this device is nowhere in its folder.
	expect(await copy.unlock({ by: 'recovery-code', recoveryCode: created.recoveryCode }, signal)).toMatchObject({
		failure: { type: 'WrongRecoveryCode' }
	});
	given(await laptop.secrets.forget(created.id, signal));
	expect(await copy.unlock({ by: 'device' }, signal)).toMatchObject({ failure: { type: 'PasswordNeeded' } });
	for (const [path, bytes] of laptop.disk.contents())
		expect(Buffer.from(bytes).includes(Buffer.from(key)), path).toBe(false);
});

test('nothing is joined over a library that is there', async () => {
	const host = createSimHost(3);
	const library = createLibrary(host, 'library', 1_000);
	const { id } = given(await library.create({ name: 'Home', password: null }, signal));
	const key = library.key()?.slice();
	const joined = await library.join({ id, libraryKey: host.random.bytes(32), name: 'Other' }, signal);
	expect(joined).toMatchObject({ ok: false, failure: { type: 'LibraryExists' } });
	library.close();
	expect(given(await library.unlock({ by: 'device' }, signal)).state).toBe('open');
	expect(library.key()).toEqual(key);
});

test('a second copy on the same device leaves the first one open to it', async () => {
	const host = createSimHost(4);
	const [first, second] = [createLibrary(host, 'first', 1_000), createLibrary(host, 'second', 1_000)];
	const { id } = given(await first.create({ name: 'Home', password: null }, signal));
	const libraryKey = first.key()?.slice() ?? new Uint8Array(0);
	given(await second.join({ id, libraryKey, name: 'Home' }, signal));
	for (const library of [first, second]) {
		library.close();
		expect(given(await library.unlock({ by: 'device' }, signal)).state).toBe('open');
	}
});
