import type { Host } from '#core/ports';
import { createClock } from './clock.ts';
import { createCompute } from './compute.ts';
import { createDatabase } from './database.ts';
import { createFileChanges } from './file-changes.ts';
import { createFiles } from './files.ts';
import { createRandom } from './random.ts';
import { createSecrets } from './secrets.ts';
import { createVolumes } from './volumes.ts';

export type NodeHostOptions = {
	/** Where this device keeps its own secrets, apart from any library. */
	readonly secretsFolder: string;
	/** Where `list` looks for libraries; null lists none, and a library is opened by its path. */
	readonly librariesFolder?: string | null;
};

/** Everything that Node lends to the core. */
export function createNodeHost(options: NodeHostOptions): Host {
	return {
		database: createDatabase(options.librariesFolder ?? null),
		files: createFiles(),
		changes: createFileChanges(),
		clock: createClock(),
		random: createRandom(),
		secrets: createSecrets(options.secretsFolder),
		compute: createCompute(),
		volumes: createVolumes()
	};
}
