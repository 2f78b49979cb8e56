import { describe, test } from 'vitest';
import { testSeed } from '../sim/host/random.ts';
import { createSimWorld } from '../sim/world.ts';
import { coreCases } from './core.ts';

describe('the core in the simulator', () => {
	for (const { title, run } of coreCases) {
		test(title, async () => {
			const seed = testSeed(title);
			await run(createSimWorld(seed), seed);
		});
	}
});
