import { err, ok, type Result } from '#core/kernel';
import type { ClockPort, FilesFailure, FilesPort, ReadLimits, RootRef, VolumesPort } from '#core/ports';
import type { VolumeFailure } from './schema.ts';
import type { Speed } from './storage-class.ts';

/** Enough for a slow disk to show its speed, and over in a moment on a quick one. */
const readLimits: ReadLimits = { bytesMax: 256 * 1_048_576, durationMsMax: 2_000 };
/** Less is over before any disk has begun in earnest. */
const readBytesMin = 1_048_576;
/** Smaller files tell how quickly files are opened, not how quickly they are read. */
const fileBytesMin = 65_536;
/** What is looked at to find files: bounds the time on a volume of a million small ones. */
const entriesMax = 20_000;
const filesMax = 400;
const lookMsMax = 2_000;

type Deps = { readonly files: FilesPort; readonly clock: ClockPort; readonly port: VolumesPort };
type Candidate = { readonly path: readonly string[]; readonly sizeBytes: number };

/** Files to read, the largest first; what cannot be listed is passed over. */
async function findCandidates(
	{ files, clock }: Deps,
	root: RootRef,
	signal: AbortSignal
): Promise<Result<Candidate[], FilesFailure>> {
	const untilMs = clock.elapsedMs() + lookMsMax;
	const found: Candidate[] = [];
	const folders: (readonly string[])[] = [[]];
	let looked = 0;
	let foundBytes = 0;
	const isEnough = () =>
		looked >= entriesMax ||
		found.length >= filesMax ||
		foundBytes >= readLimits.bytesMax ||
		clock.elapsedMs() > untilMs;
	for (let folder = folders.shift(); folder !== undefined && !isEnough(); folder = folders.shift()) {
		for await (const page of files.list(root, folder, signal)) {
			if (!page.ok && folder.length === 0) return page;
			if (!page.ok) break;
			looked += page.value.entries.length;
			for (const { kind, name, sizeBytes } of page.value.entries) {
				const path = [...folder, name];
				if (kind === 'directory') folders.push(path);
				if (kind !== 'file' || sizeBytes < fileBytesMin) continue;
				found.push({ path, sizeBytes });
				foundBytes += sizeBytes;
			}
			if (isEnough()) break;
		}
	}
	return ok(found.toSorted((a, b) => b.sizeBytes - a.sizeBytes));
}

/** How quickly files below `root` are read one after the other. Reads only, for a few seconds at most. */
export async function measureSpeed(
	deps: Deps,
	root: RootRef,
	signal: AbortSignal
): Promise<Result<Speed, FilesFailure | VolumeFailure>> {
	const candidates = await findCandidates(deps, root, signal);
	if (!candidates.ok) return candidates;
	const paths = candidates.value.map(({ path }) => path);
	const read = await deps.port.readSpeed(root, paths, readLimits, signal);
	if (!read.ok) return read;
	const { sizeBytes, durationMs, isDirect } = read.value;
	if (sizeBytes < readBytesMin) return err({ type: 'NothingToMeasure' });
	return ok({ bytesPerSecond: Math.round((sizeBytes * 1_000) / Math.max(durationMs, 0.001)), isDirect });
}
