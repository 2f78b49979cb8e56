import { Buffer } from 'node:buffer';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlcipher from '@signalapp/sqlcipher';
import type { Page } from '@playwright/test';
import { createCore, type Core } from '#core';
import { commandId } from '#core/kernel';
import type { ByteSource } from '#core/ports';
import { createNodeHost } from '../../peer/host/node-host.ts';
import { expect, test } from './durability.ts';
import { readTree, type Ask } from './page/dump.ts';
import { addLocation, ask, type Profile } from './profile.ts';

const password = 'correct horse battery';
const blockBytes = 512;

type Location = {
	readonly id: number;
	readonly entry: number;
	readonly name: string;
	readonly problem: unknown;
	readonly isOffline: boolean;
};
type RawKey = { readonly key: string; readonly salt: string };
/** All that a library shows. */
type Shown = { readonly status: unknown; readonly settings: unknown; readonly rows: unknown; readonly rawKey: RawKey };

/** The core on Node, over a library in a folder of its own; gone with `end`. */
class Peer {
	readonly folder = mkdtempSync(join(tmpdir(), 'atoll-peer-'));
	readonly core: Core;
	#commands = 0;

	constructor() {
		const host = createNodeHost({ secretsFolder: join(this.folder, 'secrets') });
		this.core = createCore(host, join(this.folder, 'library.sdlibrary'));
	}

