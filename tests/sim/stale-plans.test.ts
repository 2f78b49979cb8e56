import { expect, test } from 'vitest';
import { prepared } from './moving-world.ts';
import { createSimRandom, testSeed } from './host/random.ts';

/** So many that names and entries are read in sets. */
const files = 300;

test('of many chosen files each one that is changed, gone, moved or come in the way makes the plan stale, and is told', async () => {
	const random = createSimRandom(testSeed('stale plans'));
	const many = Object.fromEntries(Array.from({ length: files }, (_, at) => [`f${at}.txt`, at + 1]));
	const { host, driver, index, id } = await prepared({ hasInodes: true, tree: { many, to: {}, from: { a: 1 } } });
	const [folder, to] = [await id('many'), await id('to')];
	const order = { by: 'name', descending: false } as const;
	const ids = async () => [...(await driver.value('entries.ids', { folder, order }))];
	const chosen = await ids();
	const changes: readonly ((name: string, entry: number) => string)[] = [
		(name, entry) => {
			host.files.overwrite(`/disk/home/many/${name}`, random.bytes(40));
			return `entry/${entry}`;
		},
		(name) => {
			host.files.put('/disk/home/to', { [name]: 5 });
			return `name/${to}/${name}`;
		},
		(name, entry) => {
			host.files.remove(`/disk/home/many/${name}`);
			return `entry/${entry}`;
		}
	];
	const actions = [
		['files.move', { entries: chosen, folder: to }],
		['files.copy', { entries: chosen, folder: to }],
		['files.trash', { entries: chosen }]
	] as const;
	const touched = new Set<number>();
	for (let round = 0; round < 18; round++) {
		const [action, input] = actions[round % 3] ?? actions[0];
		const request = { action, input };
		const plan = await driver.value('actions.preview', request);
		expect((await driver.value('actions.preview', request)).id, 'the same world, the same plan').toBe(plan.id);
		// What came in the way of a file earlier is no longer asked for when that file goes: a change more.
		const left = (await ids()).filter((known) => !touched.has(known));
		const entry = left[random.integer(left.length)] ?? 0;
		touched.add(entry);
		const [row] = await driver.value('entries.rows', { ids: [entry] });
		// What comes into another folder is nothing to the trash.
		const change = changes[action === 'files.trash' ? (round % 2) * 2 : Math.floor(round / 3) % 3];
		const subject = change?.(row?.name ?? '', entry) ?? '';
		await index();
		const refused = await driver.failure('actions.commit', { ...request, plan: plan.id });
		expect(refused, `${action}, round ${round}`).toMatchObject({ type: 'PlanStale' });
		const changed = refused.type === 'PlanStale' ? refused.changed : [];
		// Where it is gone nobody asks what has its name elsewhere.
		expect(changed, `${action}, round ${round}`).toContain(subject);
		expect(changed.length, `${action}, round ${round}: ${changed.join(' ')}`).toBeLessThanOrEqual(2);
	}
});
