import { invariant } from '#core/kernel';
import type {
	ChangeFailure,
	DiskPlace,
	FileChangesPort,
	FileFailure,
	FilesPort,
	OpenFile,
	SmallEnd,
	SmallFiles,
	WantedCopy
} from '#core/ports';
import { createSimCompute } from './compute.ts';

type Ports = { readonly files: FilesPort; readonly changes: FileChangesPort };

function failed(at: 'from' | 'to', { failure }: { readonly failure: FileFailure | ChangeFailure }): SmallEnd {
	return { failed: at, failure };
}

async function hashOf(bytes: Uint8Array): Promise<SmallEnd> {
	const hasher = await createSimCompute().blake3();
	hasher.update(bytes);
	return { hash: hasher.digest(), failed: null };
}

async function readAll(file: OpenFile, signal: AbortSignal): Promise<Uint8Array> {
	const bytes = new Uint8Array(file.sizeBytes);
	const read = await file.read(0, bytes, signal);
	invariant(read.ok && read.value === bytes.length, 'a simulated file is read');
	return bytes;
}

/** Small files copied and read together; everything may end in each change of each. */
export function createSimSmallFiles({ files, changes }: Ports, sizeBytesMax: number): SmallFiles {
	async function copyOne({ from, expected, to }: WantedCopy, signal: AbortSignal): Promise<SmallEnd> {
		const opened = await files.open(from.root, from.path, signal);
		if (!opened.ok) return failed('from', opened);
		const source = opened.value;
		const isExpected = source.sizeBytes === expected.sizeBytes && source.modifiedMs === expected.modifiedMs;
		if (!isExpected) return { failed: 'from', failure: { type: 'SourceChanged', retry: 'never' } };
		const part = await changes.openPart(to, 'new', signal);
		if (!part.ok) return failed('to', part);
		const bytes = await readAll(source, signal);
		const written = await part.value.write(0, bytes, signal);
		if (!written.ok) return failed('to', written);
		const finished = await part.value.finish(bytes.length, source, signal);
		if (!finished.ok) return failed('to', finished);
		const unchanged = await source.isUnchanged(signal);
		if (unchanged.ok && unchanged.value) return hashOf(bytes);
		return { failed: 'from', failure: { type: 'SourceChanged', retry: 'never' } };
	}

	async function hashOne({ root, path }: DiskPlace, signal: AbortSignal): Promise<SmallEnd> {
		const opened = await files.open(root, path, signal);
		return opened.ok ? hashOf(await readAll(opened.value, signal)) : failed('from', opened);
	}

	async function each<T>(all: readonly T[], one: (what: T) => Promise<SmallEnd>): Promise<readonly SmallEnd[]> {
		const ends: SmallEnd[] = [];
		for (const what of all) ends.push(await one(what));
		return ends;
	}

	return {
		sizeBytesMax,
		copy: (wanted, signal) => each(wanted, (one) => copyOne(one, signal)),
		hash: (places, signal) => each(places, (one) => hashOne(one, signal))
	};
}
