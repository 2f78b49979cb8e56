import * as v from 'valibot';
import { deviceId, numbersPerSlot, type DeviceId, type WireValue } from '#core/kernel';
import { entryKindCode, entryKindName } from '#core/schema';
import { packNumbers, packSteps, unpackNumbers, unpackSteps } from './pack-numbers.ts';
import type { Batch, BatchContent, BatchEntry, BatchLocation, Mark, Watermark } from './schema.ts';

/** Entries of one batch at the most, and as many that are gone: what a decoder makes room for. */
export const entriesMax = 65_536;
const placesMax = 4_096;
/** More than any disk gives a name. */
const nameLengthMax = 1_024;
const namesLengthMax = entriesMax * 64;
const pathLengthMax = 32_768;
const wordLengthMax = 256;
const typesMax = 1_024;
const identityBytes = 32;
/** Of times; differences of two are exact then. */
const timeMax = 2 ** 51;
const epochBytes = 16;
/** Of all files of a batch, and of a device: their sums stay exact. */
export const sizesMax = 2 ** 51;

/** So often a folder changes devices; of two that have claimed it so often the greater id counts. */
export const claimMax = 2 ** 31;

const number = v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(numbersPerSlot - 1));
const counter = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const bytes = v.custom<Uint8Array>((value) => value instanceof Uint8Array);
const word = v.pipe(v.string(), v.maxLength(wordLengthMax));
const key = v.pipe(v.string(), v.regex(/^[0-9a-f]{32}$/));
const nullableWord = v.nullable(word);
const name = v.pipe(v.string(), v.check(isName));
const bytesOnDisk = v.nullable(counter);
const time = v.pipe(v.number(), v.safeInteger(), v.minValue(-timeMax), v.maxValue(timeMax));

export const watermarkSchema = v.strictObject({
	epoch: v.pipe(bytes, v.length(epochBytes)),
	reached: v.nullable(v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(numbersPerSlot))),
	seq: counter
});

const isSo = v.optional(v.literal(true));
/** A mark as it travels; what is not said is as it mostly is. */
const markSchema = v.pipe(
	v.strictObject({ ...watermarkSchema.entries, head: v.optional(counter), isLong: isSo }),
	v.transform(({ head, isLong, ...mark }): Mark => ({
		...mark,
		head: head ?? mark.seq,
		isLong: isLong === true
	}))
);

/** As many devices as a library can know. */
const devicesMax = 2 ** 13;

/** Of each device that is known by its key: its mark, null where nothing has come, and false where nothing is wanted. */
export const haveSchema = v.pipe(
	v.record(v.pipe(v.string(), v.regex(/^[0-9a-f]{32}$/)), v.union([v.null(), v.literal(false), markSchema])),
	v.check((have) => Object.keys(have).length <= devicesMax)
);

/** Two devices that have all of an owner's say the same of it. */
export function markToWire({ epoch, reached, seq, head, isLong }: Mark): WireValue {
	return { epoch, reached, seq, ...(head === seq ? {} : { head }), ...(isLong ? { isLong } : {}) };
}

const volumeSchema = v.strictObject({
	key,
	identity: v.pipe(v.string(), v.minLength(1), v.maxLength(wordLengthMax)),
	isOwnIdentity: v.boolean(),
	name: nullableWord,
	kind: v.pipe(v.string(), v.minLength(1), v.maxLength(wordLengthMax)),
	fileSystem: nullableWord,
	label: nullableWord,
	medium: nullableWord,
	capacityBytes: bytesOnDisk,
	freeBytes: bytesOnDisk,
	seenMs: time
});
const locationSchema = v.strictObject({
	number,
	name,
	entry: number,
	modifiedMs: v.nullable(time),
	addedMs: time,
	indexedMs: v.nullable(time),
	volume: v.nullable(key),
	pathInVolume: v.nullable(v.pipe(v.string(), v.maxLength(pathLengthMax))),
	logicalClass: nullableWord,
	claim: v.optional(v.pipe(counter, v.maxValue(claimMax)), 0),
	claimSaid: v.optional(counter, 0)
});
const places = v.strictObject({
	volumes: v.pipe(v.array(volumeSchema), v.maxLength(placesMax)),
	locations: v.pipe(v.array(locationSchema), v.maxLength(placesMax))
});
const count = v.pipe(counter, v.maxValue(entriesMax));

