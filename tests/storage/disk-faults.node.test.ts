import { expect, test, vi } from 'vitest';
import { SqlFault } from '#core/ports';
import { keyed } from '../conformance/database.ts';
import { never, Unmet, valueOf } from '../conformance/expectation.ts';
import { createSimClock } from '../sim/host/clock.ts';
import { SimDisk, type FullManner } from '../sim/host/disk.ts';
import { createSimRandom, testSeed } from '../sim/host/random.ts';
import { createSimDatabase, createSimEngine } from '../sim/host/sim-host.ts';
import { isNightly } from '../tier.ts';
import { batches, check, voyage, type Log } from './voyage.ts';

vi.setConfig({ testTimeout: 600_000 });

const manners: readonly FullManner[] = ['throws', 'short', 'nonsense'];
const schedules = isNightly ? 300 : 100;
/** A fault at each so manyth operation. */
const stride = isNightly ? 1 : 3;

function emptyLog(): Log {
	return { header: 0, created: false, batch: 0 };
}

/** What stopped `work`: the type of a port's failure or the code of a fault; null when nothing did. */
async function stopOf(work: () => Promise<void>): Promise<string | null> {
	try {
		await work();
		return null;
	} catch (error) {
		if (error instanceof SqlFault) return error.code;
		if (error instanceof Unmet) return /"type":"(\w+)"/.exec(error.message)?.[1] ?? error.message;
		throw error;
	}
}

test(`${schedules} disks that fill up lose nothing, go on reading, and go on when there is room`, async () => {
	const seed = testSeed('full disk');
	const engine = await createSimEngine();
	const stops = new Map<string, number>();
	for (let at = 0; at < schedules; at++) {
		const random = createSimRandom((seed + at) >>> 0);
		const disk = new SimDisk(random);
		disk.fullManner = manners[at % manners.length] ?? 'throws';
		disk.capacityBytes = random.integer(250_000);
		const port = createSimDatabase(disk, createSimClock(), engine);
		const log = emptyLog();
		const stop = await stopOf(() => voyage(port, log));
		stops.set(String(stop), (stops.get(String(stop)) ?? 0) + 1);
		expect([`ATOLL_SEED=${seed + at}`, ['DiskFull', 'full', null].includes(stop)]).toEqual([
			`ATOLL_SEED=${seed + at}`,
			true
		]);
		if (log.created) {
			const connection = keyed(valueOf(await port.connect('one.sdlibrary', never)));
			expect(connection.prepare('PRAGMA integrity_check').column()).toEqual(['ok']);
			expect(connection.prepare('SELECT batch FROM counter').column()).toEqual([log.batch]);
			connection.close();
		}
		disk.capacityBytes = Infinity;
		await check(port, log);
	}
	// Each way of stopping was met: as a failure of the port, as a fault of a statement, and not at all.
	expect([...stops.keys()].toSorted()).toEqual(['DiskFull', 'full', 'null']);
	console.info(`full disk: ${JSON.stringify(Object.fromEntries(stops))}`);
});

test('a device error at any operation is told, loses nothing and leaks no handle', async () => {
	const engine = await createSimEngine();
	const whole = new SimDisk(createSimRandom(1));
	await voyage(createSimDatabase(whole, createSimClock(), engine), emptyLog());
	let told = 0;
	for (let at = 0; at < whole.operations; at += stride) {
		const disk = new SimDisk(createSimRandom(at));
		disk.failAt = at;
		const port = createSimDatabase(disk, createSimClock(), engine);
		const log = emptyLog();
		const stop = await stopOf(() => voyage(port, log));
		if (stop !== null) told++;
		else expect([at, log.batch]).toEqual([at, batches]);
		expect([at, ['StorageFailed', 'io', null].includes(stop)]).toEqual([at, true]);
		disk.failAt = null;
		await check(port, log);
	}
	// What fails unseen is cleaning up after an answer was given already.
	expect(told).toBeGreaterThan((whole.operations / stride) * 0.95);
	console.info(`device errors: ${told} of ${whole.operations} told`);
});

test('a write that was refused and believed would be found out (negative control)', async () => {
	const engine = await createSimEngine();
	let lost = 0;
	for (let at = 0; at < 40; at++) {
		const disk = new SimDisk(createSimRandom(at));
		disk.fullManner = 'lies';
		disk.capacityBytes = at * 4_000;
		const port = createSimDatabase(disk, createSimClock(), engine);
		const log = emptyLog();
		const stop = await stopOf(() => voyage(port, log));
		disk.capacityBytes = Infinity;
		if ((stop !== null && stop !== 'full') || (await stopOf(() => check(port, log))) !== null) lost++;
	}
	expect(lost).toBeGreaterThan(0);
});
