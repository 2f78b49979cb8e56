import { expect, test } from 'vitest';
import { isSaying } from '#core/metadata';
import type { SqlConnection } from '#core/ports';
import { databaseAs } from '../bench/plain-database.ts';
import { drive, type Driver } from '../conformance/core-driver.ts';
import { createSimRandom, testSeed, type SimRandom } from './host/random.ts';
import { createSimHost } from './host/sim-host.ts';
import { applyTo, see, shownAs } from './metadata-model.ts';
import { bytesOf, prepared, undo } from './metadata-world.ts';
import { createSimWorld } from './world.ts';
import { isNightly } from '../tier.ts';

const undoableMax = 100;

const tables = ['tag', 'tag_relation', 'assignment', 'mark', 'collection', 'collection_member'];

/** Every row of what people said, in order. */
function dump(connection: SqlConnection): string {
	return tables
		.map((table) => {
			const rows = connection.prepare(`SELECT * FROM ${table} ORDER BY 1, 2, 3`).all([]);
			return [table, ...rows.map((row) => JSON.stringify(row))].join('\n');
		})
		.join('\n');
}

/** Entries that share what is said of one of them: the files of the same bytes, once those are known. */
function createCopies(bytes: ReadonlyMap<number, string>, isIdentified: boolean) {
	return (entry: number): readonly number[] => {
		const mine = bytes.get(entry);
		if (!isIdentified || mine === undefined || mine === '') return [entry];
		return [...bytes].filter(([, text]) => text === mine).map(([id]) => id);
	};
}

async function randomLibrary(random: SimRandom) {
	const host = createSimHost(random.seed);
	let connection: SqlConnection | null = null;
	const watched = { ...host, database: databaseAs('encrypted', host.database, (opened) => (connection = opened)) };
	// Few different bytes, so that there are copies; and files that are empty.
	const texts = ['', 'x', 'y', 'z', 'u'];
	const tree: Record<string, Record<string, Uint8Array>> = {};
	for (let folder = 0; folder < 3; folder++) {
		const files = (tree[`f${folder}`] = {} as Record<string, Uint8Array>);
		for (let file = 0; file < 1 + random.integer(6); file++) files[`${file}`] = bytesOf(texts[random.integer(5)] ?? '');
	}
	const world = await prepared(tree, watched);
	const isIdentified = random.chance(0.5);
	if (isIdentified) await world.identify();
	const [entries, folders, bytes] = [[] as number[], [] as number[], new Map<number, string>()];
	for (const [folder, files] of Object.entries(tree)) {
		const id = await world.at(folder);
		entries.push(id);
		folders.push(id);
		for (const [name, content] of Object.entries(files)) {
			const file = await world.at(`${folder}/${name}`);
			entries.push(file);
			bytes.set(file, new TextDecoder().decode(content));
		}
	}
	const dumped = () => dump(connection ?? expect.unreachable());
	return { ...world, watched, entries, folders, copies: createCopies(bytes, isIdentified), dumped };
}

type Library = Awaited<ReturnType<typeof randomLibrary>>;

function pick<T>(random: SimRandom, items: readonly T[]): T {
	return items[random.integer(items.length)] ?? expect.unreachable();
}

function some<T>(random: SimRandom, items: readonly T[]): T[] {
	const chosen = items.filter(() => random.chance(0.4));
	return chosen.length > 0 ? chosen : [pick(random, items)];
}