/** Columns, as numbers that follow one another are alike: see `packNumbers`. */
const batchSchema = v.strictObject({
	library: v.pipe(v.string(), v.maxLength(wordLengthMax)),
	owner: v.pipe(v.string(), v.regex(/^[0-9a-f]{32}$/)),
	from: v.nullable(watermarkSchema),
	to: watermarkSchema,
	head: counter,
	total: counter,
	span: v.nullable(v.strictObject({ after: counter, last: v.pipe(counter, v.maxValue(numbersPerSlot)) })),
	places: v.nullable(places),
	removedLocations: v.pipe(v.array(number), v.maxLength(placesMax)),
	entries: v.strictObject({
		count,
		numbers: bytes,
		parents: bytes,
		kinds: bytes,
		names: v.pipe(v.string(), v.maxLength(namesLengthMax)),
		sizes: bytes,
		times: bytes,
		contents: bytes
	}),
	contents: v.strictObject({
		count,
		identities: bytes,
		types: v.pipe(v.array(v.strictObject({ type: word, kind: count })), v.maxLength(typesMax)),
		type: bytes,
		confidence: bytes,
		proofs: v.pipe(
			v.array(v.strictObject({ at: count, proof: v.pipe(bytes, v.length(identityBytes)) })),
			v.maxLength(entriesMax)
		)
	}),
	gone: v.strictObject({ count, numbers: bytes, meant: bytes })
});

type WireBatch = v.InferOutput<typeof batchSchema>;
type WireLocation = v.InferInput<typeof locationSchema>;

/** No name of a disk holds a slash; what is for a while in no place of its own begins with a NUL. */
function isName(text: string): boolean {
	return text !== '' && text !== '.' && text !== '..' && text.length <= nameLengthMax && !text.includes('/');
}

/** A time that travels; one beyond what any file has is none. */
export function travelTime(timeMs: number | null): number | null {
	return timeMs === null || Math.abs(timeMs) > timeMax ? null : timeMs;
}

const kindsCount = 4;

function packEntries(entries: readonly BatchEntry[]): WireBatch['entries'] {
	let time = 0;
	const times: number[] = [];
	for (const { modifiedMs } of entries) {
		// Half of all numbers are for the times, and one for none.
		const step = modifiedMs === null ? null : modifiedMs - time;
		times.push(step === null ? 0 : step >= 0 ? step + 1 : step);
		time = modifiedMs ?? time;
	}
	let next = 0;
	const contents = entries.map(({ content }) => {
		if (content === null) return 0;
		const isNext = content === next;
		next = Math.max(next, content + 1);
		return isNext ? 1 : content + 2;
	});
	return {
		count: entries.length,
		numbers: packSteps(entries.map((entry) => entry.number)),
		parents: packSteps(entries.map(({ parent }) => parent)),
		kinds: packNumbers(entries.map(({ kind, isDamaged }) => entryKindCode(kind) + (isDamaged ? kindsCount : 0))),
		names: entries.map((entry) => entry.name).join('/'),
		sizes: packNumbers(entries.map(({ sizeBytes }) => sizeBytes)),
		times: packNumbers(times),
		contents: packNumbers(contents)
	};
}

function packContents(contents: readonly BatchContent[]): WireBatch['contents'] {
	const identities = new Uint8Array(contents.length * identityBytes);
	for (const [at, { identity }] of contents.entries()) identities.set(identity, at * identityBytes);
	const types: { readonly type: string; readonly kind: number }[] = [];
	const known = new Map<string, number>();
	const type = contents.map((content) => {
		const key = `${content.kind}/${content.type}`;
		const place = known.get(key) ?? types.push({ type: content.type, kind: content.kind }) - 1;
		known.set(key, place);
		return place;
	});
	return {
		count: contents.length,
		identities,
		types,
		type: packNumbers(type),
		confidence: packNumbers(contents.map(({ confidence }) => confidence)),
		proofs: contents.flatMap(({ proof }, at) => (proof === null ? [] : [{ at, proof }]))
	};
}

/** What was never claimed is told of as it was before there were claims. */
function packLocation({ claim, claimSaid, ...location }: BatchLocation): WireLocation {
	return claim === 0 ? location : { ...location, claim, claimSaid };
}

export function batchToWire(library: string, owner: DeviceId, batch: Batch): WireValue {
	const { from, to, head, total, span, places: some, removedLocations, entries, contents, gone } = batch;
	const wire: v.InferInput<typeof batchSchema> = {
		library,
		owner,
		from,
		to,
		head,
		total,
		span,
		places: some === null ? null : { volumes: [...some.volumes], locations: some.locations.map(packLocation) },
		removedLocations: [...removedLocations],
		entries: packEntries(entries),
		contents: packContents(contents),
		gone: {
			count: gone.length,
			numbers: packSteps(gone.map((one) => one.number)),
			meant: packNumbers(gone.map(({ isMeant }) => (isMeant ? 1 : 0)))
		}
	};
	return wire;
}

