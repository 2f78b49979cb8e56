import * as v from 'valibot';
import type { WireValue } from '#core/kernel';
import { readDescription } from './description.ts';

/** The longest description; Chromium's for one data channel has some 500 letters. */
const sdpLettersMax = 4_096;
/** Of the line that a candidate is: addresses, ports and what relays them. */
const candidateLettersMax = 512;
/** Candidates of one side; who has more networks does without the rest. */
export const candidatesMax = 32;
/** The longest message in CBOR. */
export const signalBytesMax = 3 * sdpLettersMax;

const sdp = v.pipe(
	v.string(),
	v.maxLength(sdpLettersMax),
	v.check((text) => readDescription(text) !== null, 'a description of one data channel')
);
const offer = v.strictObject({ kind: v.literal('offer'), sdp });
const answer = v.strictObject({ kind: v.literal('answer'), sdp });
const candidate = v.strictObject({
	kind: v.literal('candidate'),
	/** RFC 8839, section 5.1, without the `a=`. */
	candidate: v.pipe(v.string(), v.maxLength(candidateLettersMax), v.regex(/^candidate:[\x20-\x7e]+$/)),
	/** Which medium it is for: there is one. */
	mid: v.pipe(v.string(), v.regex(/^[\w-]{1,16}$/))
});
const anySignal = v.variant('kind', [offer, answer, candidate]);

/** What two devices say to each other to make a connection of their own, after RFC 8829 and RFC 8838. */
export type Signal = v.InferOutput<typeof anySignal>;

/** The message that came; null for anything else. */
export function readSignal(value: WireValue): Signal | null {
	const parsed = v.safeParse(anySignal, value);
	return parsed.success ? parsed.output : null;
}
