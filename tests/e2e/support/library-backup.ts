import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCore } from '#core';
import { commandId } from '#core/kernel';
import type { DiskEntry, FilesPort, Host, RootRef } from '#core/ports';
import { createNodeHost } from '../../../peer/host/node-host.ts';

/** Entries of one folder, by the path below the root; folders that are not named are empty. */
export type Tree = (path: readonly string[]) => Iterable<DiskEntry>;

const signal = new AbortController().signal;
const pageMax = 1000;
/** The cheapest key derivation that a header may ask for: these libraries guard nothing. */
const rounds = 256_000;
let commands = 0;

function context() {
	return { signal, command: commandId((++commands).toString(16).padStart(32, '0')) };
}

function unwrap<T>(result: { ok: true; value: T } | { ok: false; failure: unknown }): T {
	if (!result.ok) throw new Error(JSON.stringify(result.failure));
	return result.value;
}

/** A disk that holds `tree` and nothing else. */
export function filesOf(tree: Tree): FilesPort {
	return {
		async *list(_root, path) {
			let entries: DiskEntry[] = [];
			for (const entry of tree(path)) {
				entries.push(entry);
				if (entries.length < pageMax) continue;
				yield { ok: true, value: { entries, skipped: [] } };
				entries = [];
			}
			yield { ok: true, value: { entries, skipped: [] } };
		},
		look: async (_root, path) => {
			const there = [...tree(path.slice(0, -1))].find(({ name }) => name === path.at(-1));
			return { ok: true, value: there ?? null };
		},
		async *watch() {
			yield { ok: false, failure: { type: 'WatchUnsupported', retry: 'never' } };
		},
		open: async () => ({ ok: false, failure: { type: 'FileMissing', retry: 'when-online' } }),
		createHasher: null,
		rootName: async () => ({ ok: true, value: 'Big' }),
		relation: async () => ({ ok: true, value: 'apart' })
	};
}

/** Writes the backup of a library with the password `password` that has indexed `tree` as the folder "Big". */
export async function writeBackup(file: string, tree: Tree, password: string): Promise<void> {
	const folder = mkdtempSync(join(tmpdir(), 'atoll-fixture-'));
	const host: Host = { ...createNodeHost({ secretsFolder: join(folder, 'secrets') }), files: filesOf(tree) };
	const core = createCore(host, join(folder, 'big.sdlibrary'), { rounds });
	try {
		unwrap(await core.commands['library.create']({ name: 'Big library', password }, context()));
		// The reference stands for nothing on the disk: `filesOf` answers for every root alike.
		const root = '/big' as RootRef;
		const request = { action: 'locations.add', input: { root, name: null }, plan: null };
		unwrap(await core.commands['actions.commit'](request, context()));
		const [added] = unwrap(await core.commands['locations.list']({}, context()));
		if (added === undefined) throw new Error('the folder was not added');
		const { id } = added;
		unwrap(await core.commands['index.run']({ location: id, acceptEmpty: false }, context()));
		const output = openSync(file, 'w');
		const write = async (chunk: Uint8Array) => void writeSync(output, chunk);
		unwrap(await core.commands['library.export']({ write }, context()));
		closeSync(output);
	} finally {
		await core.close();
		rmSync(folder, { recursive: true, force: true });
	}
}

const words = 'report invoice photo letter budget holiday draft final scan notes music project'.split(' ');
const endings = 'pdf jpg txt md png mp3 csv docx zip mp4'.split(' ');

/** The file with a number: a believable name that sorts by the number, and a size. */
export function numberedFile(number: number): DiskEntry {
	const word = words[(number * 7) % words.length] ?? '';
	return {
		name: `${String(number).padStart(7, '0')} ${word}.${endings[number % endings.length] ?? 'txt'}`,
		kind: 'file',
		sizeBytes: (number * 7919) % 5_000_000,
		modifiedMs: 1_700_000_000_000 + number * 1000,
		inode: null
	};
}

/** One folder "many" with `count` numbered files (1 to `count`), beside a small one. */
export function* bigTree(path: readonly string[], count: number): Iterable<DiskEntry> {
	const folder = { kind: 'directory', sizeBytes: 0, modifiedMs: null, inode: null } as const;
	if (path.length === 0)
		yield* [
			{ name: 'many', ...folder },
			{ name: 'few', ...folder }
		];
	else if (path[0] === 'many') for (let number = 1; number <= count; number++) yield numberedFile(number);
	else for (let number = 1; number <= 12; number++) yield numberedFile(number);
}
