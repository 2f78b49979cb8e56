import * as v from 'valibot';
import type { WireValue } from '#core/kernel';

/** Devices speak of a handful of domains; a name is a word. */
export const domainsMax = 64;
const nameLengthMax = 64;
/** A digest is 128 bits: it tells two states apart, and keeps nobody from anything. */
export const digestBytes = 16;

export const name = v.pipe(v.string(), v.minLength(1), v.maxLength(nameLengthMax));
/** 128 bits as 32 lower-case hex digits. */
export const hex128 = v.pipe(v.string(), v.regex(/^[0-9a-f]{32}$/));
/** Counts the pulls of one domain in one session, from 1. */
export const pull = v.pipe(v.number(), v.safeInteger(), v.minValue(1));
export const digest = v.pipe(v.instance(Uint8Array), v.length(digestBytes));
/** What only a domain can read; what came from a channel holds nothing but wire values, so it only has to be there. */
export const carried = v.custom<WireValue>((value) => value !== undefined, 'a wire value');
