import { describe, expect, test } from 'vitest';
import { createSimRandom, testSeed } from './host/random.ts';
import { findFault } from './peer-checks.ts';
import { drawMixed, expectSound } from './peer-schedule.ts';
import { PeerWorld } from './peer-world.ts';
import { isNightly } from '../tier.ts';

const schedules = isNightly ? 1_000 : 2;

describe('devices of this version and of one to come (T22)', () => {
	test(
		'are the same again, whatever befell them, and nothing that only the later one knows of is lost on the way',
		async () => {
			const random = createSimRandom(testSeed('mixed versions'));
			for (let n = 0; n < schedules; n++) await expectSound(drawMixed(random.integer(2 ** 32)));
		},
		4 * 3_600_000
	);

	/** The first and the last are later and never meet; the one between them is of this version. */
	const inARow = async (meanwhile: (world: PeerWorld) => void) => {
		const links = [
			[0, 1],
			[1, 2]
		] as const;
		const world = new PeerWorld({ seed: 22, peers: 3, hasPeople: true, later: [0, 2], links });
		await world.begin();
		await world.take({ do: 'act', peer: 0, deed: 'create-tag', which: 1 });
		await world.take({ do: 'wait', ms: 5_000 });
		await world.take({ do: 'part', bits: 0b100 });
		for (const which of [2, 7]) await world.take({ do: 'say-later', peer: 0, which });
		await world.take({ do: 'act', peer: 0, deed: 'tag', which: 4 });
		await world.take({ do: 'wait', ms: 5_000 });
		meanwhile(world);
		await world.settle();
		const fault = await findFault(world);
		const said = world.peers.map(({ laterFacts }) => laterFacts.length);
		await world.close();
		return { fault, said };
	};

	test('what one of them says goes on through one that knows nothing of it', async () => {
		expect(await inARow(() => undefined)).toEqual({ fault: null, said: [2, 0, 0] });
	});

	test('control: one that keeps only what it understands is found out', async () => {
		const { fault } = await inARow(({ peers }) => {
			const database = peers[1]?.database;
			database?.write(() => database.prepare('DELETE FROM fact WHERE kind >= 60000').run());
		});
		expect(fault).toMatch(/^lost: what a later version has said, on device [12]/);
	});
});
