import { copyFile, copyFiles, copyTree, makeFolder, moveItem, removeTree, sweepStep, anything } from '#core/bytes';
import { ok } from '#core/kernel';
import type { ClockPort, ComputePort, DiskEntry, DiskPlace, RootRef } from '#core/ports';
import { patternBytes } from '../vectors/blake3.ts';
import { equal, failureOf, holds, isAbort, never, rejectionOf, valueOf, type Cases } from './expectation.ts';
import { bytesAt, equalBytes, namesAt, type ChangesWorld } from './file-changes.ts';

export type StepsWorld = ChangesWorld & { readonly compute: ComputePort; readonly clock: ClockPort };

const at = (root: RootRef, ...path: readonly string[]): DiskPlace => ({ root, path });
const silent = () => undefined;
const proof = { proof: true };

function deps({ port, changes, compute, clock }: StepsWorld) {
	return { files: port, changes, compute, clock };
}

async function entryAt({ port }: StepsWorld, { root, path }: DiskPlace): Promise<DiskEntry> {
	const found = valueOf(await port.look(root, path, never));
	holds(found, 'there is something');
	return found;
}

async function step(world: StepsWorld, from: DiskPlace, to: DiskPlace, name = 'one') {
	return { step: name, from, expected: await entryAt(world, from), to };
}

async function hashOf({ compute }: StepsWorld, bytes: Uint8Array): Promise<Uint8Array> {
	const hasher = await compute.blake3();
	hasher.update(bytes);
	return hasher.digest();
}

/** Every file below `place`, by its path, with its bytes; folders with none. */
async function treeAt(world: StepsWorld, place: DiskPlace): Promise<Readonly<Record<string, string>>> {
	const found: Record<string, string> = {};
	for (const name of await namesAt(world, place)) {
		const child = { ...place, path: [...place.path, name] };
		const { kind } = await entryAt(world, child);
		found[name] = kind === 'file' ? (await bytesAt(world, child)).join(' ') : '';
		if (kind === 'directory')
			for (const [below, bytes] of Object.entries(await treeAt(world, child))) found[`${name}/${below}`] = bytes;
	}
	return found;
}

const tree = {
	a: patternBytes(3_000),
	inner: { b: patternBytes(10, 1), none: 0, deep: { c: patternBytes(2_000, 2) } },
	empty: {}
};

