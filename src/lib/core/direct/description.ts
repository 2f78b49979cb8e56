const fingerprintBytes = 32;
const linesMax = 128;
/** A line as it may be: what parsers of SDP stumble over is no letter of these. */
const lineShape = /^[a-z]=[\x20-\x7e]{0,1000}$/;
const fingerprintShape = /^a=fingerprint:sha-256 ((?:[0-9a-f]{2}:){31}[0-9a-f]{2})$/i;
/** What a library of native code is given for names and passwords: others make one of them end the program. */
const userShape = /^a=ice-ufrag:[A-Za-z0-9+/]{4,256}$/;
const passwordShape = /^a=ice-pwd:[A-Za-z0-9+/]{22,256}$/;

/** What counts of a description. */
export type Description = {
	/** SHA-256 of the certificate that this side of the connection has to show (RFC 8122). */
	readonly fingerprint: Uint8Array;
};

/**
 * Reads a session description (RFC 8866) of one data channel and nothing else; null for any other text, and for one that
 * names two certificates.
 */
export function readDescription(text: string): Description | null {
	const lines = text.split(/\r?\n/);
	if (lines.pop() !== '' || lines.length > linesMax || !lines.every((line) => lineShape.test(line))) return null;
	const starting = (start: string) => lines.filter((line) => line.startsWith(start));
	const media = starting('m=');
	const isChannel =
		media.length === 1 && /^m=application \d{1,5} UDP\/DTLS\/SCTP webrtc-datachannel$/.test(media[0] ?? '');
	const [users, passwords] = [starting('a=ice-ufrag:'), starting('a=ice-pwd:')];
	const isKeyed = users.length === 1 && passwords.length === 1;
	if (!isChannel || !isKeyed || !userShape.test(users[0] ?? '') || !passwordShape.test(passwords[0] ?? '')) return null;
	const prints = new Set(starting('a=fingerprint:').map((line) => fingerprintShape.exec(line)?.[1]?.toLowerCase()));
	const [print] = prints;
	return prints.size === 1 && print !== undefined ? { fingerprint: readFingerprint(print) } : null;
}

/** Bytes of a fingerprint in hexadecimal digits, two and two behind each other with `:` between. */
function readFingerprint(text: string): Uint8Array {
	const bytes = Uint8Array.from(text.split(':'), (pair) => Number.parseInt(pair, 16));
	return bytes.subarray(0, fingerprintBytes);
}
