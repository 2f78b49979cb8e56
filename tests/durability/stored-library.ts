import type { Page } from '@playwright/test';
import { addLocation, ask, call, type Profile } from './profile.ts';

const folder = 'libraries/atoll.sdlibrary/';
export const headerFile = 'library.json';
export const databaseFile = 'database.db';

export type Shown = Readonly<Record<string, number>>;
export type Flaw = { readonly kind: string; readonly detail: string };

/** What somebody who opens the library gets: nothing, with the reason; or rows, and what `library.verify` says. */
export type Opened = {
	readonly failure: { readonly type: string; readonly [fact: string]: unknown } | null;
	readonly flaws: readonly Flaw[];
	/** Every row, or the failure that stopped reading. */
	readonly shown: Shown | { readonly type: string };
};

/** An indexed library in OPFS, closed, whose files can be changed behind its back. */
export class StoredLibrary {
	readonly page: Page;
	readonly rawKey: string;
	readonly recoveryCode: string;
	/** What it shows undamaged. */
	readonly truth: Shown;
	readonly #entry: number;

	private constructor(page: Page, made: Pick<StoredLibrary, 'rawKey' | 'recoveryCode' | 'truth'>, entry: number) {
		this.page = page;
		this.rawKey = made.rawKey;
		this.recoveryCode = made.recoveryCode;
		this.truth = made.truth;
		this.#entry = entry;
	}

	/** Makes one that this device opens by itself, with a few hundred entries. */
	static async make(profile: Profile, name = 'Home'): Promise<StoredLibrary> {
		const page = await (await profile.start()).open();
		const { recoveryCode } = await ask<{ recoveryCode: string }>(page, 'library.create', { name, password: null });
		const { key, salt } = await ask<{ key: string; salt: string }>(page, 'library.raw-key', { password: null });
		const files = Array.from({ length: 400 }, (_, at) => [`folder ${at % 20}/file ${at}.txt`, at] as const);
		await page.evaluate((order) => window.probe.plant(order), { folder: 'planted', files });
		const root = await page.evaluate(() => window.probe.pick('planted'));
		const { id, entry } = await addLocation<{ id: number; entry: number }>(page, { root, name: null });
		await ask(page, 'index.run', { location: id, acceptEmpty: false });
		const truth = await page.evaluate((at) => window.probe.sizes(at), entry);
		await ask(page, 'library.lock');
		return new StoredLibrary(page, { rawKey: key + salt, recoveryCode, truth }, entry);
	}

	/** Its files by name. */
	async files(): Promise<Record<string, Buffer>> {
		const all = await this.page.evaluate(() => window.probe.storedFiles.readAll());
		const own = Object.entries(all).filter(([path]) => path.startsWith(folder));
		return Object.fromEntries(own.map(([path, text]) => [path.slice(folder.length), Buffer.from(text, 'base64')]));
	}

	async database(): Promise<Buffer> {
		return (await this.files())[databaseFile] ?? Buffer.alloc(0);
	}

	/** Replaces a file, or removes it. */
	async put(name: string, bytes: Uint8Array | null): Promise<void> {
		const path = folder + name;
		if (bytes === null) return this.page.evaluate((at) => window.probe.storedFiles.remove(at), path);
		const text = Buffer.from(bytes).toString('base64');
		await this.page.evaluate(([at, content]) => window.probe.storedFiles.write(at, content), [path, text] as const);
	}

	/** Opens it, reads all of it, and closes it. */
	async open(by: unknown = { by: 'device' }): Promise<Opened> {
		const unlocked = await call(this.page, 'library.unlock', by);
		const { flaws } = unlocked.ok ? await ask<{ flaws: Flaw[] }>(this.page, 'library.verify') : { flaws: [] };
		const shown = await this.page.evaluate((at) => window.probe.trySizes(at), this.#entry);
		await ask(this.page, 'library.lock');
		return { failure: unlocked.ok ? null : unlocked.failure, flaws, shown };
	}
}