export const fileStepsCases: Cases<StepsWorld> = {
	'copies a file with its hash, and answers again': async (world) => {
		const bytes = patternBytes(2_500_000);
		const root = await world.plant('copied', { file: bytes, folder: {} });
		const copy = await step(world, at(root, 'file'), at(root, 'folder', 'new'));
		let told = 0;
		const copied = valueOf(await copyFile(deps(world), copy, proof, (more) => (told += more), never));
		equal([copied.sizeBytes, told], [bytes.length, bytes.length]);
		equal(copied.hash, await hashOf(world, bytes));
		equalBytes(await bytesAt(world, copy.to), bytes);
		equal(await namesAt(world, at(root, 'folder')), ['new']);
		if (world.keepsTimes) equal(copied.modifiedMs, copy.expected.modifiedMs);
		equal(valueOf(await copyFile(deps(world), copy, proof, silent, never)), copied, 'again');
	},
	'copies never over something': async (world) => {
		const root = await world.plant('taken', {
			file: patternBytes(300),
			folder: { taken: patternBytes(300, 1), inner: {} }
		});
		for (const name of ['taken', 'inner']) {
			const copy = await step(world, at(root, 'file'), at(root, 'folder', name));
			equal(failureOf(await copyFile(deps(world), copy, proof, silent, never)).type, 'NameTaken');
		}
		equalBytes(await bytesAt(world, at(root, 'folder', 'taken')), patternBytes(300, 1));
		equal(await namesAt(world, at(root, 'folder')), ['inner', 'taken']);
	},
	'goes on with a part of its own, whatever is in it': async (world) => {
		const bytes = patternBytes(2_500_000);
		const wrong = bytes.slice(0, 2_000_000).fill(7, 1_500_000);
		for (const [name, part] of Object.entries({
			half: bytes.slice(0, 1_200_000),
			wrong,
			whole: bytes,
			long: new Uint8Array(3_000_000),
			empty: new Uint8Array(0)
		})) {
			const root = await world.plant(name, { file: bytes, folder: { '.atoll-one.part': part } });
			const copy = await step(world, at(root, 'file'), at(root, 'folder', 'new'));
			valueOf(await copyFile(deps(world), copy, { proof: false }, silent, never));
			equalBytes(await bytesAt(world, copy.to), bytes, name);
			equal(await namesAt(world, at(root, 'folder')), ['new']);
		}
	},
	'copies nothing of a source that is not what was expected': async (world) => {
		const root = await world.plant('changed', { file: patternBytes(300), folder: {} });
		const copy = await step(world, at(root, 'file'), at(root, 'folder', 'new'));
		await world.write(root, ['file'], patternBytes(400));
		equal(failureOf(await copyFile(deps(world), copy, proof, silent, never)).type, 'SourceChanged');
		const other = await step(world, at(root, 'file'), at(root, 'folder', 'new'));
		await world.remove(root, ['file']);
		equal(failureOf(await copyFile(deps(world), other, proof, silent, never)).type, 'FileMissing');
		equal(await namesAt(world, at(root, 'folder')), []);
	},
	'copies many side by side, each for itself': async (world) => {
		const names = Array.from({ length: 60 }, (_, index) => `file ${index}`);
		const files = Object.fromEntries(names.map((name, index) => [name, patternBytes(index * 11, index)]));
		const root = await world.plant('many', { from: files, to: { 'file 7': 1 } });
		const steps = await Promise.all(
			names.map((name, index) => step(world, at(root, 'from', name), at(root, 'to', name), `step-${index}`))
		);
		const outcomes = await copyFiles(deps(world), steps, proof, silent, never);
		for (const [index, name] of names.entries()) {
			if (index === 7) equal(outcomes[index]?.ok, false);
			else equalBytes(await bytesAt(world, at(root, 'to', name)), patternBytes(index * 11, index));
		}
		equal(await namesAt(world, at(root, 'to')), names.toSorted());
	},
	'leaves its part when called off, and can take it away': async (world) => {
		const root = await world.plant('off', { file: patternBytes(3_500_000), folder: {} });
		const copy = await step(world, at(root, 'file'), at(root, 'folder', 'new'));
		const controller = new AbortController();
		const stop = () => controller.abort(new DOMException('called off', 'AbortError'));
		holds(isAbort(await rejectionOf(() => copyFile(deps(world), copy, proof, stop, controller.signal))), 'called off');
		equal(await namesAt(world, at(root, 'folder')), ['.atoll-one.part']);
		valueOf(await sweepStep(deps(world), 'one', copy.to, never));
		equal(await namesAt(world, at(root, 'folder')), []);
	},
	'takes away what a folder that was left half-way has of its own': async (world) => {
		const root = await world.plant('off', { from: { a: 3, inner: { b: patternBytes(2_500_000) } }, to: {} });
		const copy = await step(world, at(root, 'from'), at(root, 'to', 'new'));
		const controller = new AbortController();
		let told = 0;
		const stop = (more: number) => {
			told += more;
			if (told > 1_000_000) controller.abort(new DOMException('called off', 'AbortError'));
		};
		holds(isAbort(await rejectionOf(() => copyTree(deps(world), copy, proof, stop, controller.signal))), 'called off');
		holds((await namesAt(world, at(root, 'to'))).includes('.atoll-one.part'), 'something is left');
		valueOf(await sweepStep(deps(world), 'one', copy.to, never));
		equal(
			Object.keys(await treeAt(world, at(root, 'to'))).filter((path) => path.includes('.atoll-')),
			[]
		);
	},
	'copies a folder with all in it, and answers again': async (world) => {
		const root = await world.plant('tree', { from: tree, to: {} });
		const copy = await step(world, at(root, 'from'), at(root, 'to', 'new'));
		const copied = valueOf(await copyTree(deps(world), copy, proof, silent, never));
		equal([copied.files, copied.folders, copied.sizeBytes, copied.left], [4, 4, 5_010, []]);
		equal(await treeAt(world, copy.to), await treeAt(world, copy.from));
		equal(await namesAt(world, at(root, 'to')), ['new']);
		if (world.keepsTimes) {
			const [source, target] = [
				await entryAt(world, at(root, 'from', 'inner')),
				await entryAt(world, at(root, 'to', 'new', 'inner'))
			];
			equal(target.modifiedMs, source.modifiedMs);
		}
		equal(valueOf(await copyTree(deps(world), copy, proof, silent, never)), copied, 'again');
	},
	'copies no folder over something or into itself': async (world) => {
		const root = await world.plant('tree', { from: tree, to: { taken: { a: 1 }, file: 3, hollow: {} } });
		for (const name of ['taken', 'file', 'hollow']) {
			const copy = await step(world, at(root, 'from'), at(root, 'to', name));
			equal(failureOf(await copyTree(deps(world), copy, proof, silent, never)).type, 'NameTaken', name);
		}
		const inside = await step(world, at(root, 'from'), at(root, 'from', 'inner', 'new'));
		equal(failureOf(await copyTree(deps(world), inside, proof, silent, never)).type, 'InsideItself');
		const below = await world.below(root, ['from', 'inner']);
		const hidden = await step(world, at(root, 'from'), at(below, 'new'));
		equal(failureOf(await copyTree(deps(world), hidden, proof, silent, never)).type, 'InsideItself');
		equal(await namesAt(world, at(root, 'from', 'inner')), ['b', 'deep', 'none']);
		equal(await namesAt(world, at(root, 'to')), ['file', 'hollow', 'taken']);
	},
	'moves a file and a folder, and answers again': async (world) => {
		const root = await world.plant('moved', { from: { tree, file: patternBytes(900) }, to: {} });
		const before = await treeAt(world, at(root, 'from'));
		for (const name of ['tree', 'file']) {
			const move = await step(world, at(root, 'from', name), at(root, 'to', name), name);
			equal(valueOf(await moveItem(deps(world), move, silent, never)).left, []);
			equal(valueOf(await moveItem(deps(world), move, silent, never)).left, [], 'again');
		}
		equal(await treeAt(world, at(root, 'to')), before);
		equal(await namesAt(world, at(root, 'from')), []);
	},
	'moves nothing over something, nor what is not there': async (world) => {
		const root = await world.plant('moved', { file: 5, folder: { inner: 1 }, taken: 5, there: { other: 2 } });
		for (const [from, to] of [
			['file', 'taken'],
			['file', 'there'],
			['folder', 'there']
		] as const) {
			const move = await step(world, at(root, from), at(root, to));
			equal(failureOf(await moveItem(deps(world), move, silent, never)).type, 'NameTaken');
		}
		const gone = await step(world, at(root, 'file'), at(root, 'new'));
		await world.remove(root, ['file']);
		equal(failureOf(await moveItem(deps(world), gone, silent, never)).type, 'FileMissing');
		equal(await namesAt(world, at(root)), ['folder', 'taken', 'there']);
	},
	'makes a folder, and lets one be that is there': async (world) => {
		const root = await world.plant('made', { folder: { inner: 1 }, file: 1 });
		equal(valueOf(await makeFolder(deps(world), at(root, 'new'), never)), { wasThere: false });
		equal(valueOf(await makeFolder(deps(world), at(root, 'new'), never)), { wasThere: true });
		equal(valueOf(await makeFolder(deps(world), at(root, 'folder'), never)), { wasThere: true });
		equal(failureOf(await makeFolder(deps(world), at(root, 'file'), never)).type, 'NameTaken');
		equal(await namesAt(world, at(root, 'folder')), ['inner']);
	},
	'removes a tree, or of it what may go': async (world) => {
		const root = await world.plant('removed', { one: tree, two: tree });
		const removed = valueOf(await removeTree(deps(world), at(root, 'one'), anything, never));
		equal([removed.removed, removed.left], [8, []]);
		equal(valueOf(await removeTree(deps(world), at(root, 'one'), anything, never)).removed, 0, 'again');
		const but = async (_: DiskPlace, { name }: DiskEntry) => ok(name !== 'c');
		const some = valueOf(await removeTree(deps(world), at(root, 'two'), but, never));
		equal(
			[some.removed, some.left.map(({ path }) => path.join('/'))],
			[4, ['two/inner/deep/c', 'two/inner/deep', 'two/inner', 'two']]
		);
		equal(Object.keys(await treeAt(world, at(root, 'two'))), ['inner', 'inner/deep', 'inner/deep/c']);
	}
};