/** Something that a person may ask for, sensible or not. Ids come from a small set, so that some exist and some do not. */
function randomAction(random: SimRandom, { entries, folders }: Library): { action: string; input: unknown } {
	const id = () => `${random.integer(6)}`.repeat(32);
	const ids = () => Array.from({ length: random.integer(3) }, id);
	const files = () =>
		random.chance(0.3)
			? { folder: pick(random, folders), except: some(random, entries) }
			: { entries: [...some(random, entries), ...(random.chance(0.1) ? [9_999] : [])] };
	const relation = () => ({ relation: pick(random, ['parent', 'synonym']), tag: id(), other: id() });
	const values: Record<string, (string | number)[]> = {
		favourite: [0, 1],
		rating: [0, 3, 5],
		colour: ['', 'red', 'blue'],
		note: ['', 'a note', 'an “other” note']
	};
	const make: readonly (() => { action: string; input: unknown })[] = [
		() => ({
			action: 'create-tag',
			input: {
				id: id(),
				name: `n${random.integer(3)}`,
				parents: random.chance(0.5) ? [id()] : [],
				...(random.chance(0.5) ? { files: files() } : {})
			}
		}),
		() => ({
			action: 'edit-tag',
			input: {
				tag: id(),
				name: `n${random.integer(3)}`,
				colour: pick(random, ['red', 'blue']),
				...(random.chance(0.5) ? { parents: ids() } : {}),
				...(random.chance(0.5) ? { synonyms: ids() } : {})
			}
		}),
		() => ({ action: 'delete-tag', input: { tag: id() } }),
		() => ({ action: 'merge-tags', input: { tag: id(), into: id() } }),
		() => ({ action: 'relate-tags', input: relation() }),
		() => ({ action: 'unrelate-tags', input: relation() }),
		() => ({ action: 'tag-files', input: { tag: id(), files: files() } }),
		() => ({ action: 'untag-files', input: { tag: id(), files: files() } }),
		() => {
			const mark = pick(random, Object.keys(values));
			return { action: `set-${mark}`, input: { files: files(), value: pick(random, values[mark] ?? []) } };
		},
		() => ({
			action: 'create-collection',
			input: { id: id(), name: `c${random.integer(3)}`, ...(random.chance(0.5) ? { files: files() } : {}) }
		}),
		() => ({ action: 'rename-collection', input: { collection: id(), name: `c${random.integer(3)}` } }),
		() => ({ action: 'delete-collection', input: { collection: id() } }),
		() => ({ action: 'add-to-collection', input: { collection: id(), files: files() } }),
		() => ({ action: 'remove-from-collection', input: { collection: id(), files: files() } })
	];
	// Ten kinds in fourteen need something that is there.
	const made = (random.chance(0.2) ? pick(random, [make[0], make[9]]) : pick(random, make)) ?? expect.unreachable();
	const { action, input } = made();
	return { action: `metadata.${action}`, input };
}

/** Does a random action, and answers whether it did anything. */
async function actAtRandom(random: SimRandom, library: Library): Promise<boolean> {
	const request = randomAction(random, library);
	const { driver, entries, copies } = library;
	const plan = await driver.core.commands['actions.preview'](request, {
		signal: new AbortController().signal,
		command: '0'.repeat(32) as never
	});
	if (!plan.ok) return false;
	const before = await see(driver, entries);
	const refusal = await driver.refusal('actions.commit', { ...request, plan: plan.value.id });
	const expected = { ...before };
	for (const operation of plan.value.operations) {
		if (!isSaying(operation)) expect.unreachable();
		applyTo(expected, operation, copies);
	}
	expect(refusal?.type ?? null, JSON.stringify(request)).toBe(plan.value.counts.operations === 0 ? 'PlanEmpty' : null);
	expect(shownAs(await see(driver, entries)), JSON.stringify(request)).toEqual(shownAs(expected));
	return refusal === null;
}

test('what a plan says is what comes of it, undone it is as before, and redone as after', async () => {
	const seed = testSeed('plans of what people say');
	for (let round = 0; round < (isNightly ? 40 : 3); round++) {
		const random = createSimRandom(seed + round);
		const library = await randomLibrary(random);
		const { driver, dumped } = library;
		for (let step = 0; step < 40; step++) {
			const before = dumped();
			if (!(await actAtRandom(random, library))) {
				expect(dumped()).toBe(before);
				continue;
			}
			const after = dumped();
			expect(after).not.toBe(before);
			expect(await undo(driver)).toEqual([]);
			expect(dumped()).toBe(before);
			expect(await undo(driver, true)).toEqual([]);
			expect(dumped()).toBe(after);
		}
		expect((await driver.value('library.verify', {})).flaws).toEqual([]);
		await driver.core.close();
	}
}, 60_000);

/** Takes back action by action, in the library opened anew, until nothing is left to be taken back. */
async function undoAll(driver: Driver): Promise<number> {
	for (let undone = 0; ; undone++) {
		if ((await driver.value('actions.latest', { redo: false })) === null) return undone;
		expect(await undo(driver)).toEqual([]);
	}
}

test('the last hundred are taken back one by one, after the library was closed and opened again', async () => {
	const random = createSimRandom(testSeed('a hundred undone'));
	const library = await randomLibrary(random);
	const dumps: string[] = [library.dumped()];
	while (dumps.length <= undoableMax + 5) if (await actAtRandom(random, library)) dumps.push(library.dumped());
	await library.driver.core.close();
	const driver = drive(createSimWorld(1, library.watched), 1, { runsJobs: 'asked' });
	await driver.value('library.unlock', { by: 'device' });
	expect(await undoAll(driver)).toBe(undoableMax);
	expect(library.dumped()).toBe(dumps[dumps.length - 1 - undoableMax]);
	await driver.core.close();
}, 60_000);
