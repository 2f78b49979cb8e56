import type { EntryId, LocationId } from '#core/kernel';
import { patternBytes, toHex } from '../vectors/blake3.ts';
import { identityVectors } from '../vectors/content-identity.ts';
import { addIndexed, drive, type Driver } from './core-driver.ts';
import { holds, same, type Case, type World } from './core-world.ts';

/** Vectors that a test writes to a disk in no time. */
const writtenMax = 2_000_000;

async function withLibrary(world: World, work: (driver: Driver) => Promise<void>): Promise<void> {
	// Files are looked at when a test asks for it.
	const driver = drive(world, 1, { runsJobs: 'asked' });
	await driver.value('library.create', { name: 'Home', password: null });
	try {
		await work(driver);
		same((await driver.value('library.verify', {})).flaws, [], 'flaws at the end');
	} finally {
		await driver.core.close();
	}
}

function identify(driver: Driver, location: LocationId) {
	return driver.value('content.identify', { location });
}

async function rescan(driver: Driver, location: LocationId) {
	await driver.value('index.run', { location, acceptEmpty: false });
	return identify(driver, location);
}

async function contentAt(driver: Driver, path: string) {
	const { id } = await driver.value('entries.resolve', { path, from: null });
	return driver.value('content.of', { entry: id, limit: 10 });
}

async function identityAt(driver: Driver, path: string): Promise<string | null> {
	const { content } = await contentAt(driver, path);
	return content === null ? null : toHex(content.identity);
}

function duplicates(driver: Driver, folder: EntryId | null = null, offset = 0, limit = 100) {
	return driver.value('content.duplicates', { folder, offset, limit });
}

/** Bytes of which the identity reads none lie between its windows: here is one such place of a file of 1 MB. */
const unread = 30_000;

function withByte(bytes: Uint8Array, at: number): Uint8Array {
	const changed = bytes.slice();
	changed[at] = (changed[at] ?? 0) ^ 0xff;
	return changed;
}

