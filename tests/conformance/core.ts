import type { ByteSource } from '#core/ports';
import { contentCases } from './content.ts';
import { act, addIndexed, addLocation, drive, type Driver, dump, nextCommand, refusal } from './core-driver.ts';
import { metadataCases } from './metadata.ts';
import { phaseCases } from './phases.ts';
import { jobCases } from './core-jobs.ts';
import { actionCases } from './core-actions.ts';
import { settingsCases } from './core-settings.ts';
import { fileActionCases } from './core-file-actions.ts';
import { verifyCases } from './core-verify.ts';
import { holds, same, type Case, type World, type WorldFolder } from './core-world.ts';

const password = 'correct horse battery';

async function withLibrary(world: World, work: (driver: Driver) => Promise<void>): Promise<void> {
	const driver = drive(world, 1);
	await driver.value('library.create', { name: 'Home', password: null });
	try {
		await work(driver);
		same((await driver.value('library.verify', {})).flaws, [], 'flaws at the end');
	} finally {
		await driver.core.close();
	}
}

/** A small generator (mulberry32), so that a seed gives the same run on every host. */
function chance(seed: number): (below: number) => number {
	let state = seed >>> 0;
	return (below) => {
		state = (state + 0x6d2b79f5) >>> 0;
		let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
		mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
		return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
	};
}

/** Changes the folder by chance, and the plain picture of it alike. */
async function changeByChance(
	folder: WorldFolder,
	picture: Map<string, string>,
	pick: (below: number) => number
): Promise<void> {
	const directories = ['', ...[...picture].filter(([, what]) => what === 'directory').map(([path]) => path)];
	// A folder that is suddenly empty is another matter.
	const all = [...picture.keys()].filter((path) => path !== '/keep');
	const parent = directories[pick(directories.length)] ?? '';
	const path = `${parent}/${'abcdefgh'[pick(8)]}${pick(4)}`;
	const segments = path.split('/').filter((segment) => segment !== '');
	const drop = (top: string) => {
		for (const known of picture.keys()) if (known === top || known.startsWith(`${top}/`)) picture.delete(known);
	};
	const doomed = all[pick(Math.max(1, all.length))];
	const what = pick(10);
	if (what < 5) {
		if (picture.get(path) === 'directory') return;
		const sizeBytes = pick(2_000);
		await folder.write(segments, sizeBytes);
		picture.set(path, `file:${sizeBytes}`);
	} else if (what < 8) {
		if (picture.has(path)) return;
		await folder.makeDirectory(segments);
		picture.set(path, 'directory');
	} else if (doomed !== undefined) {
		await folder.remove(doomed.split('/').filter((segment) => segment !== ''));
		drop(doomed);
		if (what === 9) {
			// The name comes back as another kind of thing.
			await folder.write(
				doomed.split('/').filter((segment) => segment !== ''),
				7
			);
			picture.set(doomed, 'file:7');
		}
	}
}

async function readAll(chunks: readonly Uint8Array[]): Promise<ByteSource> {
	const whole = new Uint8Array(await new Blob(chunks.map((chunk) => chunk.slice())).arrayBuffer());
	return {
		sizeBytes: whole.length,
		read: async (offset, length) => ({ ok: true, value: whole.slice(offset, offset + length) }),
		close: async () => undefined
	};
}

async function backup(driver: Driver): Promise<Uint8Array[]> {
	const chunks: Uint8Array[] = [];
	const write = async (chunk: Uint8Array) => {
		chunks.push(chunk.slice());
	};
	await driver.value('library.export', { write });
	return chunks;
}

