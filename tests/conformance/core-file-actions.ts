import type { AnyOperation } from '#core';
import type { EntryId } from '#core/kernel';
import type { Location } from '#core/volumes';
import { createSimRandom } from '../sim/host/random.ts';
import { patternBytes } from '../vectors/blake3.ts';
import { addIndexed, drive, dump, type Driver } from './core-driver.ts';
import { holds, same, type Case, type World } from './core-world.ts';

/** Actions that a walk takes; each is undone half of the time. */
const walkSteps = 18;

async function entryAt(driver: Driver, path: string): Promise<EntryId> {
	return (await driver.value('entries.resolve', { path, from: null })).id;
}

/** Looks at what an action would do, does exactly that, and waits for its end. */
async function act(driver: Driver, action: string, input: unknown) {
	const plan = await driver.value('actions.preview', { action, input });
	const begun = await driver.value('actions.commit', { action, input, plan: plan.id });
	return { plan, done: await driver.value('actions.end', { action: begun.id }) };
}

async function undo(driver: Driver) {
	const action = await driver.value('actions.latest', { redo: false });
	holds(action !== null, 'there is something to undo');
	return act(driver, 'actions.undo', { action });
}

/** The index is what the disk is, and sound. */
async function checkAll(driver: Driver, locations: readonly Location[], when: string): Promise<void> {
	for (const { entry, name } of locations) {
		const report = await driver.value('index.verify', { entry, content: false });
		const found = Object.values(report).flatMap((part) =>
			typeof part === 'object' && 'items' in part ? part.items : []
		);
		same(
			found.filter((item) => !('isOnlyTime' in item)),
			[],
			`${when}: the disk of ${name} is as the index has it`
		);
	}
	same((await driver.value('library.verify', {})).flaws, [], `${when}: flaws`);
}

async function begin(world: World) {
	const driver = drive(world, 1, { runsJobs: 'asked' });
	await driver.value('library.create', { name: 'Home', password: null });
	const [a, b] = [await world.makeFolder(), await world.makeFolder()];
	for (const at of ['x', 'y'])
		for (let n = 0; n < 4; n++) await a.write([at, `file ${n}.txt`], patternBytes(300 + n, n));
	await a.write(['x', 'deep', 'er', 'leaf.bin'], patternBytes(5_000, 9));
	// A person's own, though they begin like ours.
	await a.write(['y', '.atoll-trash', 'mine.txt'], 12);
	await a.write(['.atoll-notes.txt'], 13);
	await b.write(['other.txt'], patternBytes(77, 3));
	await b.makeDirectory(['inbox']);
	const locations = [await addIndexed(driver, a.root, 'A'), await addIndexed(driver, b.root, 'B')] as const;
	return { driver, a, b, locations };
}

type Node = { readonly parent: number; readonly name: string; readonly is: string };
type Tree = Map<number, Node>;

/** All entries of the locations by their numbers. */
async function readTree(driver: Driver, locations: readonly Location[]): Promise<Tree> {
	const tree: Tree = new Map();
	const read = async (folder: EntryId): Promise<void> => {
		const ids = await driver.value('entries.ids', { folder, order: { by: 'name', descending: false } });
		for (const { id, name, kind, sizeBytes } of await driver.value('entries.rows', { ids: [...ids] })) {
			tree.set(id, { parent: folder, name, is: kind === 'file' ? `file:${sizeBytes}` : kind });
			if (kind === 'directory') await read(id);
		}
	};
	for (const { entry } of locations) await read(entry);
	return tree;
}

/** What was put into the trash, each with what lay in it then; the walk's own memory, beside that of the library. */
type Bin = Map<number, Tree>;

function moveBetween(from: Tree, to: Tree, id: number): void {
	const node = from.get(id);
	if (node === undefined) return;
	from.delete(id);
	to.set(id, node);
	const below = [...from].filter(([, { parent }]) => parent === id);
	for (const [child] of below) moveBetween(from, to, child);
}

let copies = 0;
function copyInto(tree: Tree, id: number, parent: number, name: string): void {
	const copy = --copies;
	const below = [...tree].filter(([, node]) => node.parent === id);
	tree.set(copy, { parent, name, is: tree.get(id)?.is ?? 'nothing' });
	for (const [child, node] of below) copyInto(tree, child, copy, node.name);
}

