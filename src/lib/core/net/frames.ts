import { err, invariant, ok, type Result } from '#core/kernel';
import { closeCodes } from './link.ts';
import { putVarint, varintLength, type VarintReader } from './varint.ts';

/** In the order in which they are sent; as on the wire. */
export const priorities = ['control', 'normal', 'bulk'] as const;
export type Priority = (typeof priorities)[number];

/** The parameters of a side. Their numbers are those of RFC 9000, section 18.2, where it has the same. */
export type Settings = {
	/** The version of the framing. */
	readonly version: number;
	/** The longest message that this side takes. */
	readonly messageBytesMax: number;
	/** How much it holds unread, over all streams. */
	readonly windowBytes: number;
	/** How much it holds unread of one stream. */
	readonly streamWindowBytes: number;
	/** How many streams the other side may have open at once. */
	readonly streamsMax: number;
};

const settingIds = {
	version: 0x01,
	messageBytesMax: 0x03,
	windowBytes: 0x04,
	streamWindowBytes: 0x05,
	streamsMax: 0x08
} as const;

/** What a message is made of: any number of frames, of which a STREAM goes on to the end of the message. */
export type Frame =
	| { readonly type: 'ping' }
	| { readonly type: 'pong' }
	| { readonly type: 'reset'; readonly id: number; readonly code: number; readonly finalBytes: number }
	| { readonly type: 'stop'; readonly id: number; readonly code: number }
	| {
			readonly type: 'stream';
			readonly id: number;
			readonly offset: number;
			readonly isLast: boolean;
			readonly bytes: Uint8Array;
	  }
	| { readonly type: 'max-bytes'; readonly max: number }
	| { readonly type: 'max-stream-bytes'; readonly id: number; readonly max: number }
	| { readonly type: 'max-streams'; readonly max: number }
	| { readonly type: 'close'; readonly code: number }
	| { readonly type: 'settings'; readonly settings: Settings }
	| { readonly type: 'open'; readonly id: number; readonly priority: Priority; readonly kind: string };

/** Frame types: RFC 9000, section 19, and from 0x20 on our own. */
const types = {
	ping: 0x01,
	reset: 0x04,
	stop: 0x05,
	/** With an offset, without a length. */
	stream: 0x0c,
	streamLast: 0x0d,
	maxBytes: 0x10,
	maxStreamBytes: 0x11,
	maxStreams: 0x12,
	close: 0x1c,
	settings: 0x20,
	pong: 0x21,
	open: 0x22
} as const;

/** Of a message: what is read of it is bounded, however many frames of a byte it has. */
export const framesPerMessageMax = 64;
const settingsMax = 32;
const kindBytesMax = 64;
const kindForm = /^[a-z0-9][a-z0-9/.-]*$/;
const encoder = new TextEncoder();

/** A kind of stream names what is spoken on it, with its version: `sync/1`. */
export function isKind(kind: string): boolean {
	return kind.length <= kindBytesMax && kindForm.test(kind);
}

/** What a STREAM frame takes besides its bytes. */
export function streamHeadBytes(id: number, offset: number): number {
	return 1 + varintLength(id) + varintLength(offset);
}

function packed(numbers: readonly number[], rest: Uint8Array = new Uint8Array()): Uint8Array {
	const bytes = new Uint8Array(numbers.reduce((sum, value) => sum + varintLength(value), rest.length));
	bytes.set(
		rest,
		numbers.reduce((at, value) => putVarint(bytes, at, value), 0)
	);
	return bytes;
}

/** A STREAM as `frameToBytes` has it, put together in `scratch`, which has room for it. */
export function putStream(scratch: Uint8Array, frame: Extract<Frame, { type: 'stream' }>): Uint8Array {
	const type = frame.isLast ? types.streamLast : types.stream;
	const headBytes = putVarint(scratch, putVarint(scratch, putVarint(scratch, 0, type), frame.id), frame.offset);
	scratch.set(frame.bytes, headBytes);
	return scratch.subarray(0, headBytes + frame.bytes.length);
}

function settingsToBytes(settings: Settings): Uint8Array {
	const pairs = [
		[settingIds.version, settings.version],
		[settingIds.messageBytesMax, settings.messageBytesMax],
		[settingIds.windowBytes, settings.windowBytes],
		[settingIds.streamWindowBytes, settings.streamWindowBytes],
		[settingIds.streamsMax, settings.streamsMax]
	];
	return packed([types.settings, pairs.length, ...pairs.flat()]);
}