const libraryCases: readonly Case[] = [
	{
		title: 'a library without a password opens by this device alone, and locks',
		run: (world) =>
			withLibrary(world, async ({ value, failure }) => {
				same((await value('library.status', {})).state, 'open', 'state');
				await value('library.lock', {});
				same((await failure('locations.list', {})).type, 'LibraryLocked', 'a locked library');
				same((await value('library.unlock', { by: 'device' })).state, 'open', 'state');
			})
	},
	{
		title: 'a password, its change, the recovery code; wrong answers wait',
		run: async (world) => {
			const { core, value, failure } = drive(world, 2);
			same((await failure('library.create', { name: 'x', password: 'short' })).type, 'PasswordTooShort', 'short');
			same((await failure('library.create', { name: ' ', password })).type, 'NameEmpty', 'no name');
			const { recoveryCode } = await value('library.create', { name: 'x', password });
			same((await failure('library.create', { name: 'x', password })).type, 'LibraryExists', 'twice');
			await value('library.lock', {});
			same((await failure('library.unlock', { by: 'device' })).type, 'PasswordNeeded', 'device');
			same((await failure('library.unlock', { by: 'password', password: 'x' })).type, 'WrongPassword', 'wrong');
			await value('library.unlock', { by: 'password', password });
			same(
				(await failure('library.set-password', { current: 'x', next: 'another one' })).type,
				'WrongPassword',
				'change without the old'
			);
			await value('library.set-password', { current: password, next: 'another one' });
			await value('library.lock', {});
			same((await failure('library.unlock', { by: 'password', password })).type, 'WrongPassword', 'the old one');
			await value('library.unlock', { by: 'recovery-code', recoveryCode: recoveryCode.toLowerCase() });
			const fresh = await value('library.new-recovery-code', {});
			await value('library.lock', {});
			same((await failure('library.unlock', { by: 'recovery-code', recoveryCode })).type, 'WrongRecoveryCode', 'old');
			await value('library.unlock', { by: 'recovery-code', recoveryCode: fresh.recoveryCode });
			await value('library.lock', {});
			for (let wrong = 0; wrong < 3; wrong++)
				same((await failure('library.unlock', { by: 'password', password: 'y' })).type, 'WrongPassword', 'wrong');
			const waiting = await failure('library.unlock', { by: 'password', password: 'another one' });
			holds(waiting.type === 'TooManyTries' && waiting.waitMs > 0, 'the fourth try waits');
			await core.close();
		}
	},
	{
		title: 'settings and names last; a write sent twice is applied once',
		run: async (world) => {
			const driver = drive(world, 1);
			await driver.value('library.create', { name: 'Home', password: null });
			const first = nextCommand();
			const rename = (name: string) => ({ action: 'library.rename', input: { name }, plan: null });
			await driver.value('actions.commit', rename('Clan'), { command: first });
			await driver.value('actions.commit', rename('Family'));
			await driver.value('actions.commit', rename('Clan'), { command: first });
			const lock = (to: number) => ({ action: 'library.change-setting', input: { setting: 'lockAfterMinutes', to } });
			await driver.value('actions.commit', { ...lock(5), plan: null });
			same((await driver.failure('actions.preview', lock(-1))).type, 'ActionInputInvalid', 'setting');
			const folder = await world.makeFolder();
			const command = nextCommand();
			const add = () => addLocation(driver, { root: folder.root, name: 'Once' }, { command });
			same(await add(), await add(), 'the same answer');
			same((await refusal(driver, 'locations.add', { root: folder.root, name: null })).type, 'LocationExists', 'twice');
			await driver.core.close();
			const again = drive(world, 1);
			const status = await again.value('library.unlock', { by: 'device' });
			holds(status.state === 'open' && status.name === 'Family', 'the name lasts');
			same(await again.value('settings.read', {}), { lockAfterMinutes: 5, trashDays: 30 }, 'settings');
			same(
				(await again.value('locations.list', {})).map(({ name }) => name),
				['Once'],
				'locations'
			);
			await again.core.close();
		}
	},
	{
		title: 'a backup is the library again, and nothing else is taken for one',
		run: async (world) => {
			const driver = drive(world, 1);
			const { recoveryCode } = await driver.value('library.create', { name: 'Home', password });
			const folder = await world.makeFolder();
			await folder.write(['a', 'b.txt'], 5);
			const location = await addIndexed(driver, folder.root);
			const before = await dump(driver, location.entry);
			const chunks = await backup(driver);
			await driver.core.close();

			const copy = drive(world, 3);
			same((await copy.value('library.import', { source: await readAll(chunks) })).state, 'locked', 'state');
			same(
				(await copy.failure('library.import', { source: await readAll(chunks) })).type,
				'LibraryExists',
				'onto a library'
			);
			await copy.value('library.unlock', { by: 'recovery-code', recoveryCode });
			same(await dump(copy, location.entry), before, 'the copy');
			same((await copy.value('library.verify', {})).flaws, [], 'flaws');
			await copy.value('library.remove', {});
			same(await copy.value('library.status', {}), { state: 'none' }, 'removed');

			const whole = await readAll(chunks);
			const cut = { ...whole, sizeBytes: whole.sizeBytes - 8_192 };
			same((await copy.failure('library.import', { source: cut })).type, 'BackupUnreadable', 'cut short');
			const text = await readAll([new TextEncoder().encode('not a backup'.repeat(100))]);
			same((await copy.failure('library.import', { source: text })).type, 'BackupUnreadable', 'something else');
			same(await copy.value('library.status', {}), { state: 'none' }, 'nothing was made');
			await copy.core.close();
		}
	}
];

