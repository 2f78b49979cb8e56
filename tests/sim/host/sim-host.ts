import { readFileSync } from 'node:fs';
import type { Host } from '#core/ports';
import { createDatabase } from '../../../src/workers/host/database.ts';
import { createSqliteEngine, type EngineOptions, type SqliteEngine } from '../../../src/workers/host/sqlite/engine.ts';
import { createSimClock, type SimClock } from './clock.ts';
import { createSimCompute } from './compute.ts';
import { SimDisk } from './disk.ts';
import { SimFileChanges } from './file-changes.ts';
import { SimFiles } from './files.ts';
import { createSimRandom, type SimRandom } from './random.ts';
import { createSimSecrets, type SimSecrets } from './secrets.ts';
import { SimVolumes } from './volumes.ts';

export type SimHost = Host & {
	readonly clock: SimClock;
	readonly files: SimFiles;
	readonly changes: SimFileChanges;
	readonly random: SimRandom;
	readonly secrets: SimSecrets;
	readonly volumes: SimVolumes;
	/** The disk that holds the libraries, under `libraries/`. */
	readonly disk: SimDisk;
};

/** SQLite's code, compiled as the browser compiles it. */
export function wasmBinary(): Uint8Array {
	return readFileSync(new URL(import.meta.resolve('@journeyapps/wa-sqlite/dist/mc-wa-sqlite.wasm')));
}

/** An engine of its own for a test that bends it; most share one. */
export function createSimEngine(options: Partial<EngineOptions> = {}): Promise<SqliteEngine> {
	return createSqliteEngine({
		wasm: { binary: wasmBinary() },
		randomBytes: (length) => crypto.getRandomValues(new Uint8Array(length)),
		nowMs: () => 0,
		...options
	});
}

let sharedEngine: Promise<SqliteEngine> | null = null;

/** The browser's database port over a simulated disk. */
export function createSimDatabase(disk: SimDisk, clock: SimClock, engine?: SqliteEngine): Host['database'] {
	return createDatabase({
		libraries: () => disk.root.getDirectoryHandle('libraries', { create: true }),
		engine: async () => engine ?? (sharedEngine ??= createSimEngine()),
		clock,
		// Nobody ends slowly here, and waiting would want the test to advance the clock.
		patienceMs: 0,
		where: 'simulated disk'
	});
}

/** A whole device in memory, ruled by `seed`. A second host over the same `disk` is the device after a restart. */
export function createSimHost(seed: number, disk?: SimDisk, clock: SimClock = createSimClock()): SimHost {
	const random = createSimRandom(seed);
	const ownDisk = disk ?? new SimDisk(random);
	const files = new SimFiles(clock);
	return {
		clock,
		random,
		disk: ownDisk,
		files,
		changes: new SimFileChanges(files, random),
		volumes: new SimVolumes(files),
		secrets: createSimSecrets(),
		compute: createSimCompute(),
		database: createSimDatabase(ownDisk, clock)
	};
}
