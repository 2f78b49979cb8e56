import { describe, expect, test } from 'vitest';
import { coreCases } from './core.ts';
import { testSeed } from '../sim/host/random.ts';

describe('the core in Chromium', () => {
	for (const { title } of coreCases) {
		test(title, { timeout: 60_000 }, async () => {
			const seed = testSeed(title);
			const worker = new Worker(new URL('./core.worker.ts', import.meta.url), { type: 'module' });
			const failure = await new Promise<string | null>((resolve) => {
				worker.addEventListener('message', ({ data }: MessageEvent<{ failure: string | null }>) =>
					resolve(data.failure)
				);
				worker.addEventListener('error', (event) => resolve(event.message));
				worker.postMessage({ title, seed });
			});
			worker.terminate();
			expect(failure).toBeNull();
		});
	}
});
