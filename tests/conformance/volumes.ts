import type { RootRef, VolumesPort } from '#core/ports';
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
import type { Tree } from './files.ts';

export type VolumesWorld = {
	readonly port: VolumesPort;
	/** Makes a folder called `name` that holds `tree`, and lets the port read it. */
	plant(name: string, tree: Tree): Promise<RootRef>;
	/** The folder `path` below a planted one, as a root of its own. */
	below(root: RootRef, path: readonly string[]): Promise<RootRef>;
	/** Removes the folder. */
	remove(root: RootRef): Promise<void>;
	/** Whether a folder is found again by its volume here. */
	readonly canFind: boolean;
};

const limits = { bytesMax: 3_000_000, durationMsMax: 2_000 };
const large = 2_000_000;

export const volumesCases: Cases<VolumesWorld> = {
	'tells where a folder lies, the same each time': async ({ port, plant }) => {
		const root = await plant('where', { file: 1 });
		const place = valueOf(await port.placeOf(root, never));
		const again = valueOf(await port.placeOf(root, never));
		equal([again.volume.identity, again.path], [place.volume.identity, place.path]);
		holds(place.volume.identity !== '', 'a volume is known by something');
		const { capacityBytes, freeBytes } = place.volume;
		holds((capacityBytes === null) === (freeBytes === null), 'both sizes are told, or none');
		if (capacityBytes !== null && freeBytes !== null)
			holds(freeBytes >= 0 && freeBytes <= capacityBytes && Number.isSafeInteger(capacityBytes), 'sizes make sense');
	},
	'tells of a folder in another that it lies deeper on the same volume': async ({ port, plant, below }) => {
		const outer = await plant('outer', { inner: { deep: {} } });
		const above = valueOf(await port.placeOf(outer, never));
		const place = valueOf(await port.placeOf(await below(outer, ['inner', 'deep']), never));
		equal(place.volume.identity, above.volume.identity);
		equal(place.path, [...above.path, 'inner', 'deep']);
	},
	'finds a folder by its volume where it can, and never another': async ({ port, plant, canFind }) => {
		const root = await plant('found', {});
		const { volume, path } = valueOf(await port.placeOf(root, never));
		const found = await port.findRoot(volume.identity, path, never);
		equal(found === null, !canFind);
		if (found !== null) equal(valueOf(await port.placeOf(found, never)).path, path);
		equal(await port.findRoot(volume.identity, [...path, 'never was'], never), null);
		equal(await port.findRoot('fsid:0', path, never), null);
		equal(await port.findRoot('nothing of the kind', path, never), null);
	},
	'says of what is gone that it is missing': async ({ port, plant, remove }) => {
		const root = await plant('gone', {});
		const { volume, path } = valueOf(await port.placeOf(root, never));
		await remove(root);
		equal(failureOf(await port.placeOf(root, never)).type, 'FolderMissing');
		equal(failureOf(await port.readSpeed(root, [['file']], limits, never)).type, 'FolderMissing');
		equal(await port.findRoot(volume.identity, path, never), null);
	},
	'reads files within its limits, and passes over what is not there': async ({ port, plant }) => {
		const root = await plant('read', { a: large, folder: { b: large }, c: large });
		const files = [['never was'], ['folder'], ['a'], ['folder', 'never was'], ['folder', 'b'], ['c']];
		const read = valueOf(await port.readSpeed(root, files, limits, never));
		// A host reads in steps of its own, and goes at most one of them too far.
		holds(read.sizeBytes <= limits.bytesMax + 1_048_576, `${read.sizeBytes} bytes are not many more than allowed`);
		holds(read.sizeBytes >= limits.bytesMax || read.sizeBytes === 0, 'all that is allowed, or nothing but holes');
		holds(read.durationMs >= 0, 'it takes time');
		equal(valueOf(await port.readSpeed(root, [['a']], { ...limits, bytesMax: 0 }, never)).sizeBytes, 0);
		equal(valueOf(await port.readSpeed(root, [], limits, never)).sizeBytes, 0);
	},
	'takes no segment that could lead elsewhere': async ({ port, plant }) => {
		const root = await plant('safe', {});
		for (const segment of ['', '.', '..', 'a/b', 'a\0b']) {
			holds(!isAbort(await rejectionOf(async () => port.readSpeed(root, [[segment]], limits, never))), 'a defect');
			holds(!isAbort(await rejectionOf(async () => port.findRoot('x', [segment], never))), 'a defect');
		}
	},
	'throws when called off': async ({ port, plant }) => {
		const root = await plant('off', { a: large });
		const signal = abortedSignal();
		holds(isAbort(await rejectionOf(() => port.placeOf(root, signal))), 'placeOf');
		holds(isAbort(await rejectionOf(() => port.findRoot('x', [], signal))), 'findRoot');
		holds(isAbort(await rejectionOf(() => port.readSpeed(root, [['a']], limits, signal))), 'readSpeed');
	}
};