const indexCases: readonly Case[] = [
	{
		title: 'after any changes an index run shows what the disk has',
		run: (world, seed) =>
			withLibrary(world, async (driver) => {
				const folder = await world.makeFolder();
				const pick = chance(seed);
				const picture = new Map<string, string>();
				await folder.write(['keep'], 1);
				picture.set('/keep', 'file:1');
				const location = await addIndexed(driver, folder.root);
				for (let round = 0; round < 12; round++) {
					for (let change = 0; change < 15; change++) await changeByChance(folder, picture, pick);
					await driver.value('index.run', { location: location.id, acceptEmpty: false });
					same(await dump(driver, location.entry), Object.fromEntries(picture), `round ${round}, seed ${seed}`);
				}
				const usage = await driver.value('entries.usage', { entry: location.entry });
				const sizes = [...picture.values()].map((what) => Number(what.split(':')[1] ?? 0));
				same(
					usage.sizeBytes,
					sizes.reduce((sum, size) => sum + size, 0),
					'size of all'
				);
			})
	},
	{
		title: 'a folder that is away keeps its entries and says so; it comes back',
		run: (world) =>
			withLibrary(world, async (driver) => {
				const folder = await world.makeFolder();
				await folder.write(['a', 'b'], 3);
				const location = await addIndexed(driver, folder.root);
				const before = await dump(driver, location.entry);
				await folder.takeAway();
				const run = { location: location.id, acceptEmpty: false };
				same((await driver.failure('index.run', run)).type, 'FolderMissing', 'away');
				same(await dump(driver, location.entry), before, 'entries while it is away');
				same((await driver.value('locations.list', {}))[0]?.problem?.type, 'FolderMissing', 'problem');
				await folder.bringBack();
				await driver.value('index.run', run);
				same((await driver.value('locations.list', {}))[0]?.problem, null, 'no problem');
				same(await dump(driver, location.entry), before, 'entries after');
			})
	},
	{
		title: 'a folder that is suddenly empty is emptied only when somebody says so',
		run: (world) =>
			withLibrary(world, async (driver) => {
				const folder = await world.makeFolder();
				await folder.write(['a', 'b'], 3);
				const location = await addIndexed(driver, folder.root);
				await folder.remove(['a']);
				const run = { location: location.id, acceptEmpty: false };
				same(await driver.failure('index.run', run), { type: 'FolderSuddenlyEmpty', entries: 2 }, 'empty');
				same(Object.keys(await dump(driver, location.entry)), ['/a', '/a/b'], 'kept');
				await driver.value('index.run', { ...run, acceptEmpty: true });
				same(await dump(driver, location.entry), {}, 'accepted');
			})
	},
	{
		title: 'a run that is paused tells who waits, and goes on where it was',
		run: (world) =>
			withLibrary(world, async (driver) => {
				const folder = await world.makeFolder();
				for (let n = 0; n < 40; n++) await folder.write([`d${n}`, `file${n}`], n);
				const location = await addLocation(driver, { root: folder.root, name: null });
				const run = { location: location.id, acceptEmpty: false };
				const waiting = driver.failure('index.run', run);
				await driver.value('index.stop', { location: location.id });
				same((await waiting).type, 'IndexPaused', 'whoever waits');
				same((await driver.value('locations.list', {}))[0]?.unfinished, true, 'unfinished');
				const leaving = new AbortController();
				const left = driver.value('index.run', run, { signal: leaving.signal }).then(
					() => 'ended',
					(reason: unknown) => reason
				);
				leaving.abort('left');
				same(await left, 'left', 'whoever leaves');
				await driver.value('index.run', run);
				same(Object.keys(await dump(driver, location.entry)).length, 80, 'entries');
				same((await driver.value('locations.list', {}))[0]?.unfinished, false, 'finished');
			})
	},
	{
		title: 'forgetting a location removes what is known of it and no other',
		run: (world) =>
			withLibrary(world, async (driver) => {
				const [one, two] = [await world.makeFolder(), await world.makeFolder()];
				for (let n = 0; n < 30; n++) await one.write([`d${n % 5}`, `one${n}`], n);
				await two.write(['two'], 2);
				const first = await addIndexed(driver, one.root, 'One');
				const second = await addIndexed(driver, two.root, 'Two');
				await act(driver, 'locations.remove', { location: first.id });
				same(
					(await driver.value('locations.list', {})).map(({ name }) => name),
					['Two'],
					'locations'
				);
				same((await driver.value('search.first', { text: 'one', limit: 50 })).found, [], 'found');
				same(await dump(driver, second.entry), { '/two': 'file:2' }, 'the other');
				same((await driver.value('library.verify', {})).entries, 2, 'entries left');
			})
	},
	{
		title: 'paths lead to entries, and say what is missing',
		run: (world) =>
			withLibrary(world, async (driver) => {
				const { value, failure } = driver;
				const folder = await world.makeFolder();
				await folder.write(['Caf\u00e9', 'menu.txt'], 1);
				const location = await addIndexed(driver, folder.root, 'Home');
				const menu = await value('entries.resolve', { path: '/Home/Cafe\u0301/menu.txt', from: null });
				same(menu.name, 'menu.txt', 'by another Unicode form');
				const up = await value('entries.resolve', { path: '../..', from: menu.id });
				same(up.id, location.entry, 'up');
				same((await value('entries.resolve', { path: '../../../..', from: menu.id })).id, location.entry, 'no further');
				const missing = await failure('entries.resolve', { path: '/Home/nothing/here', from: null });
				holds(missing.type === 'PathMissing' && missing.nearest === location.entry, 'the nearest folder');
				const trail = await value('entries.trail', { entry: menu.id });
				same(trail.map(({ name }) => name).slice(1), ['Caf\u00e9', 'menu.txt'], 'trail');
			})
	}
];