function unpackContents({ count: size, ...columns }: WireBatch['contents']): BatchContent[] | null {
	const [types, confidences] = [unpackNumbers(columns.type, size), unpackNumbers(columns.confidence, size)];
	if (types === null || confidences === null || columns.identities.length !== size * identityBytes) return null;
	const proofs = new Map(columns.proofs.map(({ at, proof }) => [at, proof]));
	const contents: BatchContent[] = [];
	for (let at = 0; at < size; at++) {
		const [type, confidence] = [columns.types[types[at] ?? -1], confidences[at] ?? -1];
		if (type === undefined || confidence < 0 || confidence > 100) return null;
		const identity = columns.identities.slice(at * identityBytes, (at + 1) * identityBytes);
		contents.push({ ...type, identity, proof: proofs.get(at) ?? null, confidence });
	}
	return contents;
}

function unpackTimes(packed: readonly number[]): (number | null)[] | null {
	let time = 0;
	const times: (number | null)[] = [];
	for (const step of packed) {
		if (step !== 0) time += step > 0 ? step - 1 : step;
		if (Math.abs(time) > timeMax) return null;
		times.push(step === 0 ? null : time);
	}
	return times;
}

function unpackContentPlaces(packed: readonly number[], contents: number): (number | null)[] | null {
	let next = 0;
	const at: (number | null)[] = [];
	for (const one of packed) {
		const content = one === 0 ? null : one === 1 ? next : one - 2;
		if (content !== null && (content < 0 || content >= contents)) return null;
		if (content !== null) next = Math.max(next, content + 1);
		at.push(content);
	}
	return at;
}

function unpackEntries({ count: size, ...columns }: WireBatch['entries'], contentsCount: number): BatchEntry[] | null {
	const numbers = unpackSteps(columns.numbers, size, 1, numbersPerSlot);
	const parents = unpackSteps(columns.parents, size, 1, numbersPerSlot);
	const kinds = unpackNumbers(columns.kinds, size);
	const sizes = unpackNumbers(columns.sizes, size);
	const packedTimes = unpackNumbers(columns.times, size);
	const packedContents = unpackNumbers(columns.contents, size);
	const names = size === 0 && columns.names === '' ? [] : columns.names.split('/', size + 1);
	if (numbers === null || parents === null || kinds === null || sizes === null || names.length !== size) return null;
	const times = packedTimes === null ? null : unpackTimes(packedTimes);
	const contents = packedContents === null ? null : unpackContentPlaces(packedContents, contentsCount);
	if (times === null || contents === null) return null;
	const entries: BatchEntry[] = [];
	let sizeSum = 0;
	for (let at = 0; at < size; at++) {
		const [code, sizeBytes, content] = [kinds[at] ?? -1, sizes[at] ?? -1, contents[at] ?? null];
		const entryName = names[at] ?? '';
		const number = numbers[at] ?? 0;
		if (code < 0 || code >= 2 * kindsCount || sizeBytes < 0 || !isName(entryName)) return null;
		// What is for a while in no place of its own is called so.
		if (entryName.includes('\0') && entryName !== `\0${number}`) return null;
		sizeSum += sizeBytes;
		if (sizeSum > sizesMax) return null;
		const kind = entryKindName(code % kindsCount);
		if (content !== null && kind !== 'file') return null;
		entries.push({
			number,
			parent: parents[at] ?? 0,
			kind,
			isDamaged: code >= kindsCount,
			name: entryName,
			sizeBytes: kind === 'directory' ? 0 : sizeBytes,
			modifiedMs: times[at] ?? null,
			content
		});
	}
	return entries;
}

export type ReadBatch = { readonly library: string; readonly owner: DeviceId; readonly batch: Batch };

/** What has come as a batch; null where it is none. Makes nothing larger than what has come, and `entriesMax` rows. */
export function wireToBatch(value: unknown): ReadBatch | null {
	const parsed = v.safeParse(batchSchema, value);
	if (!parsed.success) return null;
	const { library, owner, ...wire } = parsed.output;
	const contents = unpackContents(wire.contents);
	const entries = contents === null ? null : unpackEntries(wire.entries, contents.length);
	const gone = unpackSteps(wire.gone.numbers, wire.gone.count, 1, numbersPerSlot);
	const meant = unpackNumbers(wire.gone.meant, wire.gone.count);
	if (contents === null || entries === null || gone === null || meant === null) return null;
	const batch = {
		...wire,
		contents,
		entries,
		gone: gone.map((one, at) => ({ number: one, isMeant: meant[at] === 1 }))
	};
	return { library, owner: deviceId(owner), batch };
}

export function isSameEpoch(a: Watermark, b: Watermark): boolean {
	return a.epoch.every((byte, at) => byte === b.epoch[at]);
}
