import { createPrivateKey, createPublicKey, sign, X509Certificate } from 'node:crypto';
import { der, derName, derVersion3, tag } from './der.ts';

/** What TLS needs of a device: its key, and a certificate that says no more than that key. */
export type DeviceCertificate = {
	/** The Ed25519 public key, 32 bytes: what other devices know this one by. */
	readonly deviceKey: Uint8Array;
	readonly certificate: string;
	readonly privateKey: string;
};

const ed25519 = Buffer.from('06032b6570', 'hex'); // RFC 8410
/** A private key of RFC 8410 up to its 32 bytes, and a public one. */
const privateHead = Buffer.from('302e020100300506032b657004220420', 'hex');
const publicHead = Buffer.from('302a300506032b6570032100', 'hex');

/** A certificate that says no more than its key, without an end, signed by itself: in PEM. */
export function selfSigned(algorithm: Uint8Array, publicKey: Uint8Array, signWith: (signed: Buffer) => Buffer): string {
	const name = derName('atoll');
	const times = [der(tag.utcTime, Buffer.from('700101000000Z')), der(tag.time, Buffer.from('99991231235959Z'))];
	const one = der(tag.integer, Uint8Array.of(1));
	const signed = der(tag.list, derVersion3, one, algorithm, name, der(tag.list, ...times), name, publicKey);
	const signature = der(tag.bits, Uint8Array.of(0), signWith(signed));
	return new X509Certificate(der(tag.list, signed, algorithm, signature)).toString();
}

/**
 * The certificate of the device whose Ed25519 secret is `seed`: signed by itself, the same at every start, without an
 * end. Nothing in it is to be believed but the key, which the other side knows or refuses.
 */
export function createDeviceCertificate(seed: Uint8Array): DeviceCertificate {
	const privateKey = createPrivateKey({ key: Buffer.concat([privateHead, seed]), format: 'der', type: 'pkcs8' });
	const publicKey = createPublicKey(privateKey).export({ type: 'spki', format: 'der' });
	const certificate = selfSigned(der(tag.list, ed25519), publicKey, (signed) => sign(null, signed, privateKey));
	return {
		deviceKey: Uint8Array.from(publicKey.subarray(publicHead.length)),
		certificate,
		privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
	};
}

/** The device key in a certificate; null where there is none, or a key of another kind. */
export function deviceKeyOf(certificate: X509Certificate | undefined): Uint8Array | null {
	if (certificate?.publicKey.asymmetricKeyType !== 'ed25519') return null;
	const key = certificate.publicKey.export({ type: 'spki', format: 'der' });
	return key.length === publicHead.length + 32 ? Uint8Array.from(key.subarray(publicHead.length)) : null;
}
