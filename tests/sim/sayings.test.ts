import { describe, expect, test } from 'vitest';
import { createSimRandom, testSeed } from './host/random.ts';
import { bringAll, createPeer, runSchedule, type Peer } from './sayings-world.ts';

function world(count: number): Peer[] {
	return Array.from({ length: count }, (_, at) => createPeer('abcde'.charAt(at), 4));
}

describe('devices that say things of files', () => {
	test('all say the same once they have met', () => {
		const seed = testSeed('sayings');
		for (let schedule = 0; schedule < 20; schedule++) {
			const random = createSimRandom(seed + schedule);
			const peers = world(2 + random.integer(4));
			runSchedule(random, peers, 120);
			bringAll(peers);
			for (const peer of peers) expect(peer.dump(), `seed ${seed + schedule}`).toBe(peers[0]?.dump());
		}
	});
});
