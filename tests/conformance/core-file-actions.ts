import type { AnyOperation } from '#core';
import type { EntryId } from '#core/kernel';
import type { Location } from '#core/volumes';
import { createSimRandom } from '../sim/host/random.ts';
import { patternBytes } from '../vectors/blake3.ts';
import { addIndexed, drive, dump, type Driver } from './core-driver.ts';
import { holds, same, type Case, type World } from './core-world.ts';
import { broughtBy, makeSource, type Source } from './outside-source.ts';

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

/** What a walk takes at random. */
const choices = [
	'files.move',
	'files.copy',
	'files.trash',
	'files.make-folder',
	'files.make-text',
	'files.ingest',
	'files.rename',
	'files.rename',
	'files.deduplicate'
] as const;

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

/** Puts what comes from outside under a folder, each folder before what lies in it. */
function bringInto(tree: Tree, parent: number, brought: ReturnType<typeof broughtBy>): void {
	const known = new Map<string, number>();
	for (const { path, is } of brought) {
		const id = --copies;
		known.set(path.join('/'), id);
		tree.set(id, { parent: known.get(path.slice(0, -1).join('/')) ?? parent, name: path.at(-1) ?? '', is });
	}
}

/** What the plan says that becomes of the tree, and nothing else. */
function foretell(tree: Tree, bin: Bin, operations: readonly AnyOperation[], source: Source): Tree {
	const next = new Map(tree);
	for (const operation of operations) {
		if (operation.kind === 'move-entry')
			next.set(operation.entry, {
				is: next.get(operation.entry)?.is ?? 'nothing',
				parent: operation.to.folder,
				name: operation.to.name
			});
		else if (operation.kind === 'copy-entry') copyInto(next, operation.entry, operation.to.folder, operation.to.name);
		else if (operation.kind === 'trash-entry' || operation.kind === 'trash-copy') {
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
		else if (operation.kind === 'ingest-entry') bringInto(next, operation.to.folder, broughtBy(source, operation));
		else if (operation.kind === 'make-file') {
			const { at, text } = operation;
			next.set(--copies, { parent: at.folder, name: at.name, is: `file:${text.length}` });
		} else throw new Error(`${operation.kind} was not asked for`);
	}
	return next;
}

const needsFiles: ReadonlySet<string> = new Set([
	'files.move',
	'files.copy',
	'files.trash',
	'files.rename',
	'files.deduplicate'
]);

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
			const { root: source, items } = await makeSource(world);

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
				[
					'files.make-text',
					{ folder: inbox, name: 'words.txt', text: 'Söme words' },
					(now) => now['/B/inbox/words.txt'] === 'file:11'
				],
				[
					'files.ingest',
					{ folder: await entryAt(driver, '/A/x'), source, items, conflicts: 'keep-both' },
					// A folder that is there is filled, a file gets another name.
					(now) =>
						now['/A/x/new/below/two.bin'] === 'file:70000' &&
						'/A/x/new/empty' in now &&
						'/A/x/deep/er/leaf (2).bin' in now &&
						'/A/x/deep/er/another.bin' in now &&
						'/A/x/file 1 (2).txt' in now
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
		title:
			'of files that are the same one is kept, as it was chosen; each copy is proved by every byte, and an undo gives all back',
		run: async (world) => {
			const { driver, a, b, locations } = await begin(world);
			const film = patternBytes(130_000, 21);
			// The same at first sight: where a quick look does not look one byte is another.
			const nearly = film.slice();
			nearly[25_000] = (film[25_000] ?? 0) ^ 1;
			await a.write(['film.bin'], film);
			await a.write(['y', 'film, again.bin'], film);
			await a.write(['y', 'nearly.bin'], nearly);
			await b.write(['inbox', 'third.bin'], film);
			for (const { id } of locations) await driver.value('index.run', { location: id, acceptEmpty: false });
			for (const { id } of locations) await driver.value('content.identify', { location: id });
			const all = async () => ({
				...(await dump(driver, locations[0].entry, '/A')),
				...(await dump(driver, locations[1].entry, '/B'))
			});
			const before = await all();
			const [inbox, again] = [await entryAt(driver, '/B/inbox'), await entryAt(driver, '/A/y/film, again.bin')];
			const gone = (now: Record<string, string>) => Object.keys(before).filter((path) => !(path in now));
			const films = ['/A/film.bin', '/A/y/film, again.bin', '/B/inbox/third.bin'];
			const pairs = [0, 1, 2, 3].map((n) => `/A/y/file ${n}.txt`);

			type Wanted = { readonly input: object; readonly stays: string; readonly goes: readonly string[] };
			const wishes: readonly Wanted[] = [
				{ input: { keep: 'shortest-path' }, stays: '/A/film.bin', goes: [...films.slice(1), ...pairs] },
				{ input: { keep: 'in-folder', folder: inbox }, stays: '/B/inbox/third.bin', goes: films.slice(0, 2) },
				{
					input: { keep: 'chosen', kept: [again], within: [locations[0].entry] },
					stays: '/A/y/film, again.bin',
					goes: ['/A/film.bin']
				}
			];
			for (const { input, stays, goes } of wishes) {
				const when = JSON.stringify(input);
				const request = { action: 'files.deduplicate', input };
				const foreseen = await driver.value('actions.preview', request);
				const falsely = foreseen.operations.filter(({ kind }) => kind !== 'trash-copy');
				same([foreseen.asks, falsely, foreseen.blocked], [true, [], []], `${when}: nobody does it unseen`);
				same((await driver.failure('actions.commit', { ...request, plan: null })).type, 'PlanUnseen', when);
				const saved = foreseen.warnings.find((warning) => warning.type === 'CopiesKept');
				holds(saved?.type === 'CopiesKept' && saved.sizeBytes === foreseen.cost.sizeBytes, `${when}: what is saved`);
				const { plan, done } = await act(driver, request.action, input);
				// What only looks the same is in the plan, and stays: that is what every byte is read for.
				same([done.state, done.failed], ['halted', 1], `${when}: one was no copy`);
				const now = await all();
				same(gone(now).toSorted(), [...goes].toSorted(), `${when}: what went`);
				same(plan.counts.operations, goes.length + 1, `${when}: what was said to go`);
				holds(stays in now && '/A/y/nearly.bin' in now, `${when}: what stays`);
				const steps = await driver.value('actions.steps', { action: done.id, from: 0 });
				same(
					steps.flatMap(({ failure }) => (failure === null ? [] : [failure.type])),
					['BytesDiffer'],
					`${when}: why`
				);
				if (stays === '/A/film.bin') await checkAll(driver, locations, when);
				same((await undo(driver)).done.state, 'done', `${when}: undone`);
				same(await all(), before, `${when}: all is back`);
				if (stays !== '/A/film.bin') continue;
				const redo = await driver.value('actions.latest', { redo: true });
				holds(redo !== null, 'an undoing can be undone');
				const again = await act(driver, 'actions.undo', { action: redo });
				same([again.plan.blocked, again.done.state, gone(await all())], [[], 'done', gone(now)], `${when}: redone`);
				await undo(driver);
				same(await all(), before, `${when}: all is back once more`);
			}
			await checkAll(driver, locations, 'afterwards');
			same(await entryAt(driver, '/A/y/film, again.bin'), again, 'the copy kept its number');
			await driver.core.close();
		}
	},
	{
		title: 'the copy that stays is there when another goes for it: what differs by then stays, and is told',
		run: async (world) => {
			const { driver, a, locations } = await begin(world);
			await driver.value('content.identify', { location: locations[0].id });
			const request = { action: 'files.deduplicate', input: { keep: 'shortest-path' } };
			const plan = await driver.value('actions.preview', request);
			same([plan.counts, plan.blocked], [{ operations: 4, blocked: 0 }, []], 'each of four files has a copy');
			// Behind the back of the index: one of the kept is gone, one is another, and one copy is.
			await a.remove(['x', 'file 0.txt']);
			await a.write(['x', 'file 1.txt'], patternBytes(301, 77));
			await a.write(['y', 'file 2.txt'], patternBytes(302, 78));
			const begun = await driver.value('actions.commit', { ...request, plan: plan.id });
			const done = await driver.value('actions.end', { action: begun.id });
			same([done.state, done.failed], ['halted', 3], 'one of four was a copy still');
			const now = await dump(driver, locations[0].entry);
			const left = [0, 1, 2, 3].map((n) => [`/x/file ${n}.txt` in now, `/y/file ${n}.txt` in now]);
			same(
				left,
				[
					[false, true],
					[true, true],
					[true, true],
					[true, false]
				],
				'what is left of each'
			);
			await checkAll(driver, locations, 'afterwards');
			const nothing = await driver.value('actions.preview', request);
			same(nothing.operations, [], 'nothing is there twice any more');
			await driver.core.close();
		}
	},
	{
		title: 'what comes from outside writes over nothing, whatever it is called',
		run: async (world) => {
			const { driver, locations } = await begin(world);
			const source = await makeSource(world);
			const [folder, before] = [await entryAt(driver, '/A/x'), await dump(driver, locations[0].entry)];
			const wish = (name: string, conflicts = 'replace') => {
				const item = { name, kind: 'file', parent: null, sizeBytes: 301, modifiedMs: null, path: ['file 1.txt'] };
				return { action: 'files.ingest', input: { folder, source: source.root, items: [item], conflicts } };
			};
			for (const name of ['', '.', '..', '../y/file 1.txt', '/etc', 'a\0b', '\ud800', 'deep/er']) {
				const plan = await driver.value('actions.preview', wish(name));
				same([plan.operations, plan.blocked[0]?.why.type], [[], 'NameImpossible'], JSON.stringify(name));
			}
			const below = [
				{ name: 'fine', kind: 'directory', parent: null, sizeBytes: 0, modifiedMs: null },
				{ name: '..', kind: 'file', parent: 0, sizeBytes: 1, modifiedMs: null }
			];
			const hidden = { folder, source: source.root, items: below };
			const plan = await driver.value('actions.preview', { action: 'files.ingest', input: hidden });
			same([plan.operations, plan.blocked[0]?.why.type], [[], 'NameImpossible'], 'in a folder');
			const outside = { ...wish('fine').input.items[0], path: ['..', 'x'] };
			const climbing = { folder, source: source.root, items: [outside] };
			const climbed = await driver.value('actions.preview', { action: 'files.ingest', input: climbing });
			same([climbed.operations, climbed.blocked[0]?.why.type], [[], 'NameImpossible'], 'out of its source');
			const asked = await driver.value('actions.preview', wish('file 1.txt', 'ask'));
			same([asked.operations, asked.blocked[0]?.why.type], [[], 'NameInUse'], 'a name that is taken');
			same(await dump(driver, locations[0].entry), before, 'nothing is another');
			// Something that the index does not know of has the name when it is to be given.
			await source.folder.write(['late.txt'], 12);
			const items = [{ name: 'late.txt', kind: 'file', parent: null, sizeBytes: 12, modifiedMs: null }];
			const late = await act(driver, 'files.ingest', { folder, source: source.root, items });
			same([late.done.state, late.done.failed], ['halted', 1], 'a time that was not seen');
			await checkAll(driver, locations, 'afterwards');
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
			const source = await makeSource(world);
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
				const renames = await renamesAmong(driver, folder, random.integer(4), entries, name);
				const { items: trashed } = await driver.value('files.trash-list', { offset: 0, limit: 100 });
				const choice = pick([...choices, ...(trashed.length === 0 ? [] : (['files.restore'] as const))]);
				const back = random.integer(2) === 0 ? [] : trashed.filter(() => random.integer(2) === 0);
				if (choice === 'files.deduplicate')
					for (const { id } of locations) await driver.value('content.identify', { location: id });
				if (entries.length === 0 && needsFiles.has(choice)) continue;
				const input = {
					'files.move': () => ({ entries, folder, conflicts }),
					'files.copy': () => ({ entries, folder, conflicts }),
					'files.trash': () => ({ entries }),
					'files.make-folder': () => ({ folder, name }),
					'files.make-text': () => ({ folder, name }),
					'files.ingest': () => ({ folder, source: source.root, items: source.items, conflicts }),
					'files.rename': () => ({ renames }),
					'files.deduplicate': () => ({
						keep: pick(['oldest', 'newest', 'shortest-path', 'in-folder'] as const),
						folder,
						within: random.integer(2) === 0 ? null : entries
					}),
					'files.restore': () => ({ entries: back.length === 0 ? null : back.map(({ entry }) => entry), conflicts })
				}[choice]();
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
				const foretold = pathsOf(foretell(await readTree(driver, locations), bin, plan.operations, source));
				const begun = await driver.value('actions.commit', { action: choice, input, plan: plan.id });
				const done = await driver.value('actions.end', { action: begun.id });
				same([done.state, done.failed, done.operations], ['done', 0, plan.counts.operations], when);
				same(pathsOf(await readTree(driver, locations)), foretold, `${when}: what the plan foretold`);
				await world.settle?.();
				await checkAll(driver, locations, when);
				if (random.integer(2) === 0) continue;
				const beforeUndo = await readTree(driver, locations);
				const undone = await undo(driver);
				same([undone.plan.blocked, undone.done.state], [[], 'done'], `undone ${when}`);
				const undoing = pathsOf(foretell(beforeUndo, bin, undone.plan.operations, source));
				same(pathsOf(await readTree(driver, locations)), undoing, `undone ${when}: what the plan foretold`);
				same((await paths()).all, all, `undone ${when}`);
				await checkAll(driver, locations, `undone ${when}`);
			}
			await driver.core.close();
		}
	}
];
