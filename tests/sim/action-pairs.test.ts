import { expect, test } from 'vitest';
import type { EntryId } from '#core/kernel';
import { dump } from '../conformance/core-driver.ts';
import { noFlaws, prepared, walk } from './moving-world.ts';
import { createSimRandom, testSeed } from './host/random.ts';
import { isNightly } from '../tier.ts';

const text = (letters: string) => new TextEncoder().encode(letters);
/** No two files have the same bytes, so that each can be looked for. */
const tree = {
	a: { 'f.txt': text('f'), b: { 'g.txt': text('gg'), c: { 'h.txt': text('hhh') } } },
	d: { 'f.txt': text('other'), e: {} }
};

type At = (path: string) => EntryId;
type Operation = { readonly name: string; readonly action: string; readonly input: (at: At) => unknown };

const moving = (name: string, path: string, folder: string, conflicts = 'keep-both'): Operation => ({
	name,
	action: 'files.move',
	input: (at) => ({ entries: [at(path)], folder: at(folder), conflicts })
});
const copying = (name: string, path: string, folder: string): Operation => ({
	...moving(name, path, folder),
	action: 'files.copy'
});
const renaming = (name: string, path: string, to: string): Operation => ({
	name,
	action: 'files.rename',
	input: (at) => ({ renames: [{ entry: at(path), name: to }] })
});
const trashing = (name: string, path: string): Operation => ({
	name,
	action: 'files.trash',
	input: (at) => ({ entries: [at(path)] })
});

/** Each of them has to do with most of the others: places, names, what holds it, what it holds. */
const operations: readonly Operation[] = [
	moving('b under d', 'a/b', 'd'),
	moving('d under b', 'd', 'a/b'),
	moving('a under e', 'a', 'd/e'),
	moving('c up', 'a/b/c', 'a'),
	moving('f over the other', 'a/f.txt', 'd', 'replace'),
	copying('copy of a to e', 'a', 'd/e'),
	copying('copy of f', 'a/f.txt', 'a'),
	renaming('b is b2', 'a/b', 'b2'),
	renaming('f is g', 'a/f.txt', 'g.txt'),
	trashing('no b', 'a/b'),
	trashing('no other f', 'd/f.txt'),
	{ name: 'new folder x', action: 'files.make-folder', input: (at) => ({ folder: at('a/b'), name: 'x' }) }
];

const starts: readonly string[] = ['a', 'a/f.txt', 'a/b', 'a/b/g.txt', 'a/b/c', 'a/b/c/h.txt', 'd', 'd/f.txt', 'd/e'];

type Outcome = { readonly isStale: boolean };

/** Plans two operations at the same moment, and commits one after the other. */
async function both(seed: number, first: Operation, second: Operation): Promise<Outcome> {
	const { host, driver, id, index } = await prepared({ hasInodes: true, tree, seed }, { runsJobs: 'asked' });
	host.changes.disks.push('/disk');
	const ids = new Map<string, EntryId>();
	for (const path of starts) ids.set(path, await id(path));
	const at: At = (path) => ids.get(path) ?? (0 as EntryId);
	const requests = [first, second].map(({ action, input }) => ({ action, input: input(at) }));
	const plans = [];
	for (const request of requests) plans.push(await driver.value('actions.preview', request));
	let isStale = false;
	for (const [nth, request] of requests.entries()) {
		const plan = plans[nth];
		if (plan === undefined || plan.operations.length === 0) continue;
		const refusal = await driver.refusal('actions.commit', { ...request, plan: plan.id });
		if (refusal !== null) {
			expect(nth, 'the first fits').toBe(1);
			expect(refusal.type).toBe('PlanStale');
			isStale = true;
			continue;
		}
		const [begun] = await driver.value('actions.history', { before: null });
		const ended = await driver.value('actions.end', { action: begun?.id ?? (0 as never) });
		expect([ended.state, ended.failed], 'all of a plan that fits is done').toEqual(['done', 0]);
	}
	// No bytes are lost, nothing stands half-way, and the index has all of it in one tree.
	const disk = walk(host.files.at('/disk/home'));
	const held = new Set(disk.map(([, { bytes }]) => (bytes === null ? '' : new TextDecoder().decode(bytes))));
	for (const content of ['f', 'gg', 'hhh', 'other']) expect(held, 'every content is there').toContain(content);
	const paths = disk.map(([path]) => path).filter((path) => !path.startsWith('.atoll-trash'));
	expect(paths.filter((path) => path.includes('.atoll-'))).toEqual([]);
	expect(Object.keys(await dump(driver, await id('/home'))).toSorted()).toEqual(
		paths.map((path) => `/${path}`).toSorted()
	);
	await noFlaws(driver);
	await index();
	await noFlaws(driver);
	await driver.core.close();
	return { isStale };
}

test(
	'two plans of one moment: the second is stale or fits, and neither loses anything or tears the tree',
	{ timeout: 300_000 },
	async () => {
		const seed = testSeed('pairs of actions');
		const random = createSimRandom(seed);
		let [pairs, stale] = [0, 0];
		for (const first of operations)
			for (const second of operations) {
				// All 144 in the night, among them each pair in both orders.
				if (!isNightly && !random.chance(0.15)) continue;
				const outcome = await both(seed, first, second).catch((thrown: unknown) => {
					throw new Error(`${first.name}, then ${second.name}, seed ${seed}: ${String(thrown)}`, { cause: thrown });
				});
				pairs++;
				stale += Number(outcome.isStale);
			}
		console.info(`${pairs} pairs, of which ${stale} were stale`);
		expect(stale).toBeGreaterThan(0);
		expect(stale).toBeLessThan(pairs);
	}
);