/** What the plan says that becomes of the tree, and nothing else. */
function foretell(tree: Tree, bin: Bin, operations: readonly AnyOperation[]): Tree {
	const next = new Map(tree);
	for (const operation of operations) {
		if (operation.kind === 'move-entry')
			next.set(operation.entry, {
				is: next.get(operation.entry)?.is ?? 'nothing',
				parent: operation.to.folder,
				name: operation.to.name
			});
		else if (operation.kind === 'copy-entry') copyInto(next, operation.entry, operation.to.folder, operation.to.name);
		else if (operation.kind === 'trash-entry') {
			const binned: Tree = new Map();
			moveBetween(next, binned, operation.entry);
			bin.set(operation.entry, binned);
		} else if (operation.kind === 'restore-entry') {
			const binned = bin.get(operation.entry) ?? new Map<number, Node>();
			const { is } = binned.get(operation.entry) ?? { is: 'nothing' };
			binned.set(operation.entry, { is, parent: operation.to.folder, name: operation.to.name });
			moveBetween(binned, next, operation.entry);
			bin.delete(operation.entry);
		} else if (operation.kind === 'remove-folder') next.delete(operation.entry);
		else if (operation.kind === 'make-folder')
			next.set(--copies, { parent: operation.at.folder, name: operation.at.name, is: 'directory' });
		else throw new Error(`${operation.kind} was not asked for`);
	}
	return next;
}

const actionsOfWalk = [
	'files.move',
	'files.copy',
	'files.trash',
	'files.make-folder',
	'files.rename',
	'files.rename'
] as const;

/** New names for what lies in a folder, each that of another one there: rings, or a chain; else one name for all. */
async function renamesAmong(
	driver: Driver,
	folder: EntryId,
	how: number,
	entries: readonly number[],
	name: string
): Promise<readonly { readonly entry: number; readonly name: string }[]> {
	const ids = await driver.value('entries.ids', { folder, order: { by: 'name', descending: false } });
	const rows = await driver.value('entries.rows', { ids: [...ids] });
	if (how === 0 || rows.length < 2) return entries.map((entry) => ({ entry, name }));
	const next = (at: number) => rows[how === 3 ? at + 1 : (at + how) % rows.length]?.name ?? `${name} last`;
	return rows.map(({ id }, at) => ({ entry: id, name: next(at) }));
}

/** Each entry with the names above it, up to the number of its location's folder. */
function pathsOf(tree: Tree): string[] {
	const pathOf = (id: number): string => {
		const node = tree.get(id);
		return node === undefined ? `#${id}` : `${pathOf(node.parent)}/${node.name}`;
	};
	return [...tree].map(([id, { is }]) => `${pathOf(id)} ${is}`).toSorted();
}

