import { expect, test, vi } from 'vitest';
import { LibraryVfs } from '../../src/workers/host/sqlite/library-vfs.ts';
import type { SqliteEngine } from '../../src/workers/host/sqlite/engine.ts';
import { writeFlushed } from '../../src/workers/host/stored-folder.ts';
import { never } from '../conformance/expectation.ts';
import { createSimClock } from '../sim/host/clock.ts';
import { SimDisk } from '../sim/host/disk.ts';
import { createSimRandom, testSeed, type SimRandom } from '../sim/host/random.ts';
import { createSimDatabase, createSimEngine } from '../sim/host/sim-host.ts';
import { check, voyage, type Log } from './voyage.ts';
import { isNightly } from '../tier.ts';

vi.setConfig({ testTimeout: 600_000 });

/** Cut points of T02. */
const cuts = isNightly ? 20_000 : 200;
/** A negative control ends at its first loss; with the protection removed one comes in far fewer. */
const controlCuts = 200;

type Setting = { readonly engine: SqliteEngine; readonly flushes: boolean };

/** How many operations on the disk a whole voyage takes. */
async function lengthOf({ engine }: Setting): Promise<number> {
	const disk = new SimDisk(createSimRandom(1));
	await voyage(createSimDatabase(disk, createSimClock(), engine), { header: 0, created: false, batch: 0 });
	return disk.operations;
}

/** Runs `work`; it may fail only when the power went meanwhile. */
async function untilLoss(disk: SimDisk, work: () => Promise<void>): Promise<void> {
	const before = disk.losses;
	try {
		await work();
	} catch (error) {
		if (disk.losses === before) throw error;
	}
}

/** One life of a library that ends at a random operation; throws when something acknowledged is lost or torn. */
async function cut(random: SimRandom, length: number, { engine, flushes }: Setting): Promise<void> {
	const disk = new SimDisk(random);
	disk.flushes = flushes;
	disk.powerLossAt = random.integer(length);
	const log: Log = { header: 0, created: false, batch: 0 };
	await untilLoss(disk, () => voyage(createSimDatabase(disk, createSimClock(), engine), log));
	if (disk.losses === 0) disk.crash();
	// The power may go again while the damage is repaired.
	if (random.chance(0.3)) {
		disk.powerLossAt = disk.operations + random.integer(40);
		await untilLoss(disk, () => check(createSimDatabase(disk, createSimClock(), engine), log));
		disk.powerLossAt = null;
		disk.kill();
	}
	await check(createSimDatabase(disk, createSimClock(), engine), log);
}

/** The seed of the first of `count` cuts that loses something, or null. */
async function firstLoss(first: number, count: number, setting: Setting): Promise<string | null> {
	const length = await lengthOf(setting);
	for (let at = 0; at < count; at++) {
		const seed = (first + at) >>> 0;
		try {
			await cut(createSimRandom(seed), length, setting);
		} catch (error) {
			return `ATOLL_SEED=${seed}: ${String(error)}`;
		}
	}
	return null;
}

test(`${cuts} losses of power lose nothing that was acknowledged`, async () => {
	const seed = testSeed('power loss');
	const setting = { engine: await createSimEngine(), flushes: true };
	const startMs = performance.now();
	const length = await lengthOf(setting);
	expect(await firstLoss(seed, cuts, setting)).toBeNull();
	console.info(
		`power loss: ${cuts} cuts over ${length} operations, ${((performance.now() - startMs) / cuts).toFixed(1)} ms each`
	);
});

test('a disk that does not flush is found out (negative control)', async () => {
	const seed = testSeed('power loss without flush');
	expect(await firstLoss(seed, controlCuts, { engine: await createSimEngine(), flushes: false })).not.toBeNull();
});

test('sectors as long as a page are found out (negative control)', async () => {
	const seed = testSeed('power loss with long sectors');
	class LongSectorVfs extends LibraryVfs {
		override xSectorSize(): number {
			return 4_096;
		}
	}
	const engine = await createSimEngine({ createVfs: (module, sources) => new LongSectorVfs(module, sources) });
	const loss = await firstLoss(seed, controlCuts, { engine, flushes: true });
	expect(loss).toMatch(/malformed|not a database|corrupt/);
});

test('sectors are shorter than a page', async () => {
	const sizes: number[] = [];
	class TellingVfs extends LibraryVfs {
		override xSectorSize(file: number): number {
			sizes.push(super.xSectorSize(file));
			return super.xSectorSize(file);
		}
	}
	const engine = await createSimEngine({ createVfs: (module, sources) => new TellingVfs(module, sources) });
	await lengthOf({ engine, flushes: true });
	expect(new Set(sizes)).toEqual(new Set([512]));
});

test('a header written in place is found out (negative control)', async () => {
	const seed = testSeed('header in place');
	const outcomes = new Set<string>();
	for (let at = 0; at < 100; at++) {
		const disk = new SimDisk(createSimRandom(seed + at));
		await writeFlushed(disk.root, 'library.json', [new Uint8Array(1_500).fill(1)], never);
		disk.powerLossAt = disk.operations + 1;
		await untilLoss(disk, async () => {
			await writeFlushed(disk.root, 'library.json', [new Uint8Array(1_500).fill(2)], never);
		});
		const bytes = disk.contents().get('library.json') ?? new Uint8Array(0);
		outcomes.add(bytes.length === 1_500 && new Set(bytes).size === 1 ? 'whole' : 'torn');
	}
	expect(outcomes).toContain('torn');
});
