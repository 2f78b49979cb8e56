import { afterAll, describe, expect, test } from 'vitest';
import { clockCases } from './clock.ts';
import { computeCases } from './compute.ts';
import { databaseCases } from './database.ts';
import { fileChangesCases } from './file-changes.ts';
import { fileStepsCases } from './file-steps.ts';
import { filesCases } from './files.ts';
import { randomCases } from './random.ts';
import { secretsCases } from './secrets.ts';
import { volumesCases } from './volumes.ts';

const worker = new Worker(new URL('./suite.worker.ts', import.meta.url), { type: 'module' });
afterAll(() => worker.terminate());

/** What went wrong in the worker, or null. */
function outcome(suite: string, name: string): Promise<unknown> {
	return new Promise((resolve, reject) => {
		worker.onmessage = ({ data }: MessageEvent<unknown>) => resolve(data);
		worker.onerror = ({ message }) => reject(new Error(message));
		worker.postMessage({ suite, name });
	});
}

const suites = {
	database: databaseCases,
	files: filesCases,
	'file changes': fileChangesCases,
	'file changes by stream': fileChangesCases,
	'file steps': fileStepsCases,
	'file steps by stream': fileStepsCases,
	clock: clockCases,
	random: randomCases,
	secrets: secretsCases,
	compute: computeCases,
	volumes: volumesCases
};

for (const [suite, cases] of Object.entries(suites)) {
	describe(`${suite} in Chromium`, () => {
		for (const name of Object.keys(cases))
			test(name, { timeout: 60_000 }, async () => expect(await outcome(suite, name)).toBeNull());
	});
}
