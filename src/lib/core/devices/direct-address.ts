import { base64urlnopad } from '@scure/base';
import { addressMax } from './dial-port.ts';

const shape = /^rtc:\/\/(?<host>\[[0-9a-f:.]+\]|\d{1,3}(?:\.\d{1,3}){3}):(?<port>\d{1,5})#(?<keys>[A-Za-z0-9_-]{86})$/;
const keyBytes = 32;
const portMax = 65_535;

/** Where a peer is dialled directly over WebRTC: an IP address and a UDP port, and by what it is known there. */
export type DirectAddress = {
	readonly host: string;
	readonly port: number;
	/** SHA-256 of the certificate that answers. */
	readonly fingerprint: Uint8Array;
	/** The X25519 key of the device behind it. */
	readonly channelKey: Uint8Array;
};

const isHost = (host: string) => host.includes(':') || host.split('.').every((part) => Number(part) <= 255);

/** `rtc://<IP address>:<port>#<fingerprint and key>`; null for any other text. */
export function parseDirectAddress(text: string): DirectAddress | null {
	const {
		host = '',
		port = '',
		keys = ''
	} = (text.length > addressMax.letters ? null : shape.exec(text)?.groups) ?? {};
	const isPlace = keys !== '' && isHost(host) && Number(port) > 0 && Number(port) <= portMax;
	if (!isPlace) return null;
	try {
		const bytes = base64urlnopad.decode(keys);
		const [fingerprint, channelKey] = [bytes.slice(0, keyBytes), bytes.slice(keyBytes)];
		return { host: host.replace(/^\[|\]$/g, ''), port: Number(port), fingerprint, channelKey };
	} catch {
		return null;
	}
}

/** Null where it is longer than others keep: that of a long IPv6 address. */
export function printDirectAddress({ host, port, fingerprint, channelKey }: DirectAddress): string | null {
	const literal = host.includes(':') ? `[${host}]` : host;
	const text = `rtc://${literal}:${port}#${base64urlnopad.encode(Uint8Array.from([...fingerprint, ...channelKey]))}`;
	return parseDirectAddress(text) === null ? null : text;
}
