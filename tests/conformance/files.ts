import { bytesToName, nameToBytes } from '#core/kernel';
import type { DiskEntry, FilesFailure, FilesPort, OpenFile, RootRef, SkippedName } from '#core/ports';
import { patternBytes } from '../vectors/blake3.ts';
import {
	abortedSignal,
	equal,
	failureOf,
	holds,
	isAbort,
	never,
	rejectionOf,
	valueOf,
	type Cases
} from './expectation.ts';

/** A number is a file of that many zeros, bytes a file of these, an object a folder. Names as the platform's own calls take them. */
export type Tree = { readonly [name: string]: Tree | Uint8Array | number };

export type FilesWorld = {
	readonly port: FilesPort;
	/** Makes a folder called `name` that holds `tree`, and lets the port read it. */
	plant(name: string, tree: Tree): Promise<RootRef>;
	/** The folder `path` below a planted one, as a root of its own. */
	below(root: RootRef, path: readonly string[]): Promise<RootRef>;
	/** Removes what is at `path` below the root; the root itself where `path` is empty. */
	remove(root: RootRef, path: readonly string[]): Promise<void>;
	/** Writes into a file that is there. */
	write(root: RootRef, path: readonly string[], bytes: Uint8Array): Promise<void>;
};

export type Listing = {
	readonly entries: readonly DiskEntry[];
	readonly skipped: readonly SkippedName[];
	readonly failure: FilesFailure | null;
	readonly pages: number;
};

/** Everything that a listing gives. */
export async function listed(port: FilesPort, root: RootRef, path: readonly string[] = []): Promise<Listing> {
	const entries: DiskEntry[] = [];
	const skipped: SkippedName[] = [];
	let failure: FilesFailure | null = null;
	let pages = 0;
	for await (const page of port.list(root, path, never)) {
		holds(failure === null, 'nothing comes after a failure');
		if (!page.ok) {
			failure = page.failure;
			continue;
		}
		pages++;
		holds(page.value.entries.length <= 1_000, 'a page has at most 1,000 entries');
		entries.push(...page.value.entries);
		skipped.push(...page.value.skipped);
	}
	return { entries, skipped, failure, pages };
}

/** A part of an open file, and how many bytes came. */
async function part(file: OpenFile, offset: number, length: number): Promise<Uint8Array> {
	const into = new Uint8Array(length).fill(0xee);
	const read = valueOf(await file.read(offset, into, never));
	holds(
		into.subarray(read).every((byte) => byte === 0xee),
		'nothing is written behind what was read'
	);
	return into.subarray(0, read);
}

/** Names that the platform takes, each of which has been somebody's bug. */
const oddNames: readonly string[] = [
	' leads and trails ',
	'.hidden',
	'..two',
	'name.',
	'per%20cent%',
	'quote\'"`',
	'a:b*c?d|e<f>',
	'new\nline\ttab',
	'caf\u00e9',
	'cafe\u0301',
	'\ufeffmark',
	'\u202egnp.exe',
	'\u{1f41a}\u200d\u{1f41a}',
	'\ufffd',
	'\uef80\uefff',
	'a'.repeat(255),
	'-rf',
	'CON',
	'Name',
	'nAME'
];

