/** Tags of DER (X.690) as far as the certificates of RFC 5280 that are made here have them. */
export const tag = {
	boolean: 0x01,
	integer: 0x02,
	bits: 0x03,
	octets: 0x04,
	text: 0x0c,
	utcTime: 0x17,
	time: 0x18,
	list: 0x30,
	set: 0x31,
	version: 0xa0,
	extensions: 0xa3
} as const;

/** The element of that tag with `parts` in it, up to 65,535 bytes of them. */
export function der(type: number, ...parts: readonly Uint8Array[]): Buffer {
	const body = Buffer.concat(parts);
	const { length } = body;
	const head =
		length < 0x80 ? [type, length] : length < 0x100 ? [type, 0x81, length] : [type, 0x82, length >> 8, length];
	return Buffer.concat([Uint8Array.from(head), body]);
}

const commonName = Buffer.from('0603550403', 'hex');

/** A name that is a common name alone. */
export function derName(name: string): Buffer {
	return der(tag.list, der(tag.set, der(tag.list, commonName, der(tag.text, Buffer.from(name)))));
}

/** X.509, version 3. */
export const derVersion3 = der(tag.version, der(tag.integer, Uint8Array.of(2)));