export const fileActionCases: readonly Case[] = [
	{
		title: 'files are moved, copied, renamed, put into the trash and back as the plan said, and each is undone',
		run: async (world) => {
			const { driver, locations } = await begin(world);
			const all = async () => ({
				...(await dump(driver, locations[0].entry, '/A')),
				...(await dump(driver, locations[1].entry, '/B'))
			});
			const before = await all();
			holds('/A/y/.atoll-trash/mine.txt' in before && '/A/.atoll-notes.txt' in before, 'a person has such names too');
			const inbox = await entryAt(driver, '/B/inbox');
			const file = await entryAt(driver, '/A/x/file 1.txt');
			const folder = await entryAt(driver, '/A/x/deep');
			const y = await entryAt(driver, '/A/y');

			const steps: readonly (readonly [string, unknown, (paths: Record<string, string>) => boolean])[] = [
				['files.make-folder', { folder: inbox, name: 'new' }, (now) => now['/B/inbox/new'] === 'directory'],
				[
					'files.rename',
					{ renames: [{ entry: file, name: 'renamed.txt' }] },
					(now) => '/A/x/renamed.txt' in now && !('/A/x/file 1.txt' in now)
				],
				[
					'files.move',
					{ entries: [file, folder], folder: y, conflicts: 'keep-both' },
					(now) => '/A/y/file 1 (2).txt' in now && '/A/y/deep/er/leaf.bin' in now
				],
				[
					'files.move',
					{ entries: [folder], folder: inbox },
					(now) => '/B/inbox/deep/er/leaf.bin' in now && !('/A/x/deep' in now)
				],
				[
					'files.copy',
					{ entries: [folder, file], folder: inbox },
					(now) => '/B/inbox/deep/er/leaf.bin' in now && '/B/inbox/file 1.txt' in now && '/A/x/deep' in now
				],
				[
					'files.copy',
					{ entries: [file], folder: await entryAt(driver, '/A/x') },
					(now) => '/A/x/file 1 (2).txt' in now
				],
				['files.trash', { entries: [file, folder] }, (now) => !('/A/x/file 1.txt' in now) && !('/A/x/deep' in now)]
			];
			for (const [action, input, isSo] of steps) {
				const { plan, done } = await act(driver, action, input);
				same([plan.blocked, done.state, done.failed], [[], 'done', 0], action);
				holds(isSo(await all()), `${action} did what it said: ${JSON.stringify(await all())}`);
				await checkAll(driver, locations, action);
				const undone = await undo(driver);
				same([undone.plan.blocked, undone.done.state], [[], 'done'], `${action} undone`);
				same(await all(), before, `all is as before ${action}`);
				await checkAll(driver, locations, `undone ${action}`);
			}
			same(await entryAt(driver, '/A/x/file 1.txt'), file, 'the file kept its number through all of it');
			same(await entryAt(driver, '/A/x/deep'), folder, 'so did the folder');
			await driver.core.close();
		}
	},
	{
		title: 'what has changed since the plan is refused or left alone, and told',
		run: async (world) => {
			const { driver, a, locations } = await begin(world);
			const [x, y] = [await entryAt(driver, '/A/x'), await entryAt(driver, '/A/y')];
			const request = { action: 'files.trash', input: { entries: [x] } };
			const plan = await driver.value('actions.preview', request);
			await a.write(['x', 'deep', 'late.txt'], 10);
			await driver.value('index.run', { location: locations[0].id, acceptEmpty: false });
			const stale = await driver.failure('actions.commit', { ...request, plan: plan.id });
			holds(stale.type === 'PlanStale', 'a file inside makes it stale');
			same(stale.changed, [`entry/${x}`], 'what differs');
			// Behind the back of the index: the disk is held to what was seen.
			const file = await entryAt(driver, '/A/y/file 2.txt');
			await a.write(['y', 'file 2.txt'], 4_321);
			const { done } = await act(driver, 'files.move', { entries: [file], folder: x, conflicts: 'keep-both' });
			same([done.state, done.failed], ['halted', 1], 'a file that is another by now is left alone');
			await checkAll(driver, locations, 'afterwards');
			holds('/file 2.txt' in (await dump(driver, y)), 'it is where it was');
			const taken = await driver.value('actions.preview', {
				action: 'files.move',
				input: { entries: [file], folder: x }
			});
			same([taken.operations.length, taken.blocked[0]?.why.type], [0, 'NameInUse'], 'a name that is taken is told');
			const inside = await driver.value('actions.preview', {
				action: 'files.move',
				input: { entries: [x], folder: await entryAt(driver, '/A/x/deep') }
			});
			same(inside.blocked[0]?.why.type, 'TargetInside', 'no folder goes into itself');
			await driver.core.close();
		}
	},
	{
		title: 'the trash empties for good, and only what was in it',
		run: async (world) => {
			const { driver, locations } = await begin(world);
			const [x, other] = [await entryAt(driver, '/A/x'), await entryAt(driver, '/B/other.txt')];
			await act(driver, 'files.trash', { entries: [x, other] });
			const trash = await driver.value('files.trash-list', { offset: 0, limit: 10 });
			same(trash.items.map(({ originalName }) => originalName).toSorted(), ['other.txt', 'x'], 'what is in the trash');
			const request = { action: 'files.delete', input: { entries: null } };
			const unseen = await driver.failure('actions.commit', { ...request, plan: null });
			same(unseen.type, 'PlanUnseen', 'nothing is deleted unseen');
			const { plan, done } = await act(driver, request.action, request.input);
			same(
				[plan.asks, done.state, plan.warnings.map(({ type }) => type)],
				[true, 'done', ['ForEver', 'LastCopies']],
				'deleted'
			);
			same((await driver.value('files.trash-list', { offset: 0, limit: 10 })).count, 0, 'the trash is empty');
			const undone = await driver.value('actions.preview', { action: 'actions.undo', input: { action: done.id } });
			same(undone.operations, [], 'there is no way back');
			await checkAll(driver, locations, 'afterwards');
			await driver.core.close();
		}
	},
	{
		title: 'whatever is done, the index is what the plan said and the disk has, and an undo gives back what was',
		run: async (world, seed) => {
			const { driver, locations } = await begin(world);
			const random = createSimRandom(seed);
			const pick = <T>(list: readonly T[]): T => list[random.integer(list.length)] as T;
			const paths = async () => {
				const all = {
					...(await dump(driver, locations[0].entry, '/A')),
					...(await dump(driver, locations[1].entry, '/B'))
				};
				return {
					all,
					files: Object.keys(all),
					folders: ['/A', '/B', ...Object.keys(all).filter((path) => all[path] === 'directory')]
				};
			};
			const bin: Bin = new Map();
			for (let step = 0; step < walkSteps; step++) {
				const { all, files, folders } = await paths();
				const some = files.length === 0 ? [] : [pick(files), pick(files)];
				const entries: number[] = [];
				for (const path of some) entries.push(await entryAt(driver, path));
				const folder = await entryAt(driver, pick(folders));
				const conflicts = pick(['keep-both', 'replace', 'skip', 'newer'] as const);
				const name = `n${random.integer(6)}`;
				const { items: trashed } = await driver.value('files.trash-list', { offset: 0, limit: 100 });
				const choice = pick([...actionsOfWalk, ...(trashed.length === 0 ? [] : (['files.restore'] as const))]);
				const back = random.integer(2) === 0 ? null : trashed.filter(() => random.integer(2) === 0);
				const input =
					choice === 'files.make-folder'
						? { folder, name }
						: choice === 'files.rename'
							? { renames: await renamesAmong(driver, folder, random.integer(4), entries, name) }
							: choice === 'files.trash'
								? { entries }
								: choice === 'files.restore'
									? { entries: back?.length === 0 ? null : (back?.map(({ entry }) => entry) ?? null), conflicts }
									: { entries, folder, conflicts };
				const needsFiles = choice !== 'files.make-folder' && choice !== 'files.restore';
				if (entries.length === 0 && needsFiles) continue;
				const when = `step ${step}: ${choice} ${some.join(' ')} ${conflicts}`;
				const plan = await driver.value('actions.preview', { action: choice, input });
				if (plan.operations.length === 0) {
					same(
						(await driver.failure('actions.commit', { action: choice, input, plan: plan.id })).type,
						'PlanEmpty',
						when
					);
					continue;
				}
				const foretold = pathsOf(foretell(await readTree(driver, locations), bin, plan.operations));
				const begun = await driver.value('actions.commit', { action: choice, input, plan: plan.id });
				const done = await driver.value('actions.end', { action: begun.id });
				same([done.state, done.failed, done.operations], ['done', 0, plan.counts.operations], when);
				same(pathsOf(await readTree(driver, locations)), foretold, `${when}: what the plan foretold`);
				await checkAll(driver, locations, when);
				if (random.integer(2) === 0) continue;
				const beforeUndo = await readTree(driver, locations);
				const undone = await undo(driver);
				same([undone.plan.blocked, undone.done.state], [[], 'done'], `undone ${when}`);
				const undoing = pathsOf(foretell(beforeUndo, bin, undone.plan.operations));
				same(pathsOf(await readTree(driver, locations)), undoing, `undone ${when}: what the plan foretold`);
				same((await paths()).all, all, `undone ${when}`);
				await checkAll(driver, locations, `undone ${when}`);
			}
			await driver.core.close();
		}
	}
];
