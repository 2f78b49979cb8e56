import { expect, test } from 'vitest';
import { deviceId } from '#core/kernel';
import { createSayingsDomain, dump } from '#core/sayings';
import { openDatabase } from '#core/schema';
import { nameThisDevice } from '#core/sync';
import { createSimHost, type SimHost } from './host/sim-host.ts';
import { idOf, written } from './sayings-world.ts';

const folder = 's.sdlibrary';
const device = deviceId(idOf('a'));

/** Opens the library of a device, as after each start of its program. */
async function start(host: SimHost, expected: 'new' | 'existing' = 'existing') {
	const connection = await host.database.connect(folder, new AbortController().signal);
	if (!connection.ok) throw new Error(connection.failure.type);
	const opened = openDatabase(connection.value, { rawKey: '1f'.repeat(48), where: 'here', expect: expected });
	if (!opened.ok) throw new Error(opened.failure.type);
	const database = opened.value;
	written(database, () => nameThisDevice(database, device, host.clock.nowMs()));
	const domain = createSayingsDomain({ database, clock: host.clock, onMerged: () => undefined });
	const facts = () => Number(database.prepare('SELECT count(*) FROM fact').column()[0]);
	return { database, domain, facts, close: () => connection.value.close() };
}

const tag = `INSERT INTO tag (id, key, name, colour, icon, privacy) VALUES (1, '${idOf('1')}', 'T', 'red', 'tag', 'normal')`;

test('what was begun goes on after a restart, and what was said has the highest stamp also where the clock is behind', async () => {
	const host = createSimHost(1);
	const first = await start(host, 'new');
	written(first.database, () => first.database.prepare(tag).run());
	first.close();
	const second = await start(host);
	expect(second.facts()).toBe(0);
	second.domain.have();
	expect(second.facts()).toBe(2);
	second.close();
	host.clock.setNow(host.clock.nowMs() - 86_400_000);
	const third = await start(host);
	written(third.database, () => third.database.prepare(`UPDATE tag SET name = 'Other'`).run());
	expect(third.database.prepare('SELECT kind FROM fact ORDER BY stamp').column()).toEqual([12, 6, 6]);
	const other = await start(createSimHost(2), 'new');
	written(other.database, () => {
		other.database.prepare('DELETE FROM device').run();
		nameThisDevice(other.database, deviceId(idOf('b')), 0);
	});
	const next = third.domain.next(other.domain.have(), 1_000_000);
	if (!next?.ok) throw new Error('there is something to say');
	expect(other.domain.merge(device, next.value.batch).ok).toBe(true);
	expect(dump(other.database)).toBe(dump(third.database));
	third.close();
	other.close();
});

test('what is taken back by a failure leaves no fact', async () => {
	const { database, domain, facts, close } = await start(createSimHost(1), 'new');
	domain.have();
	const before = facts();
	expect(() =>
		database.write(() => {
			database.prepare(tag).run();
			throw new Error('a defect');
		})
	).toThrow('a defect');
	written(database, () => database.prepare(`UPDATE tag SET name = 'none'`).run());
	expect(facts()).toBe(before);
	close();
});
