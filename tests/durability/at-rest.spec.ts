import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { tampered } from './database.ts';
import { expect, test } from './durability.ts';
import { addLocation, ask, call, Profile } from './profile.ts';
import { scan, type Hit, type Wanted } from './scan.ts';
import { dropFolder, expectSecret, inStore, makeFolder, makeSecrets, sqlite, type Secrets } from './secrets.ts';
import { serveSite } from './site.ts';

/** Does with a library whatever could leave a trace, and gives the keys that nobody may find either. */
async function live(profile: Profile, page: Page, path: string, secrets: Secrets): Promise<Wanted> {
	const follower = await profile.open();
	const made = await ask<{ recoveryCode: string }>(page, 'library.create', {
		name: secrets.library,
		password: secrets.password
	});
	const raw = await ask<{ key: string }>(page, 'library.raw-key', { password: secrets.password });
	await page.evaluate(() => {
		window.probe.dropped = window.probe.nextDrop();
	});
	await dropFolder(page, path);
	const root = await page.evaluate(() => window.probe.dropped);
	const location = await addLocation<{ id: number; entry: number }>(page, {
		root,
		name: secrets.location
	});
	await ask(page, 'index.run', { location: location.id, acceptEmpty: false });
	await ask(follower, 'actions.commit', { action: 'library.rename', input: { name: secrets.newLibrary }, plan: null });
	const input = { location: location.id, name: secrets.newLocation };
	await ask(follower, 'actions.commit', { action: 'locations.rename', input, plan: null });
	for (const words of [secrets.file, secrets.folder, secrets.searched])
		await ask(follower, 'search.names', { words, limit: 100 });
	await ask(page, 'entries.resolve', { path: `/${secrets.newLocation}/${secrets.folder} 1`, from: null });
	await page.evaluate((entry) => window.probe.sizes(entry), location.entry);
	await page.evaluate(() => window.probe.client.makeBackup(new AbortController().signal));
	await ask(page, 'library.set-password', { current: secrets.password, next: secrets.newPassword });
	const renewed = await ask<{ recoveryCode: string }>(page, 'library.new-recovery-code');
	const codes = { code: made.recoveryCode, newCode: renewed.recoveryCode };
	const bare = Object.entries(codes).map(([name, code]) => [`${name} bare`, code.replaceAll('-', '')]);
	return { ...codes, ...Object.fromEntries(bare), key: `0x${raw.key}` };
}

test('nothing of a library is readable in the browser’s profile, but the path of a picked folder', async ({
	profile
}) => {
	test.setTimeout(120_000);
	const secrets = makeSecrets();
	const folder = makeFolder(secrets);
	try {
		const page = await (await profile.start()).open();
		const keys = await live(profile, page, folder.path, secrets);
		const look = () => expectSecret(profile.folder, secrets, keys);
		look();
		await ask(page, 'library.lock');
		look();
		await profile.stop();
		look();

		const again = await (await profile.start()).open();
		await ask(again, 'library.unlock', { by: 'password', password: secrets.newPassword });
		expect((await ask<{ name: string }>(again, 'library.status')).name).toBe(secrets.newLibrary);
		await profile.kill();
		look();
	} finally {
		folder.remove();
	}
});

test(
	'while it is written, neither the database nor its journal is readable',
	{ tag: '@nightly' },
	async ({ profile }) => {
		const secrets = makeSecrets();
		const page = await (await profile.start()).open();
		await ask(page, 'library.create', { name: secrets.library, password: null });
		const raw = await ask<{ key: string }>(page, 'library.raw-key', { password: null });
		const files = Array.from({ length: 4_000 }, (_, at) => [`folder ${at % 40}/${at}.txt`, 0] as const);
		await page.evaluate((order) => window.probe.plant(order), { folder: 'planted', files });
		const root = await page.evaluate(() => window.probe.pick('planted'));
		const { id } = await addLocation<{ id: number }>(page, { root, name: secrets.location });
		let isRunning = true;
		const run = ask(page, 'index.run', { location: id, acceptEmpty: false }).finally(() => {
			isRunning = false;
		});
		const wanted = { ...sqlite, library: secrets.library, location: secrets.location, key: `0x${raw.key}` };
		const store = join(profile.folder, 'Default', 'File System');
		const hits: Hit[] = [];
		let scans = 0;
		while (isRunning) {
			hits.push(...scan(store, wanted));
			scans++;
			await new Promise((resolve) => setImmediate(resolve));
		}
		await run;
		console.log(`looked ${scans} times during the run`);
		expect(hits).toEqual([]);
		expect(scans).toBeGreaterThan(0);
		await profile.stop();
		expect(scan(profile.folder, { library: secrets.library, location: secrets.location, key: `0x${raw.key}` })).toEqual(
			[]
		);
	}
);

test('a folder of the browser’s private storage leaves its names there, and no others', async ({ profile }) => {
	const { file, folder, location, library } = makeSecrets();
	const page = await (await profile.start()).open();
	await ask(page, 'library.create', { name: library, password: null });
	const files = [[`${file}.txt`, 1] as const];
	await page.evaluate((order) => window.probe.plant(order), { folder, files });
	const root = await page.evaluate((name) => window.probe.pick(name), folder);
	const { id } = await addLocation<{ id: number }>(page, { root, name: location });
	await ask(page, 'index.run', { location: id, acceptEmpty: false });
	await profile.stop();
	const hits = scan(profile.folder, { file, folder, location, library });
	// The names of OPFS itself, which the browser keeps as they are, and the handle of the folder.
	for (const hit of hits) expect(hit.file).toMatch(/^Default\/(File System\/000\/t\/Paths|IndexedDB)\//);
	expect(new Set(hits.map(({ what }) => what))).toEqual(new Set(['file', 'folder']));
});

test('control: the scanner finds a plain database, text of both widths, and keys', async ({ profile }) => {
	const { file, library, location } = makeSecrets();
	await (await profile.start()).open();
	await profile.stop();
	const store = join(profile.folder, 'Default', 'File System');
	mkdirSync(store, { recursive: true });
	const plain = tampered(null, null, 'CREATE TABLE entry (name TEXT)', `INSERT INTO entry VALUES ('${file}')`);
	writeFileSync(join(store, '00000007'), plain);
	writeFileSync(join(profile.folder, 'Default', 'Session'), Buffer.from(`..${library}..`, 'utf16le'));
	writeFileSync(join(profile.folder, 'key'), Buffer.from('00aabbccddeeff00', 'hex'));
	const hits = scan(profile.folder, { file, library, location, key: '0xaabbccddeeff' });
	expect(hits.map(({ what, as }) => `${what} as ${as}`).toSorted()).toEqual([
		'file as UTF-8',
		'key as bytes',
		'library as UTF-16'
	]);
	expect(scan(store, sqlite).map(({ what }) => what)).toEqual(['a database', 'a table']);
});

test('control: a library whose database has no key is readable', { tag: '@nightly' }, async () => {
	const { library } = makeSecrets();
	const key = "`PRAGMA key = 'raw:${rawKey}'`";
	const site = await serveSite({ file: 'schema/prelude.ts', edits: { [key]: '`PRAGMA encoding`' } });
	const profile = new Profile(site);
	try {
		const page = await (await profile.start()).open();
		await call(page, 'library.create', { name: library, password: null });
		expect(inStore(scan(profile.folder, { library, ...sqlite })).map(({ what }) => what)).toEqual(
			expect.arrayContaining(['library', 'a database', 'a table'])
		);
	} finally {
		await profile.end();
		await site.close();
	}
});
