import type { ActionName, Commands, Core } from '#core';
import { tagId, type LocationId } from '#core/kernel';
import type { SqlValue } from '#core/ports';
import type { Database } from '#core/schema';
import { nextCommand } from '../conformance/core-driver.ts';
import type { SimFiles } from './host/files.ts';

/** What a person does; which file or tag it is about, a number says. */
export const deeds = [
	'write',
	'remove',
	'identify',
	'create-tag',
	'delete-tag',
	'tag',
	'untag',
	'favourite',
	'note'
] as const;
export type Deed = (typeof deeds)[number];

/** What a person has done on a device and was told of. */
export type Books = {
	/** Tags that are there, or were when they were last looked for. */
	readonly created: Set<string>;
	/** Tags that somebody at least began to delete. */
	readonly deleted: Set<string>;
};

const never = new AbortController().signal;
/** What a file of everybody is called. */
export const fileName = 'letter to the bank.txt';
const home = '/home';
const names = ['a', 'b', 'c', 'd', 'e'];
/** A few bytes only, so that devices have copies of each other's files. */
const contents = ['x', 'y', 'z'];
type Value<N extends keyof Commands> = Extract<Awaited<ReturnType<Commands[N]>>, { ok: true }>['value'];

/** Somebody at a device: makes files in a folder, has them indexed, and says something of what the library knows. */
export class Person {
	readonly books: Books;
	readonly #core: Core;
	readonly #database: Database;
	readonly #files: SimFiles;

	constructor(core: Core, database: Database, files: SimFiles, books: Books) {
		this.#core = core;
		this.#database = database;
		this.#files = files;
		this.books = books;
	}

	/** Puts a folder under management, the first time. */
	async settle(): Promise<void> {
		if (this.#files.find(home) === undefined)
			this.#files.put(home, { a: bytesOf('x'), f: { [fileName]: bytesOf('y') } });
		if ((await this.#location()) !== null) return;
		await this.#act('locations.add', { root: home, name: null });
		await this.#index();
	}

	/** Puts so many files more there, unread so far. */
	fill(name: string, count: number): void {
		const files = Array.from({ length: count }, (_, n) => [`${name}${n}`, bytesOf(`${name}${n}`)] as const);
		this.#files.put(home, Object.fromEntries(files));
	}

	/** Takes them away again. */
	clear(name: string): void {
		for (let n = 0; this.#files.find(`${home}/${name}${n}`) !== undefined; n++)
			this.#files.remove(`${home}/${name}${n}`);
	}

	/** Does it, or what of it is possible. Says nothing of how it went but in the books. */
	async do(deed: Deed, which: number): Promise<void> {
		const name = names[which % names.length] ?? 'a';
		switch (deed) {
			case 'write': {
				const bytes = bytesOf(contents[which % contents.length] ?? 'x');
				if (this.#files.find(`${home}/${name}`) === undefined) this.#files.put(home, { [name]: bytes });
				else this.#files.overwrite(`${home}/${name}`, bytes);
				return this.#index();
			}
			case 'remove':
				if (this.#files.find(`${home}/${name}`) !== undefined) this.#files.remove(`${home}/${name}`);
				return this.#index();
			case 'identify': {
				const location = await this.#location();
				if (location !== null) await this.#ask('content.identify', { location });
				return;
			}
			case 'create-tag': {
				// Ids of tags differ from their first digits on, as those that are drawn by chance do.
				const id = which.toString(16).padStart(4, '0').padEnd(32, 'a');
				if (await this.#act('metadata.create-tag', { id: tagId(id), name: `tag ${which}` })) this.books.created.add(id);
				return;
			}
			case 'delete-tag': {
				const tag = this.#pick('SELECT key FROM tag ORDER BY key', which);
				if (tag === null) return;
				this.books.deleted.add(textOf(tag));
				await this.#act('metadata.delete-tag', { tag });
				return;
			}
			case 'tag':
			case 'untag': {
				const tag = this.#pick('SELECT key FROM tag ORDER BY key', which);
				const files = this.#someFile(which >> 2);
				if (tag !== null && files !== null) await this.#act(`metadata.${deed}-files`, { tag, files });
				return;
			}
			case 'favourite':
			case 'note': {
				const files = this.#someFile(which >> 1);
				const value = deed === 'note' ? `note ${which}` : which % 2 === 0;
				if (files !== null) await this.#act(`metadata.set-${deed}`, { files, value });
			}
		}
	}

	/** A file or folder that the library knows, of this device or another. */
	#someFile(which: number): { readonly entries: readonly unknown[] } | null {
		const entry = this.#pick('SELECT id FROM entry WHERE parent IS NOT NULL ORDER BY id', which);
		return entry === null ? null : { entries: [entry] };
	}

	#pick(sql: string, which: number): SqlValue {
		const all = this.#database.prepare(sql).column();
		return all.length === 0 ? null : (all[which % all.length] ?? null);
	}

	async #index(): Promise<void> {
		const location = await this.#location();
		if (location !== null) await this.#ask('index.run', { location, acceptEmpty: true });
	}

	async #location(): Promise<LocationId | null> {
		const known = await this.#ask('locations.list', {});
		return known?.find(({ root }) => root === home)?.id ?? null;
	}

	async #act(action: ActionName, input: unknown): Promise<boolean> {
		const plan = await this.#ask('actions.preview', { action, input });
		if (plan === null || plan.counts.operations === 0) return false;
		const done = await this.#ask('actions.commit', { action, input, plan: plan.id });
		if (done !== null) await this.#ask('actions.end', { action: done.id });
		return done !== null;
	}

	async #ask<N extends keyof Commands>(name: N, input: Parameters<Commands[N]>[0]): Promise<Value<N> | null> {
		const call = this.#core.commands[name] as (
			input: unknown,
			context: object
		) => Promise<{ ok: boolean; value: Value<N> }>;
		const answer = await call(input, { signal: never, command: nextCommand() });
		return answer.ok ? answer.value : null;
	}
}

function textOf(value: SqlValue): string {
	if (typeof value !== 'string') throw new Error('a key is text');
	return value;
}

function bytesOf(text: string): Uint8Array {
	return new TextEncoder().encode(text);
}
