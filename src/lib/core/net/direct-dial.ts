import { packParts } from '#core/crypto';

/**
 * Direct dial: a data channel to a UDP port whose certificate is known by its hash, without any signalling. The one that
 * dials makes an offer and answers it itself; from the user name of its first STUN packet the other side knows all of the
 * offer that matters. So that name says the caller's own password, and the answer has a password that everybody knows: who
 * is there is proved by DTLS and by the handshake above (RFC 8839, 8445; libp2p's webrtc-direct does alike).
 */
const userPrefix = 'atoll1';
const answerPassword = 'atolldirectdialversion1pwd';
const fragmentShape = /^[A-Za-z0-9+/]{4,256}$/;
const passwordShape = /^[A-Za-z0-9+/]{22,250}$/;
const hexByte = /^[0-9a-f]{2}$/i;
const fingerprintBytes = 32;
const noFingerprint = new Uint8Array(fingerprintBytes);
const messageBytesMax = 262_144;

export type UdpPlace = { readonly host: string; readonly port: number };

/** What a description of a connection says of the one that made it. */
export type DescribedEnd = {
	/** SHA-256 of its certificate. */
	readonly fingerprint: Uint8Array;
	readonly password: string;
};

/** `AB:CD:…`, as descriptions have it (RFC 8122, section 5). */
export function printFingerprint(fingerprint: Uint8Array): string {
	return [...fingerprint].map((byte) => byte.toString(16).padStart(2, '0').toUpperCase()).join(':');
}

/** The 32 bytes; null for any other text. */
export function parseFingerprint(text: string): Uint8Array | null {
	const digits = text.split(':');
	if (digits.length !== fingerprintBytes || !digits.every((byte) => hexByte.test(byte))) return null;
	return Uint8Array.from(digits, (byte) => parseInt(byte, 16));
}

/** Who made the description `sdp`; null where it does not say so in the one way that is understood here. */
export function readDescribedEnd(sdp: string): DescribedEnd | null {
	const [, hash = ''] = /^a=fingerprint:sha-256 (\S+)\r?$/im.exec(sdp) ?? [];
	const [, password = ''] = /^a=ice-pwd:(\S+)\r?$/m.exec(sdp) ?? [];
	const fingerprint = parseFingerprint(hash);
	return fingerprint === null || !passwordShape.test(password) ? null : { fingerprint, password };
}

function describe({ host, port }: UdpPlace, lines: readonly string[]): string {
	const address = `IN IP${host.includes(':') ? 6 : 4} ${host}`;
	return [
		'v=0',
		`o=- 0 0 ${address}`,
		's=-',
		't=0 0',
		...lines.slice(0, 1),
		`m=application ${port} UDP/DTLS/SCTP webrtc-datachannel`,
		`c=${address}`,
		'a=mid:0',
		...lines.slice(1),
		'a=sctp-port:5000',
		`a=max-message-size:${messageBytesMax}`,
		`a=candidate:1 1 UDP 1467250027 ${host} ${port} typ host`,
		'a=end-of-candidates',
		''
	].join('\r\n');
}

/** The answer that the one who dials gives itself: `password` is its own, of its offer. */
export function directAnswer(place: UdpPlace, fingerprint: Uint8Array, password: string): string {
	return describe(place, [
		'a=ice-lite',
		'a=ice-options:ice2',
		`a=ice-ufrag:${userPrefix}${password}`,
		`a=ice-pwd:${answerPassword}`,
		`a=fingerprint:sha-256 ${printFingerprint(fingerprint)}`,
		'a=setup:passive'
	]);
}

/** A STUN packet of somebody new: the two halves of its user name (RFC 8445, section 7.2.2), and where it is from. */
export type DirectCaller = UdpPlace & { readonly theirs: string; readonly ours: string };

/** What the side that is called needs; null where the names, of any origin, are not those of a direct dial. */
export function readDirectCall(caller: DirectCaller): {
	readonly offer: string;
	readonly user: string;
	readonly password: string;
} | null {
	const { theirs, ours } = caller;
	const password = ours.startsWith(userPrefix) ? ours.slice(userPrefix.length) : '';
	if (!fragmentShape.test(theirs) || !fragmentShape.test(ours) || !passwordShape.test(password)) return null;
	const offer = describe(caller, [
		'a=ice-options:ice2,trickle',
		'a=setup:active',
		`a=ice-ufrag:${theirs}`,
		`a=ice-pwd:${password}`,
		// Not known yet: whoever comes is looked at when it is connected.
		`a=fingerprint:sha-256 ${printFingerprint(noFingerprint)}`
	]);
	return { offer, user: ours, password: answerPassword };
}

/** What both ends of a data channel know of it: the certificates of DTLS, of who dialled and of who was called. */
export function channelBinding(dialling: Uint8Array, called: Uint8Array): Uint8Array {
	return packParts(dialling, called);
}
