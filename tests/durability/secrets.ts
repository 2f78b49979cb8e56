import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { seeded } from '../tabs/random.ts';
import { expect, newSeed } from './durability.ts';
import { scan, type Hit, type Wanted } from './scan.ts';

/** What nobody may find in a browser's profile; each is by chance, so that a hit is no accident. */
export type Secrets = Record<
	'file' | 'folder' | 'library' | 'newLibrary' | 'location' | 'newLocation' | 'password' | 'newPassword' | 'searched',
	string
>;
/** What the browser itself keeps of a folder that was picked. */
export type Known = Record<'root' | 'above', string>;

/** What a database that is not encrypted begins with, and what stands in it. */
export const sqlite: Wanted = { 'a database': 'SQLite format 3', 'a table': 'CREATE TABLE' };

export function makeSecrets(): Secrets & Known {
	const random = seeded(newSeed());
	const letters = () => Array.from({ length: 20 }, () => String.fromCharCode(97 + Math.floor(random() * 26))).join('');
	return {
		file: letters(),
		folder: letters(),
		library: letters(),
		newLibrary: letters(),
		location: letters(),
		newLocation: letters(),
		password: letters(),
		newPassword: letters(),
		searched: letters(),
		root: letters(),
		above: letters()
	};
}

/** A folder of the person on a real disk; `remove` takes it away. */
export function makeFolder({ root, above, folder, file }: Secrets & Known): { path: string; remove: () => void } {
	const base = mkdtempSync(join(tmpdir(), `${above}-`));
	const path = join(base, root);
	for (let at = 0; at < 20; at++) {
		mkdirSync(join(path, `${folder} ${at}`), { recursive: true });
		for (let n = 0; n < 50; n++) writeFileSync(join(path, `${folder} ${at}`, `${file} ${at} ${n}.txt`), 'content');
	}
	return { path, remove: () => rmSync(base, { recursive: true }) };
}

/** Drops a folder of the disk on the page, as a person does. */
export async function dropFolder(page: Page, path: string): Promise<void> {
	const session = await page.context().newCDPSession(page);
	const data = { items: [], files: [path], dragOperationsMask: 1 };
	for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
		await session.send('Input.dispatchDragEvent', { type, x: 200, y: 200, data });
}

export function inStore(hits: readonly Hit[]): Hit[] {
	return hits.filter(({ file }) => file.includes('File System'));
}

/** Looks through a browser's profile: nothing of the library and its keys is readable there, and the dropped folder's path is. */
export function expectSecret(profileFolder: string, secrets: Secrets & Known, keys: Wanted): void {
	const { root, above, ...names } = secrets;
	expect(scan(profileFolder, { ...names, ...keys })).toEqual([]);
	expect(inStore(scan(profileFolder, sqlite))).toEqual([]);
	// The one thing that Atoll cannot encrypt (docs/threat-model.md): the browser's own notes of the folder and its consent.
	const known = scan(profileFolder, { root, above });
	expect(new Set(known.map(({ what }) => what))).toEqual(new Set(['root', 'above']));
	for (const { file } of known) expect(file).toMatch(/^Default\/(IndexedDB\/http_localhost_|Preferences$)/);
}