	readonly call: Ask = (name, input) => {
		const commands = this.core.commands as unknown as Readonly<
			Record<string, (...given: unknown[]) => ReturnType<Ask>>
		>;
		const command = commandId((++this.#commands).toString(16).padStart(32, '0'));
		const run = commands[name];
		if (run === undefined) throw new Error(`no ${name}`);
		return run(input, { signal: new AbortController().signal, command });
	};

	async ask<Value>(name: string, input: unknown = {}): Promise<Value> {
		const answer = await this.call(name, input);
		if (!answer.ok) throw new Error(`${name}: ${JSON.stringify(answer.failure)}`);
		return answer.value as Value;
	}

	async end(): Promise<void> {
		await this.core.close();
		rmSync(this.folder, { recursive: true, force: true });
	}
}

function sourceOf(bytes: Uint8Array): ByteSource {
	return {
		sizeBytes: bytes.length,
		read: async (offset, length) => ({ ok: true, value: Uint8Array.from(bytes.subarray(offset, offset + length)) }),
		close: async () => undefined
	};
}

/** What the open library behind `call` shows, its first location in full. */
async function show(call: Ask): Promise<Shown> {
	const value = async <T>(name: string, input: unknown = {}) => {
		const answer = await call(name, input);
		if (!answer.ok) throw new Error(`${name}: ${JSON.stringify(answer.failure)}`);
		return answer.value as T;
	};
	const locations = await value<Location[]>('locations.list');
	const trees = await Promise.all(locations.map(({ entry }) => readTree(call, entry)));
	expect(await value('library.verify')).toMatchObject({ flaws: [] });
	return {
		status: await value('library.status'),
		settings: await value('settings.read'),
		// Whether a folder is there is not of the library but of the device that looks.
		rows: { locations: locations.map(({ problem: _, isOffline: __, ...kept }) => kept), trees },
		rawKey: await value<RawKey>('library.raw-key', { password })
	};
}

/** The page's commands as the peer's are called. */
function commandsOf(page: Page): Ask {
	return async (name, input) =>
		page.evaluate(
			async ([command, given]) => {
				const answer = await window.probe.call(command, given);
				// Typed arrays do not cross as what they are.
				return answer.ok && answer.value instanceof Float64Array ? { ok: true, value: [...answer.value] } : answer;
			},
			[name, input] as const
		);
}

async function makeBackup(page: Page): Promise<Buffer> {
	const text = await page.evaluate(async () => {
		const made = await window.probe.client.makeBackup(new AbortController().signal);
		if (!made.ok) throw new Error(made.failure.type);
		return window.probe.storedFiles.toText(new Uint8Array(await made.value.arrayBuffer()));
	});
	return Buffer.from(text, 'base64');
}

function restoreBackup(page: Page, backup: Buffer) {
	return page.evaluate((text) => {
		const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
		return window.probe.client.restoreBackup(new File([bytes], 'backup.tar'), new AbortController().signal);
	}, backup.toString('base64'));
}

/** A library in Chromium with a folder of OPFS in it, a backup of it, and what it shows. */
async function makeInChromium(profile: Profile) {
	const page = await (await profile.start()).open();
	const made = await ask<{ recoveryCode: string }>(page, 'library.create', { name: 'Fotos \u00e9\u{1f3d6}', password });
	const files = Array.from({ length: 300 }, (_, at) => [`Ordner ${at % 7}/Caf\u00e9 ${at}.txt`, at] as const);
	await page.evaluate((order) => window.probe.plant(order), { folder: 'planted', files });
	const root = await page.evaluate(() => window.probe.pick('planted'));
	const { id } = await addLocation<Location>(page, { root, name: 'Bilder' });
	await ask(page, 'index.run', { location: id, acceptEmpty: false });
	// Else what files are would come to be known between the backup and what is shown.
	await ask(page, 'content.identify', { location: id });
	await ask(page, 'actions.commit', {
		action: 'library.change-setting',
		input: { setting: 'lockAfterMinutes', to: 7 },
		plan: null
	});
	return { ...made, page, backup: await makeBackup(page), shown: await show(commandsOf(page)) };
}

test('a library of Chromium opens on Node, by password and by recovery code, and shows the same', async ({
	profile
}) => {
	const { recoveryCode, backup, shown } = await makeInChromium(profile);
	const peer = new Peer();
	try {
		expect(await peer.ask('library.import', { source: sourceOf(backup) })).toMatchObject({ state: 'locked' });
		expect(await peer.call('library.unlock', { by: 'password', password: 'not it at all' })).toMatchObject({
			failure: { type: 'WrongPassword' }
		});
		for (const by of [
			{ by: 'password', password },
			{ by: 'recovery-code', recoveryCode }
		]) {
			await peer.ask('library.unlock', by);
			expect(await show(peer.call)).toEqual(shown);
			await peer.ask('library.lock');
		}
	} finally {
		await peer.end();
	}
});

/** Names as a disk may have them: two Unicode forms side by side, bytes that are no UTF-8, the longest there is. */
const diskNames = [
	'Caf\u00e9',
	'Cafe\u0301',
	'x'.repeat(255),
	'\u65e5\u672c\u8a9e',
	'a b.txt',
	Buffer.from([0x61, 0xff, 0xfe])
];

test('a library of Node opens in Chromium, by password and by recovery code, and shows the same', async ({
	profile
}) => {
	const peer = new Peer();
	try {
		const folder = join(peer.folder, 'files');
		for (const below of ['one', 'two']) {
			mkdirSync(join(folder, below), { recursive: true });
			for (const name of diskNames)
				writeFileSync(Buffer.concat([Buffer.from(`${join(folder, below)}/`), Buffer.from(name)]), 'content');
		}
		const { recoveryCode } = await peer.ask<{ recoveryCode: string }>('library.create', { name: 'NAS', password });
		await peer.ask('actions.commit', { action: 'locations.add', input: { root: folder, name: null }, plan: null });
		const [{ id }] = await peer.ask<[Location]>('locations.list');
		await peer.ask('index.run', { location: id, acceptEmpty: false });
		await peer.ask('content.identify', { location: id });
		const chunks: Uint8Array[] = [];
		await peer.ask('library.export', { write: async (chunk: Uint8Array) => void chunks.push(Uint8Array.from(chunk)) });
		const shown = await show(peer.call);

		const page = await (await profile.start()).open();
		const backup = Buffer.concat(chunks);
		expect(await restoreBackup(page, backup)).toMatchObject({ ok: true, value: { state: 'locked' } });
		for (const by of [
			{ by: 'password', password },
			{ by: 'recovery-code', recoveryCode }
		]) {
			await ask(page, 'library.unlock', by);
			expect(await show(commandsOf(page))).toEqual(shown);
			await ask(page, 'library.lock');
		}
	} finally {
		await peer.end();
	}
});

/** The database in a backup: the last of its two files. */
function databaseOf(backup: Buffer): Buffer {
	const sizeAt = (block: number) => parseInt(backup.toString('latin1', block + 124, block + 135), 8);
	const second = blockBytes * (1 + Math.ceil(sizeAt(0) / blockBytes));
	expect(backup.toString('latin1', second, second + 100)).toContain('.sdlibrary/database.db');
	return backup.subarray(second + blockBytes, second + blockBytes + sizeAt(second));
}

test(
	'a genuine SQLCipher opens the database of a backup with the raw key, and with no other',
	{ tag: '@nightly' },
	async ({ profile }) => {
		const { backup, shown } = await makeInChromium(profile);
		const { key, salt } = shown.rawKey;
		const folder = mkdtempSync(join(tmpdir(), 'atoll-sqlcipher-'));
		const open = (raw: string) => {
			const path = join(folder, `${raw.slice(0, 8)}.db`);
			writeFileSync(path, databaseOf(backup));
			const database = new Sqlcipher(path);
			// It would write to the terminal what it then throws.
			database.exec('PRAGMA cipher_log_level = NONE');
			database.exec(`PRAGMA key = "x'${raw}'"`);
			return database;
		};
		try {
			const database = open(key + salt);
			expect(database.pragma('cipher_integrity_check')).toEqual([]);
			expect(database.pragma('integrity_check', { simple: true })).toBe('ok');
			const names = database.prepare('SELECT name FROM entry WHERE kind = 1 ORDER BY id', { pluck: true }).all();
			expect(names.length).toBe(300);
			expect(names).toContain('Caf\u00e9 299.txt');
			database.close();

			const other = open('ab'.repeat(32) + salt);
			expect(() => other.prepare('SELECT name FROM entry').all()).toThrow(/not a database/);
			other.close();
		} finally {
			rmSync(folder, { recursive: true });
		}
	}
);
