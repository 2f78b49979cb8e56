import type { DiskPlace, FileChangesPort, RootRef, SeenEntry } from '#core/ports';
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
import { kernelName, listed, type FilesWorld } from './files.ts';

export type ChangesWorld = FilesWorld & {
	readonly changes: FileChangesPort;
	/** Whether this host gives a copy the times of its source. */
	readonly keepsTimes: boolean;
};

const at = (root: RootRef, ...path: readonly string[]): DiskPlace => ({ root, path });

/** All bytes of a file. */
export async function bytesAt({ port }: FilesWorld, { root, path }: DiskPlace): Promise<Uint8Array> {
	const file = valueOf(await port.open(root, path, never));
	const bytes = new Uint8Array(file.sizeBytes);
	equal(valueOf(await file.read(0, bytes, never)), bytes.length);
	await file.close();
	return bytes;
}

/** `equal` for large files: that asks for the name of every byte. */
export function equalBytes(actual: Uint8Array, expected: Uint8Array, claim = 'the bytes'): void {
	const differs = actual.findIndex((byte, index) => byte !== expected[index]);
	equal([actual.length, differs], [expected.length, -1], claim);
}

export async function namesAt({ port }: FilesWorld, { root, path }: DiskPlace): Promise<readonly string[]> {
	const { entries, failure } = await listed(port, root, path);
	equal(failure, null);
	return entries.map(({ name }) => name).toSorted();
}

async function seenAt({ port }: FilesWorld, { root, path }: DiskPlace): Promise<SeenEntry> {
	const found = valueOf(await port.look(root, path, never));
	holds(found, 'there is something');
	return found;
}

async function write({ changes }: ChangesWorld, place: DiskPlace, bytes: Uint8Array): Promise<void> {
	const part = valueOf(await changes.openPart(place, 'new', never));
	valueOf(await part.write(0, bytes, never));
	valueOf(await part.finish(bytes.length, null, never));
	valueOf(await changes.flush([place], [{ ...place, path: place.path.slice(0, -1) }], never));
}

/** Names that would lead elsewhere or come out as another one. */
const noNames: readonly string[] = ['', '.', '..', 'a/b', '/', '/a', '../a', '\0', 'a\0b', '\ud800', 'a\udfffb'];
const takenNames: readonly string[] = [
	' leads',
	'.hidden',
	'..two',
	'per%20cent%',
	'a:b*c?',
	'caf\u00e9',
	'CON',
	'name.',
	'-rf'
];