export const filesCases: Cases<FilesWorld> = {
	'lists nothing of an empty folder': async ({ port, plant }) => {
		const found = await listed(port, await plant('empty', {}));
		equal([found.entries, found.skipped, found.failure], [[], [], null]);
	},
	'tells kind, size and time of what is there': async ({ port, plant }) => {
		const root = await plant('shelf', { small: 3, none: 0, large: 70_000, folder: { inner: 5 } });
		const { entries } = await listed(port, root);
		const byName = new Map(entries.map((entry) => [entry.name, entry]));
		equal([...byName.keys()].toSorted(), ['folder', 'large', 'none', 'small']);
		equal(byName.get('folder')?.kind, 'directory');
		equal(byName.get('folder')?.sizeBytes, 0);
		for (const [name, size] of Object.entries({ small: 3, none: 0, large: 70_000 })) {
			equal(byName.get(name)?.kind, 'file');
			equal(byName.get(name)?.sizeBytes, size);
			holds(Number.isInteger(byName.get(name)?.modifiedMs), 'a file has a time in whole milliseconds');
		}
		equal(
			(await listed(port, root, ['folder'])).entries.map(({ name }) => name),
			['inner']
		);
	},
	'lists a large folder in pages, each name once': async ({ port, plant }) => {
		const names = Array.from({ length: 1_234 }, (_, at) => `file ${at}`);
		const root = await plant('large', Object.fromEntries(names.map((name) => [name, 1])));
		const { entries, pages } = await listed(port, root);
		equal(entries.map(({ name }) => name).toSorted(), names.toSorted());
		holds(pages >= 2, 'there is more than one page');
	},
	'keeps odd names exactly': async ({ port, plant }) => {
		const root = await plant('odd', Object.fromEntries(oddNames.map((name, at) => [name, { [`in ${at}`]: at }])));
		const { entries, skipped } = await listed(port, root);
		const carried = oddNames.map(kernelName);
		equal(entries.map(({ name }) => name).toSorted(), carried.toSorted());
		equal(skipped, []);
		for (const [at, name] of carried.entries()) {
			const inner = await listed(port, root, [name]);
			equal(inner.failure, null, name);
			equal(
				inner.entries.map((entry) => [entry.name, entry.sizeBytes]),
				[[`in ${at}`, at]]
			);
		}
	},
	'goes deep': async ({ port, plant }) => {
		const path = Array.from({ length: 60 }, (_, at) => `level ${at}`);
		const tree = path.reduceRight<Tree>((below, name) => ({ [name]: below }), { bottom: 9 });
		const root = await plant('deep', tree);
		equal(
			(await listed(port, root, path)).entries.map(({ name }) => name),
			['bottom']
		);
	},
	'says of what is gone that it is missing': async ({ port, plant, remove }) => {
		const root = await plant('gone', { folder: { file: 1 } });
		equal((await listed(port, root, ['never was'])).failure, { type: 'FolderMissing', retry: 'when-online' });
		equal((await listed(port, root, ['folder'])).failure, null);
		await remove(root, ['folder']);
		equal((await listed(port, root, ['folder'])).failure, { type: 'FolderMissing', retry: 'when-online' });
		await remove(root, []);
		equal((await listed(port, root)).failure, { type: 'FolderMissing', retry: 'when-online' });
		equal(failureOf(await port.rootName(root, never)).type, 'FolderMissing');
	},
	'says of a file that it is no folder': async ({ port, plant }) => {
		const root = await plant('file', { file: 1 });
		equal((await listed(port, root, ['file'])).failure, { type: 'NotAFolder', retry: 'never' });
	},
	'takes no segment that could lead elsewhere': async ({ port, plant }) => {
		const root = await plant('safe', { folder: {} });
		for (const segment of ['', '.', '..', 'a/b', '/', '\0', 'a\0b'])
			for (const path of [[segment], ['folder', segment], [segment, 'folder']])
				holds(!isAbort(await rejectionOf(() => listed(port, root, path))), 'a defect is thrown');
	},
	'looks at one entry: what it is, or that nothing is there': async ({ port, plant, remove }) => {
		const root = await plant('looked at', { folder: { 'caf\u00e9': 7 }, file: 3 });
		const at = async (...path: string[]) => valueOf(await port.look(root, path, never));
		const { entries } = await listed(port, root);
		for (const entry of entries) equal(await at(entry.name), entry);
		equal((await at('folder', kernelName('caf\u00e9')))?.sizeBytes, 7);
		for (const path of [['no'], ['folder', 'no'], ['no', 'no'], ['file', 'no']]) equal(await at(...path), null);
		await remove(root, ['folder']);
		equal(await at('folder'), null);
		equal(await at('folder', kernelName('caf\u00e9')), null);
		await remove(root, []);
		equal(failureOf(await port.look(root, ['file'], never)), { type: 'FolderMissing', retry: 'when-online' });
	},
	'tells of changes, also in folders that are new': async ({ port, plant, remove }) => {
		const root = await plant('watched', { folder: { file: 1 }, still: {} });
		const stop = new AbortController();
		const told = port.watch(root, stop.signal)[Symbol.asyncIterator]();
		const next = async () => {
			const item = await told.next();
			holds(item.done !== true, 'the watch goes on');
			return valueOf(item.value);
		};
		equal(await next(), [], 'nothing is missed from now on');
		/** Waits until every one of these folders was told. */
		const toldOf = async (...paths: string[]) => {
			const wanted = new Set(paths);
			while (wanted.size > 0) {
				const changed = await next();
				if (changed === null) return;
				for (const path of changed) {
					holds(path[0] !== 'still', 'nothing happened there');
					wanted.delete(path.join('/'));
				}
			}
		};
		await plant('watched', { folder: { another: 2 } });
		await toldOf('folder');
		await plant('watched', { new: {} });
		await toldOf('');
		await plant('watched', { new: { deeper: {} } });
		await toldOf('new');
		await plant('watched', { new: { deeper: { file: 3 } } });
		await toldOf('new/deeper');
		await remove(root, ['folder', 'file']);
		await toldOf('folder');
		await remove(root, ['new', 'deeper']);
		await toldOf('new');
		stop.abort();
		holds(isAbort(await rejectionOf(() => told.next())), 'called off');
	},
	'says of what is away that it cannot be watched': async ({ port, plant, remove }) => {
		const root = await plant('away', {});
		await remove(root, []);
		for await (const item of port.watch(root, never)) equal(failureOf(item).type, 'FolderMissing');
	},
	'knows a folder by its name': async ({ port, plant, below }) => {
		const root = await plant('My folder', { inner: {} });
		equal(valueOf(await port.rootName(root, never)), 'My folder');
		equal(valueOf(await port.rootName(await below(root, ['inner']), never)), 'inner');
	},
	'tells whether one folder lies in another': async ({ port, plant, below }) => {
		const outer = await plant('outer', { a: { b: {} }, 'a and more': {} });
		const [a, b, more] = [
			await below(outer, ['a']),
			await below(outer, ['a', 'b']),
			await below(outer, ['a and more'])
		];
		const relation = async (first: RootRef, second: RootRef) => valueOf(await port.relation(first, second, never));
		equal(await relation(outer, outer), 'same');
		equal(await relation(a, await below(outer, ['a'])), 'same');
		equal(await relation(b, outer), 'a-inside-b');
		equal(await relation(outer, b), 'b-inside-a');
		equal(await relation(a, more), 'apart');
		equal(await relation(more, a), 'apart');
	},
	'throws when called off, so that part of a folder never looks like all': async ({ port, plant }) => {
		const root = await plant('large', Object.fromEntries(Array.from({ length: 1_100 }, (_, at) => [`file ${at}`, 1])));
		const controller = new AbortController();
		const stopped = rejectionOf(async () => {
			for await (const _page of port.list(root, [], controller.signal)) controller.abort();
		});
		holds(isAbort(await stopped), 'a listing called off half-way throws AbortError');
		const signal = abortedSignal();
		holds(isAbort(await rejectionOf(() => port.list(root, [], signal)[Symbol.asyncIterator]().next())), 'at once');
		holds(isAbort(await rejectionOf(() => port.rootName(root, signal))), 'rootName');
		holds(isAbort(await rejectionOf(() => port.relation(root, root, signal))), 'relation');
	},
	'opens a file and reads any part of it': async ({ port, plant }) => {
		const bytes = patternBytes(70_000);
		const root = await plant('shelf', { folder: { file: bytes, empty: 0 } });
		const file = valueOf(await port.open(root, ['folder', 'file'], never));
		const { entries } = await listed(port, root, ['folder']);
		const row = entries.find(({ name }) => name === 'file');
		equal([file.sizeBytes, file.modifiedMs, file.inode], [70_000, row?.modifiedMs, row?.inode], 'as it was listed');
		for (const [offset, length] of [
			[0, 1],
			[0, 70_000],
			[8_192, 10_240],
			[69_999, 1]
		] as const)
			equal([...(await part(file, offset, length))], [...bytes.subarray(offset, offset + length)]);
		equal((await part(file, 69_990, 100)).length, 10, 'at the end');
		equal((await part(file, 80_000, 10)).length, 0, 'behind it');
		equal(valueOf(await file.isUnchanged(never)), true);
		await file.close();
		const empty = valueOf(await port.open(root, ['folder', 'empty'], never));
		equal((await part(empty, 0, 10)).length, 0, 'an empty file');
		await empty.close();
	},
	'opens odd names': async ({ port, plant }) => {
		const tree = Object.fromEntries(oddNames.map((name, at) => [name, Uint8Array.of(at, 1)]));
		const root = await plant('odd', { inner: tree });
		for (const [at, name] of oddNames.map(kernelName).entries()) {
			const file = valueOf(await port.open(root, ['inner', name], never));
			equal([...(await part(file, 0, 9))], [at, 1], name);
			await file.close();
		}
	},
	'says that a file was written to while it was open': async ({ port, plant, write }) => {
		const root = await plant('shelf', { file: patternBytes(5_000), other: 1 });
		for (const bytes of [patternBytes(5_000, 1), patternBytes(4_000), patternBytes(6_000)]) {
			const file = valueOf(await port.open(root, ['file'], never));
			// Another write shows from the next tick of the disk's clock on.
			for (let same = true; same;) {
				await write(root, ['file'], bytes);
				same = valueOf(await file.isUnchanged(never));
			}
			await file.close();
			const again = valueOf(await port.open(root, ['file'], never));
			equal([valueOf(await again.isUnchanged(never)), again.sizeBytes], [true, bytes.length], 'opened anew');
			await again.close();
		}
	},
	'opens nothing that is no file or is gone': async ({ port, plant, remove }) => {
		const root = await plant('shelf', { file: 1, folder: {} });
		const failure = async (path: readonly string[]) => failureOf(await port.open(root, path, never));
		equal(await failure(['never was']), { type: 'FileMissing', retry: 'when-online' });
		equal(await failure(['nor', 'this']), { type: 'FileMissing', retry: 'when-online' });
		equal(await failure(['folder']), { type: 'NotAFile', retry: 'never' });
		await remove(root, ['file']);
		equal(await failure(['file']), { type: 'FileMissing', retry: 'when-online' });
		for (const segment of ['', '.', '..', 'a/b', '\0'])
			for (const path of [[segment], ['folder', segment], [segment, 'folder']])
				holds(!isAbort(await rejectionOf(() => port.open(root, path, never))), 'a defect is thrown');
		const signal = abortedSignal();
		holds(isAbort(await rejectionOf(() => port.open(root, ['folder'], signal))), 'called off');
	},
	'can be left half-way and listed anew': async ({ port, plant }) => {
		const root = await plant('left', Object.fromEntries(Array.from({ length: 1_050 }, (_, at) => [`file ${at}`, 1])));
		for (let round = 0; round < 5; round++) for await (const page of port.list(root, [], never)) if (page.ok) break;
		equal((await listed(port, root)).entries.length, 1_050);
	}
};

/** The kernel's name of what the platform calls `name`. */
export function kernelName(name: string): string {
	return bytesToName(new TextEncoder().encode(name));
}

/** What the platform calls an entry that the kernel names so. */
export function platformName(name: string): string {
	return new TextDecoder('utf-8', { ignoreBOM: true }).decode(nameToBytes(name));
}
