import wasmUrl from '@journeyapps/wa-sqlite/dist/mc-wa-sqlite.wasm?url';
import type { Host } from '#core/ports';
import { createClock } from './clock.ts';
import { createCompute } from './compute.ts';
import { createDatabase } from './database.ts';
import { createFileChanges } from './file-changes.ts';
import { createFiles } from './files.ts';
import { OutsideFiles } from './outside-files.ts';
import { createRandom } from './random.ts';
import { createSecrets } from './secrets.ts';
import { browserStorage } from './storage-failure.ts';
import { createSqliteEngine, type SqliteEngine } from './sqlite/engine.ts';
import { createVolumes } from './volumes.ts';
import type { StoredFolder } from './stored-folder.ts';

const librariesName = 'libraries';
/** A worker that ends between two transactions lets go in some 20 ms; one that is stuck, Chromium kills after 2 s. */
const patienceMs = 3_000;

async function libraries(): Promise<StoredFolder> {
	const root = await navigator.storage.getDirectory();
	return root.getDirectoryHandle(librariesName, { create: true });
}

/** Everything that a dedicated worker of a browser lends to the core, and what pages have at hand. */
export function createBrowserHost(): Host & { readonly outside: OutsideFiles } {
	const clock = createClock();
	const random = createRandom();
	const outside = new OutsideFiles(clock);
	let engine: Promise<SqliteEngine> | null = null;
	const startEngine = () => {
		engine ??= createSqliteEngine({
			wasm: { url: wasmUrl },
			randomBytes: (length) => random.bytes(length),
			nowMs: () => clock.nowMs()
		}).catch((error: unknown) => {
			// The next one to ask starts it anew.
			engine = null;
			throw error;
		});
		return engine;
	};
	return {
		database: createDatabase({ libraries, engine: startEngine, clock, patienceMs, where: browserStorage }),
		files: outside.over(createFiles()),
		outside,
		changes: createFileChanges(),
		clock,
		random,
		secrets: createSecrets(),
		compute: createCompute(),
		volumes: createVolumes()
	};
}
