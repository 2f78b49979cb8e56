import { join } from 'node:path';
import { createNodeHost } from '../../../peer/host/node-host.ts';
import type { Figure } from '../figure.ts';
import { syncFigures, syncTries, timeFirstSync, type FirstSync } from '../sync-workload.ts';
import { temporaryFolder } from './node-library.ts';

export async function measureSyncIndex(): Promise<Figure[]> {
	const all: FirstSync[] = [];
	while (all.length < syncTries) {
		const { path, remove } = temporaryFolder();
		const host = createNodeHost({ secretsFolder: join(path, 'secrets') });
		all.push(await timeFirstSync(host, (number) => join(path, `${number}.sdlibrary`)));
		remove();
	}
	return syncFigures('node', all);
}