/** The one encoding of a frame. */
export function frameToBytes(frame: Frame): Uint8Array {
	switch (frame.type) {
		case 'ping':
			return packed([types.ping]);
		case 'pong':
			return packed([types.pong]);
		case 'reset':
			return packed([types.reset, frame.id, frame.code, frame.finalBytes]);
		case 'stop':
			return packed([types.stop, frame.id, frame.code]);
		case 'stream':
			return packed([frame.isLast ? types.streamLast : types.stream, frame.id, frame.offset], frame.bytes);
		case 'max-bytes':
			return packed([types.maxBytes, frame.max]);
		case 'max-stream-bytes':
			return packed([types.maxStreamBytes, frame.id, frame.max]);
		case 'max-streams':
			return packed([types.maxStreams, frame.max]);
		case 'close':
			return packed([types.close, frame.code]);
		case 'settings':
			return settingsToBytes(frame.settings);
		case 'open': {
			invariant(isKind(frame.kind), 'a kind of stream is a short name');
			const kind = encoder.encode(frame.kind);
			return packed([types.open, frame.id, priorities.indexOf(frame.priority), kind.length], kind);
		}
	}
}

/** Why a message is not taken: the link is closed with `code`. */
export type FrameWrong = { readonly type: 'FrameWrong'; readonly code: number; readonly what: string };

function wrong(what: string, code: number = closeCodes.frameEncoding): Result<never, FrameWrong> {
	return err({ type: 'FrameWrong', code, what });
}

function readSettings(reader: VarintReader): Result<Frame, FrameWrong> {
	const count = reader.next();
	if (count > settingsMax) return wrong('too many settings', closeCodes.settings);
	const values = new Map<number, number>();
	for (let n = 0; n < count && !reader.isWrong; n++) {
		const id = reader.next();
		if (values.has(id)) return wrong('a setting twice', closeCodes.settings);
		values.set(id, reader.next());
	}
	if (reader.isWrong) return wrong('settings cut short');
	const settings: Settings = {
		version: values.get(settingIds.version) ?? 0,
		messageBytesMax: values.get(settingIds.messageBytesMax) ?? 0,
		windowBytes: values.get(settingIds.windowBytes) ?? 0,
		streamWindowBytes: values.get(settingIds.streamWindowBytes) ?? 0,
		streamsMax: values.get(settingIds.streamsMax) ?? 0
	};
	return ok({ type: 'settings', settings });
}

function readOpen(reader: VarintReader): Result<Frame, FrameWrong> {
	const id = reader.next();
	const priority = priorities[reader.next()];
	const kind = String.fromCharCode(...reader.take(Math.min(reader.next(), kindBytesMax + 1)));
	if (priority === undefined || !isKind(kind)) return wrong('a stream without a kind or a priority');
	return ok({ type: 'open', id, priority, kind });
}

function readKnown(type: number, reader: VarintReader): Result<Frame, FrameWrong> {
	switch (type) {
		case types.ping:
			return ok({ type: 'ping' });
		case types.pong:
			return ok({ type: 'pong' });
		case types.reset:
			return ok({ type: 'reset', id: reader.next(), code: reader.next(), finalBytes: reader.next() });
		case types.stop:
			return ok({ type: 'stop', id: reader.next(), code: reader.next() });
		case types.stream:
		case types.streamLast: {
			const [id, offset] = [reader.next(), reader.next()];
			return ok({ type: 'stream', id, offset, isLast: type === types.streamLast, bytes: reader.rest() });
		}
		case types.maxBytes:
			return ok({ type: 'max-bytes', max: reader.next() });
		case types.maxStreamBytes:
			return ok({ type: 'max-stream-bytes', id: reader.next(), max: reader.next() });
		case types.maxStreams:
			return ok({ type: 'max-streams', max: reader.next() });
		case types.close:
			return ok({ type: 'close', code: reader.next() });
		case types.settings:
			return readSettings(reader);
		case types.open:
			return readOpen(reader);
		default:
			return wrong('a frame of no known type');
	}
}

/** The next frame of a message, which is not at its end. Bounded, and allocates nothing for bytes that are not there. */
export function readFrame(reader: VarintReader): Result<Frame, FrameWrong> {
	const frame = readKnown(reader.next(), reader);
	return frame.ok && reader.isWrong ? wrong('a frame cut short') : frame;
}