const searchCases: readonly Case[] = [
	{
		title: 'a location is found by its own name, also after it got another',
		run: (world) =>
			withLibrary(world, async (driver) => {
				const folder = await world.makeFolder();
				await folder.write(['inside'], 1);
				const location = await addIndexed(driver, folder.root, 'Treasure');
				const find = async (words: string) => (await driver.value('search.first', { text: words, limit: 5 })).found;
				same(
					(await find('treasure')).map(({ id }) => id),
					[location.entry],
					'by its first name'
				);
				const input = { location: location.id, name: 'Attic' };
				await driver.value('actions.commit', { action: 'locations.rename', input, plan: null });
				same(await find('treasure'), [], 'by the name that it has no more');
				same(
					(await find('attic')).map(({ id }) => id),
					[location.entry],
					'by its new name'
				);
				same((await find('inside'))[0]?.trail, ['Attic'], 'where a file lies');
				await driver.value('index.run', { location: location.id, acceptEmpty: false });
				same((await find('attic')).length, 1, 'after a run');
			})
	},
	{
		title: 'names are found as a person types them, and are gone at once',
		run: (world) =>
			withLibrary(world, async (driver) => {
				const names = [
					'report.pdf',
					'annual report 2024.pdf',
					'foo-bar',
					'C++',
					"it's.txt",
					'IMG_2024_beach.jpg',
					'say "hi" (now).md',
					'a*b',
					'日本語.txt',
					'Caf\u00e9.txt',
					'AND',
					'\u{1f3d6} holiday'
				];
				const folder = await world.makeFolder();
				for (const name of names) await folder.write([name], 1);
				const location = await addIndexed(driver, folder.root);
				const find = async (words: string) =>
					(await driver.value('search.first', { text: words, limit: 20 })).found.map(({ name }) => name);
				for (const [words, first] of [
					['report.pdf', 'report.pdf'],
					['report', 'report.pdf'],
					['pdf 2024', 'annual report 2024.pdf'],
					['foo-bar', 'foo-bar'],
					['C++', 'C++'],
					['c+', 'C++'],
					["it's", "it's.txt"],
					['beach', 'IMG_2024_beach.jpg'],
					['"', 'say "hi" (now).md'],
					['(', 'say "hi" (now).md'],
					['*', 'a*b'],
					['AND', 'AND'],
					['日本', '日本語.txt'],
					['日本語', '日本語.txt'],
					['cafe\u0301', 'Caf\u00e9.txt'],
					['cafe', 'Caf\u00e9.txt'],
					['\u{1f3d6}', '\u{1f3d6} holiday']
				] as const)
					same((await find(words))[0], first, `first for ${words}`);
				same(await find('"" OR name:*'), [], 'typed text is no query');
				same(await find('   '), [], 'nothing typed');
				await folder.remove(['foo-bar']);
				await driver.value('index.run', { location: location.id, acceptEmpty: false });
				same(await find('foo-bar'), [], 'removed');
			})
	}
];

/** What the whole core promises, seen from outside, on any host. */
export const coreCases: readonly Case[] = [
	...libraryCases,
	...fileActionCases,
	...indexCases,
	...jobCases,
	...actionCases,
	...settingsCases,
	...searchCases,
	...contentCases,
	...verifyCases,
	...phaseCases,
	...metadataCases
];