export const contentCases: readonly Case[] = [
	{
		title: 'the same bytes have the identity of the vectors',
		run: (world) =>
			withLibrary(world, async (driver) => {
				const folder = await world.makeFolder();
				const vectors = identityVectors.filter(([sizeBytes]) => sizeBytes <= writtenMax);
				for (const [sizeBytes] of vectors) await folder.write([`size ${sizeBytes}`], patternBytes(sizeBytes));
				const location = await addIndexed(driver, folder.root, 'Here');
				same(await identityAt(driver, '/Here/size 1'), null, 'before anybody looked');
				const outcome = await identify(driver, location.id);
				same([outcome.files, outcome.problems], [vectors.length, 0], 'outcome');
				for (const [sizeBytes, identity] of vectors)
					same(await identityAt(driver, `/Here/size ${sizeBytes}`), identity, `${sizeBytes} bytes`);
				same((await identify(driver, location.id)).files, 0, 'nothing is looked at twice');
			})
	},
	{
		title: 'copies, duplicates and what exists only once are told, by folder',
		run: (world) =>
			withLibrary(world, async (driver) => {
				const [one, two] = [await world.makeFolder(), await world.makeFolder()];
				const [large, small] = [patternBytes(200_000), patternBytes(500, 3)];
				await one.write(['a', 'large'], large);
				await one.write(['b', 'large too'], large);
				await one.write(['a', 'small'], small);
				await one.write(['a', 'small again'], small);
				await one.write(['only here'], patternBytes(77, 9));
				await one.write(['b', 'empty'], 0);
				await one.write(['a', 'empty'], 0);
				await two.write(['small elsewhere'], small);
				const first = await addIndexed(driver, one.root, 'One');
				const second = await addIndexed(driver, two.root, 'Two');
				same((await duplicates(driver)).unknown, 8, 'not known yet');
				await identify(driver, first.id);
				await identify(driver, second.id);
				const all = await duplicates(driver);
				const shape = (found: typeof all.found) =>
					found.map(({ content, files, wasteBytes, proven }) => [content.sizeBytes, files, wasteBytes, proven]);
				same(
					shape(all.found),
					[
						[200_000, 2, 200_000, false],
						[500, 3, 1_000, false]
					],
					'largest first, and no empty files'
				);
				same([all.groups, all.wasteBytes, all.unknown], [2, 201_000, 0], 'in all');
				same(shape((await duplicates(driver, null, 1, 1)).found), [[500, 3, 1_000, false]], 'the second page');
				const a = await driver.value('entries.resolve', { path: '/One/a', from: null });
				same(shape((await duplicates(driver, a.id)).found), [[500, 2, 500, false]], 'below one folder');
				const { copies, copiesCount } = await contentAt(driver, '/One/a/small');
				same(
					copies.map(({ name, trail }) => [...trail, name].join('/')),
					['One/a/small again', 'Two/small elsewhere'],
					'copies'
				);
				same(copiesCount, 2, 'how many');
				const risk = await driver.value('content.at-risk', { folder: null });
				same([risk.files, risk.sizeBytes, risk.parts.map(({ name }) => name)], [1, 77, ['One']], 'only once');
				await two.remove(['small elsewhere']);
				await two.write(['new'], patternBytes(60, 60));
				await rescan(driver, second.id);
				same((await contentAt(driver, '/One/a/small')).copiesCount, 1, 'one copy less');
				const parts = (await driver.value('content.at-risk', { folder: first.entry })).parts;
				same(
					parts.map(({ entry, files }) => [entry === first.entry, files]),
					[[true, 1]],
					'what lies in the folder itself'
				);
			})
	},
	{
		title: 'a file that changed loses its content at once, and a content without files is forgotten',
		run: (world) =>
			withLibrary(world, async (driver) => {
				const folder = await world.makeFolder();
				await folder.write(['one'], patternBytes(300));
				await folder.write(['two'], patternBytes(300));
				await folder.write(['three'], patternBytes(301));
				const location = await addIndexed(driver, folder.root, 'Here');
				await identify(driver, location.id);
				const before = (await contentAt(driver, '/Here/one')).content?.id;
				await folder.write(['one'], patternBytes(400));
				await folder.write(['three'], patternBytes(401));
				await driver.value('index.run', { location: location.id, acceptEmpty: false });
				same(await identityAt(driver, '/Here/one'), null, 'after the change, before a look');
				same((await contentAt(driver, '/Here/two')).copiesCount, 0, 'the copy is alone');
				holds(before !== undefined, 'it had a content');
				same((await identify(driver, location.id)).files, 2, 'only what changed is looked at');
				same((await duplicates(driver)).groups, 0, 'no duplicates any more');
				await folder.remove(['one']);
				await folder.remove(['three']);
				await driver.value('index.run', { location: location.id, acceptEmpty: false });
				// What is verified at the end of each case: no content is without an entry.
			})
	},
	{
		title: 'the kind is told by the bytes, else by the name',
		run: (world) =>
			withLibrary(world, async (driver) => {
				const folder = await world.makeFolder();
				const png = Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13]);
				const zip = Uint8Array.from([0x50, 0x4b, 3, 4, 20, 0, 0, 0]);
				const text = new TextEncoder().encode('Dear diary, caf\u00e9 again.\n');
				const files: readonly (readonly [name: string, bytes: Uint8Array, type: string])[] = [
					['picture.png', png, 'png'],
					['picture without ending', png, 'png'],
					['picture that lies.txt', png, 'png'],
					['letter.docx', zip, 'docx'],
					['bundle.bin', zip, 'zip'],
					['README', text, 'text'],
					['notes.md', text, 'markdown'],
					['script.ts', text, 'typescript'],
					['noise', patternBytes(900, 1), 'binary']
				];
				const own = (bytes: Uint8Array, at: number) => Uint8Array.from([...bytes, 10, 65 + at]);
				for (const [at, [name, bytes]] of files.entries()) await folder.write([name], own(bytes, at));
				await folder.write(['copy of the letter.bin'], own(zip, 3));
				const location = await addIndexed(driver, folder.root, 'Here');
				const typeOf = async (name: string) =>
					(await driver.value('entries.resolve', { path: `/Here/${name}`, from: null })).type?.id ?? null;
				same(await typeOf('picture that lies.txt'), 'text', 'by its name');
				same(await typeOf('README'), null, 'by no name');
				await identify(driver, location.id);
				for (const [name, , type] of files) same(await typeOf(name), type, name);
				same(await typeOf('copy of the letter.bin'), 'docx', 'a copy whose own name does not tell');
			})
	},
	{
		title: 'a proof reads every byte, and parts what only looks the same',
		run: (world) =>
			withLibrary(world, async (driver) => {
				const folder = await world.makeFolder();
				const bytes = patternBytes(1_000_003);
				for (const name of ['a', 'b']) await folder.write([name], bytes);
				for (const name of ['c', 'd']) await folder.write([name], withByte(bytes, unread));
				const location = await addIndexed(driver, folder.root, 'Here');
				await identify(driver, location.id);
				const [group] = (await duplicates(driver)).found;
				same([group?.files, group?.proven], [4, false], 'by a quick look they are one');
				holds(group !== undefined, 'there is a group');
				const proved = await driver.value('content.prove', { content: group.content.id });
				same([proved.proven, proved.split, proved.unread], [4, 2, 0], 'outcome');
				same(proved.bytesRead, 4 * bytes.length, 'every byte');
				const parted = (await duplicates(driver)).found;
				same(
					parted.map(({ files, proven }) => [files, proven]),
					[
						[2, true],
						[2, true]
					],
					'two pairs, both proven'
				);
				same(
					(await contentAt(driver, '/Here/c')).copies.map(({ name }) => name),
					['d'],
					'the copies of c'
				);
				same((await driver.value('content.prove', { content: group.content.id })).bytesRead, 0, 'proven once');
				await folder.write(['e'], withByte(bytes, unread));
				await rescan(driver, location.id);
				const joined = await contentAt(driver, '/Here/e');
				same(joined.proven, false, 'a new copy is not proven by the others');
				holds(joined.content !== null, 'it has a content');
				await driver.value('content.prove', { content: joined.content.id });
				same((await contentAt(driver, '/Here/e')).copiesCount, 2, 'it finds those that it is like');
				await folder.write(['a'], patternBytes(9));
				await driver.value('index.run', { location: location.id, acceptEmpty: false });
				same((await contentAt(driver, '/Here/a')).proven, false, 'a change takes the proof away');
				same((await driver.failure('content.prove', { content: 999_999 as never })).type, 'ContentMissing', 'none');
			})
	},
	{
		title: 'a look that is paused tells who waits, and goes on where it was',
		run: (world) =>
			withLibrary(world, async (driver) => {
				const folder = await world.makeFolder();
				for (let n = 0; n < 40; n++) await folder.write([`file${n}`], patternBytes(1_000 + n, n));
				const location = await addIndexed(driver, folder.root, 'Here');
				const waiting = driver.failure('content.identify', { location: location.id });
				await driver.value('content.stop', { location: location.id });
				same((await waiting).type, 'ContentPaused', 'whoever waits');
				const leaving = new AbortController();
				const left = driver.value('content.identify', { location: location.id }, { signal: leaving.signal }).then(
					() => 'ended',
					(reason: unknown) => reason
				);
				leaving.abort('left');
				same(await left, 'left', 'whoever leaves');
				const [first, second] = await Promise.all([identify(driver, location.id), identify(driver, location.id)]);
				same(first, second, 'a second caller joins');
				same((await duplicates(driver)).unknown, 0, 'all are known');
				same(await driver.value('content.running', {}), [], 'nothing runs');
			})
	},
	{
		title: 'a folder that is away leaves what is known, and notes nothing',
		run: (world) =>
			withLibrary(world, async (driver) => {
				const folder = await world.makeFolder();
				await folder.write(['known'], patternBytes(10));
				const location = await addIndexed(driver, folder.root, 'Here');
				await identify(driver, location.id);
				const before = await identityAt(driver, '/Here/known');
				await folder.write(['unknown'], patternBytes(20));
				await driver.value('index.run', { location: location.id, acceptEmpty: false });
				await folder.takeAway();
				const { type } = await driver.failure('content.identify', { location: location.id });
				holds(type.startsWith('Folder'), `${type} while it is away`);
				same(await driver.value('index.problems', { location: location.id }), [], 'no notes');
				same(await identityAt(driver, '/Here/known'), before, 'what is known');
				await folder.bringBack();
				await folder.remove(['unknown']);
				same((await identify(driver, location.id)).problems, 1, 'a file that is gone, its folder being there');
				const [note] = await driver.value('index.problems', { location: location.id });
				same([note?.name, note?.reason], ['unknown', 'vanished'], 'its note');
				await folder.write(['unknown'], patternBytes(20));
				await rescan(driver, location.id);
				same(await driver.value('index.problems', { location: location.id }), [], 'the note is gone');
			})
	}
];
