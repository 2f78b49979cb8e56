import { describe, expect, test } from 'vitest';
import { isNightly } from '../tier.ts';
import { DirectWorld } from './direct-world.ts';
import { createSimRandom, testSeed } from './host/random.ts';

/** After its relay was lost a device is back at it within this, beside the time that the way takes. */
const backMs = 6_000;

describe('two devices that are linked through a relay', () => {
	test('are linked through it at once, and directly as soon as that works; what is under way comes over', async () => {
		const world = new DirectWorld(1);
		world.ether.isOpen = false;
		const [cellar, laptop] = await world.begin();
		await world.linked('relayed');
		for (let n = 0; n < 500; n++) cellar.write(`row ${n}`, 'x'.repeat(2_000));
		world.ether.isOpen = true;
		await world.linked('direct', 300_000);
		laptop.write('late', 'y');
		await world.level();
		expect(world.relayedNow, 'nothing is left of the worse link').toBe(0);
		expect(laptop.registers().rows()).toHaveLength(501);
		await world.close();
	});

	test('stay so where there is no way: a try changes nothing, and the next ones come later and later', async () => {
		const world = new DirectWorld(2);
		world.ether.isOpen = false;
		const [cellar] = await world.begin();
		await world.linked('relayed');
		const before = world.relayed.length;
		for (let minute = 0; minute < 60; minute++) {
			cellar.write('row', String(minute));
			await world.level(1_000);
			await world.clock.advance(60_000);
			expect([await world.wayOf(cellar), world.relayedNow]).toEqual(['relayed', 1]);
		}
		expect(world.relayed).toHaveLength(before);
		expect(world.ether.tries).toBeGreaterThan(3);
		expect(world.ether.tries).toBeLessThan(9);
		await world.close();
	});

	test('go back to the relay at once when the direct way is lost, and leave it again when that is back', async () => {
		const world = new DirectWorld(3);
		const [cellar, laptop] = await world.begin();
		await world.linked('direct');
		await world.clock.advance(60_000);
		world.ether.isOpen = false;
		world.ether.cut();
		const fromMs = world.clock.elapsedMs();
		cellar.write('while away', 'x');
		await world.linked('relayed');
		await world.level();
		expect(world.clock.elapsedMs() - fromMs).toBeLessThan(2_000);
		expect(laptop.registers().rows()).toHaveLength(1);
		world.ether.isOpen = true;
		await world.linked('direct', 300_000);
		expect(world.relayedNow).toBe(0);
		await world.close();
	});

	test('need the relay no more once they are linked directly', async () => {
		const world = new DirectWorld(4);
		const [cellar, laptop] = await world.begin();
		await world.linked('direct');
		world.hasRelay = false;
		world.cutRelay();
		for (let minute = 0; minute < 10; minute++) await world.clock.advance(60_000);
		laptop.write('row', 'x');
		await world.level(1_000);
		expect([await world.wayOf(cellar), world.relayedNow]).toEqual(['direct', 0]);
		await world.close();
	});

	test('keep the direct link where one through the relay comes beside it, whoever dials that', async () => {
		const world = new DirectWorld(7);
		const machines = await world.begin();
		await world.linked('direct');
		const before = world.ether.links.length;
		for (const machine of machines) {
			world.dialAnew(machine);
			await world.clock.advance(5_000);
			expect([await world.wayOf(machine), world.relayedNow]).toEqual(['direct', 0]);
		}
		expect(world.ether.links).toHaveLength(before);
		await world.close();
	});

	test('stay at the relay where one of them cannot', async () => {
		const world = new DirectWorld(5);
		await world.begin(false);
		await world.linked('relayed');
		for (let minute = 0; minute < 10; minute++) await world.clock.advance(60_000);
		await world.linked('relayed', 1_000);
		expect(world.ether.links).toHaveLength(0);
		await world.close();
	});

	test('are parted at once, by whatever way, when a person removes one of them', async () => {
		const world = new DirectWorld(6);
		const [cellar, laptop] = await world.begin();
		await world.linked('direct');
		const listed = await cellar.core.commands['devices.list'](
			{},
			{ signal: new AbortController().signal, command: '' as never }
		);
		const device = listed.ok ? listed.value.find(({ isThis }) => !isThis)?.id : undefined;
		if (device === undefined) throw new Error('no other device');
		const signal = new AbortController().signal;
		await cellar.core.commands['devices.revoke']({ device }, { signal, command: 'ab'.repeat(16) as never });
		await world.until(async () => ((await world.wayOf(laptop)) === 'none' ? true : null), 2_000);
		const tries = world.ether.tries;
		for (let minute = 0; minute < 10; minute++) await world.clock.advance(60_000);
		expect([world.ether.tries, world.relayedNow]).toEqual([tries, 0]);
		await world.close();
	});
});

type Deed =
	'write' | 'wait' | 'lose direct' | 'direct is back' | 'cut direct' | 'cut relay' | 'lose relay' | 'relay is back';
const deeds: readonly Deed[] = [
	'write',
	'write',
	'wait',
	'wait',
	'lose direct',
	'direct is back',
	'cut direct',
	'cut relay',
	'lose relay',
	'relay is back'
];

function take(world: DirectWorld, deed: Deed, which: number): void {
	if (deed === 'write') world.machines[which % 2]?.write(`row ${which}`, 'x'.repeat(which * 40));
	if (deed === 'lose direct' || deed === 'lose relay') {
		if (deed === 'lose direct') world.ether.isOpen = false;
		else world.hasRelay = false;
	}
	if (deed === 'direct is back') world.ether.isOpen = true;
	if (deed === 'relay is back') world.hasRelay = true;
	if (deed === 'cut direct' || deed === 'lose direct') world.ether.cut();
	if (deed === 'cut relay' || deed === 'lose relay') world.cutRelay();
}

describe('T23: whatever becomes of their ways', () => {
	const runs = isNightly ? 300 : 4;
	test(
		`two devices come to the same, with one link in the end, in ${runs} schedules`,
		{ timeout: isNightly ? 1_800_000 : 60_000 },
		async () => {
			const seed = testSeed('ways of two devices');
			for (let run = 0; run < runs; run++) {
				const random = createSimRandom(seed + run);
				const world = new DirectWorld(seed + run);
				await world.begin();
				const written = new Set<string>();
				for (let step = 0; step < 25; step++) {
					const [deed, which] = [deeds[random.integer(deeds.length)] ?? 'wait', random.integer(500)];
					if (deed === 'write') written.add(`row ${which}`);
					take(world, deed, which);
					await world.clock.advance(deed === 'wait' ? random.integer(40_000) : random.integer(300));
				}
				world.ether.isOpen = true;
				world.hasRelay = true;
				const what = `seed ${seed + run}`;
				await world.level(30_000).catch(() => expect.unreachable(`${what}: not level`));
				const rows = new Set(
					world.machines[1]
						?.registers()
						.rows()
						.map(({ key }) => key)
				);
				expect(
					[...written].filter((key) => !rows.has(key)),
					what
				).toEqual([]);
				// The last try may have failed just now.
				await world.linked('direct', 45 * 60_000).catch(() => expect.unreachable(`${what}: not direct`));
				await world.clock.advance(backMs);
				expect(world.relayedNow, what).toBe(0);
				await world.close();
			}
		}
	);
});