export const fileChangesCases: Cases<ChangesWorld> = {
	'makes a folder, and never over something': async (world) => {
		const root = await world.plant('made', { file: 3, folder: { inner: 1 } });
		valueOf(await world.changes.makeFolder(at(root, 'new'), never));
		valueOf(await world.changes.makeFolder(at(root, 'new', 'deeper'), never));
		valueOf(await world.changes.flush([], [at(root), at(root, 'new')], never));
		equal(await namesAt(world, at(root, 'new')), ['deeper']);
		for (const name of ['new', 'file', 'folder'])
			equal(failureOf(await world.changes.makeFolder(at(root, name), never)), { type: 'NameTaken', retry: 'never' });
		equal(await namesAt(world, at(root, 'folder')), ['inner']);
		const nowhere = failureOf(await world.changes.makeFolder(at(root, 'no', 'new'), never));
		equal(nowhere, { type: 'FolderMissing', retry: 'when-online' });
	},
	'writes a new file, piece by piece': async (world) => {
		const root = await world.plant('written', { source: patternBytes(700_000), taken: 2, folder: {} });
		const bytes = patternBytes(700_000);
		const like = valueOf(await world.port.open(root, ['source'], never));
		const part = valueOf(await world.changes.openPart(at(root, 'folder', 'new'), 'new', never));
		equal(part.sizeBytes, 0);
		for (let offset = 0; offset < bytes.length; offset += 300_000)
			valueOf(await part.write(offset, bytes.subarray(offset, offset + 300_000), never));
		valueOf(await part.finish(bytes.length, like, never));
		await part.close();
		valueOf(await world.changes.flush([at(root, 'folder', 'new')], [at(root, 'folder')], never));
		equalBytes(await bytesAt(world, at(root, 'folder', 'new')), bytes);
		if (world.keepsTimes) equal((await seenAt(world, at(root, 'folder', 'new'))).modifiedMs, like.modifiedMs);
		await like.close();
		for (const name of ['taken', 'folder'])
			equal(failureOf(await world.changes.openPart(at(root, name), 'new', never)).type, 'NameTaken');
		equal((await bytesAt(world, at(root, 'taken'))).length, 2);
		equal(failureOf(await world.changes.openPart(at(root, 'no', 'new'), 'new', never)).type, 'FolderMissing');
	},
	'writes zeros and an empty file': async (world) => {
		const root = await world.plant('zeros', {});
		await write(world, at(root, 'empty'), new Uint8Array(0));
		const zeros = new Uint8Array(500_000);
		zeros[250_000] = 1;
		const part = valueOf(await world.changes.openPart(at(root, 'zeros'), 'new', never));
		for (let offset = 0; offset < zeros.length; offset += 100_000)
			valueOf(await part.write(offset, zeros.subarray(offset, offset + 100_000), never));
		valueOf(await part.finish(zeros.length, null, never));
		equalBytes(await bytesAt(world, at(root, 'empty')), new Uint8Array(0));
		equalBytes(await bytesAt(world, at(root, 'zeros')), zeros);
	},
	'goes on with a file that was left half-way, and cuts what is too much': async (world) => {
		const root = await world.plant('left', { half: patternBytes(5_000), long: patternBytes(9_000) });
		for (const name of ['half', 'long']) {
			const part = valueOf(await world.changes.openPart(at(root, name), 'again', never));
			const start = Math.min(part.sizeBytes, 5_000);
			valueOf(await part.write(start, patternBytes(8_000).subarray(start), never));
			valueOf(await part.finish(8_000, null, never));
			equalBytes(await bytesAt(world, at(root, name)), patternBytes(8_000));
		}
		equal(failureOf(await world.changes.openPart(at(root, 'no'), 'again', never)).type, 'FileMissing');
	},
	'renames a file, and never over something': async (world) => {
		const bytes = patternBytes(4_000);
		const root = await world.plant('renamed', { a: bytes, b: 3, folder: { a: 5 } });
		const rename = async (from: DiskPlace, to: DiskPlace) => {
			const [outcome] = await world.changes.rename([{ from, to, expected: await seenAt(world, from) }], never);
			holds(outcome, 'there is an answer');
			return outcome;
		};
		for (const to of [at(root, 'b'), at(root, 'folder'), at(root, 'folder', 'a')])
			equal(failureOf(await rename(at(root, 'a'), to)), { type: 'NameTaken', retry: 'never' });
		equal(await namesAt(world, at(root)), ['a', 'b', 'folder']);
		const before = await seenAt(world, at(root, 'a'));
		valueOf(await rename(at(root, 'a'), at(root, 'c')));
		valueOf(await rename(at(root, 'c'), at(root, 'folder', 'c')));
		equal(await namesAt(world, at(root)), ['b', 'folder']);
		equalBytes(await bytesAt(world, at(root, 'folder', 'c')), bytes);
		equal((await seenAt(world, at(root, 'folder', 'c'))).inode, before.inode);
		equal(failureOf(await rename(at(root, 'b'), at(root, 'no', 'b'))).type, 'FolderMissing');
		const gone = { from: at(root, 'no'), to: at(root, 'd'), expected: before };
		equal(
			(await world.changes.rename([gone], never)).map((one) => failureOf(one).type),
			['FileMissing']
		);
	},
	'renames many, each for itself': async (world) => {
		const root = await world.plant('many', { a: 1, b: 2, c: 3, taken: 9 });
		const moves = await Promise.all(
			[
				['a', 'x'],
				['b', 'taken'],
				['c', 'y']
			].map(async ([from = '', to = '']) => ({
				from: at(root, from),
				to: at(root, to),
				expected: await seenAt(world, at(root, from))
			}))
		);
		equal(
			(await world.changes.rename(moves, never)).map(({ ok }) => ok),
			[true, false, true]
		);
		equal(await namesAt(world, at(root)), ['b', 'taken', 'x', 'y']);
	},
	'renames folders where it says so': async (world) => {
		const root = await world.plant('folders', { folder: { inner: { file: 4 } }, taken: {}, other: {} });
		const rename = async (...to: readonly string[]) => {
			const expected = await seenAt(world, at(root, 'folder'));
			const [outcome] = await world.changes.rename(
				[{ from: at(root, 'folder'), to: at(root, ...to), expected }],
				never
			);
			holds(outcome, 'there is an answer');
			return outcome;
		};
		if (!world.changes.renamesFolders) {
			equal(failureOf(await rename('new')), { type: 'NotInOneStep', retry: 'never' });
			equal(failureOf(await rename('taken')), { type: 'NotInOneStep', retry: 'never' });
			return;
		}
		equal(failureOf(await rename('taken')).type, 'NameTaken');
		equal(failureOf(await rename('folder', 'inner', 'new')).type, 'InsideItself');
		valueOf(await rename('other', 'new'));
		equal(await namesAt(world, at(root, 'other', 'new', 'inner')), ['file']);
		equal(await namesAt(world, at(root)), ['other', 'taken']);
	},
	'removes only what is as it was seen': async (world) => {
		const root = await world.plant('removed', { file: 3, changed: 3, folder: { inner: 1 }, empty: {} });
		const [file, changed] = [await seenAt(world, at(root, 'file')), await seenAt(world, at(root, 'changed'))];
		await world.write(root, ['changed'], patternBytes(4));
		const remove = (name: string, expected: SeenEntry) => world.changes.remove(at(root, name), expected, never);
		const sourceChanged = { type: 'SourceChanged', retry: 'never' };
		equal(failureOf(await remove('changed', changed)), sourceChanged);
		equal(failureOf(await remove('empty', file)), sourceChanged);
		equal(failureOf(await remove('file', { ...file, kind: 'directory' })), sourceChanged);
		const [folder, empty] = [await seenAt(world, at(root, 'folder')), await seenAt(world, at(root, 'empty'))];
		equal(failureOf(await remove('folder', folder)), { type: 'FolderNotEmpty', retry: 'never' });
		valueOf(await remove('empty', empty));
		valueOf(await remove('file', file));
		valueOf(await world.changes.flush([], [at(root)], never));
		equal(failureOf(await remove('file', file)), { type: 'FileMissing', retry: 'when-online' });
		equal(await namesAt(world, at(root)), ['changed', 'folder']);
		const renamed = { from: at(root, 'changed'), to: at(root, 'new'), expected: changed };
		equal(
			(await world.changes.rename([renamed], never)).map((one) => failureOf(one)),
			[sourceChanged]
		);
	},
	'refuses a name that would lead elsewhere or become another': async (world) => {
		const root = await world.plant('named', { file: 3, folder: {} });
		const expected = await seenAt(world, at(root, 'file'));
		const refused = { type: 'NameRefused', retry: 'never' };
		for (const name of noNames)
			for (const to of [at(root, name), at(root, 'folder', name)]) {
				equal(failureOf(await world.changes.makeFolder(to, never)), refused, name);
				equal(failureOf(await world.changes.openPart(to, 'new', never)), refused, name);
				const renamed = await world.changes.rename([{ from: at(root, 'file'), to, expected }], never);
				equal(
					renamed.map((one) => failureOf(one)),
					[refused],
					name
				);
			}
		equal(await namesAt(world, at(root)), ['file', 'folder']);
		equal(await namesAt(world, at(root, 'folder')), []);
	},
	'takes no segment on the way that could lead elsewhere': async (world) => {
		const root = await world.plant('safe', { file: 3, folder: {} });
		const expected = await seenAt(world, at(root, 'file'));
		const { changes } = world;
		for (const segment of ['', '.', '..', 'a/b', '/', '\0']) {
			const to = at(root, segment, 'new');
			for (const work of [
				() => changes.makeFolder(to, never),
				() => changes.openPart(to, 'new', never),
				() => changes.openPart(to, 'again', never),
				() => changes.remove(at(root, segment), expected, never),
				() => changes.rename([{ from: at(root, 'file'), to, expected }], never),
				() => changes.flush([], [at(root, segment)], never)
			])
				holds(!isAbort(await rejectionOf(work)), 'a defect is thrown');
		}
		equal(await namesAt(world, at(root)), ['file', 'folder']);
	},
	'takes odd names exactly': async (world) => {
		const root = await world.plant('odd', {});
		for (const [index, name] of takenNames.map(kernelName).entries()) {
			await write(world, at(root, `part ${index}`), patternBytes(10 + index));
			const expected = await seenAt(world, at(root, `part ${index}`));
			const moved = await world.changes.rename(
				[{ from: at(root, `part ${index}`), to: at(root, name), expected }],
				never
			);
			for (const one of moved) valueOf(one);
			equalBytes(await bytesAt(world, at(root, name)), patternBytes(10 + index), name);
		}
		equal(await namesAt(world, at(root)), takenNames.map(kernelName).toSorted());
	},
	'says of a root that is away that it is missing': async (world) => {
		const root = await world.plant('away', { file: 1 });
		const expected = await seenAt(world, at(root, 'file'));
		await world.remove(root, []);
		const missing = { type: 'FolderMissing', retry: 'when-online' };
		equal(failureOf(await world.changes.makeFolder(at(root, 'new'), never)), missing);
		equal(failureOf(await world.changes.openPart(at(root, 'new'), 'new', never)), missing);
		equal(failureOf(await world.changes.remove(at(root, 'file'), expected, never)), missing);
	},
	'does nothing when called off': async (world) => {
		const root = await world.plant('off', { file: 1 });
		const expected = await seenAt(world, at(root, 'file'));
		const signal = abortedSignal();
		for (const work of [
			() => world.changes.makeFolder(at(root, 'new'), signal),
			() => world.changes.openPart(at(root, 'new'), 'new', signal),
			() => world.changes.rename([{ from: at(root, 'file'), to: at(root, 'new'), expected }], signal),
			() => world.changes.remove(at(root, 'file'), expected, signal),
			() => world.changes.flush([], [at(root)], signal)
		])
			holds(isAbort(await rejectionOf(work)), 'called off');
		equal(await namesAt(world, at(root)), ['file']);
	}
};
