import { expect, test } from 'vitest';
import { coreCases } from '../conformance/core.ts';
import { testSeed } from './host/random.ts';
import { createSimWorld } from './world.ts';
import { isNightly } from '../tier.ts';

/** Each walk changes a folder 180 times and indexes it 13 times. */
const walks = isNightly ? 500 : 12;

test('the index follows any changes, by many seeds', { timeout: 600_000 }, async () => {
	const walk = coreCases.find(({ title }) => title.startsWith('after any changes'));
	expect(walk).toBeDefined();
	const first = testSeed('index walks');
	for (let n = 0; n < walks; n++) await walk?.run(createSimWorld(first + n), first + n);
});
