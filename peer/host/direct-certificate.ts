import { createHash, generateKeyPairSync, sign, X509Certificate } from 'node:crypto';
import { ok, type Result } from '#core/kernel';
import type { SecretsFailure, SecretsPort } from '#core/ports';
import { der, tag } from './der.ts';
import { selfSigned } from './device-certificate.ts';

const secretName = 'atoll/direct-dial/certificate';
/** ecdsa-with-SHA256 (RFC 5758, section 3.2). */
const ecdsaSha256 = Buffer.from('06082a8648ce3d040302', 'hex');

/** What a device is dialled directly by: the certificate of its data channels, and its SHA-256. */
export type DirectCertificate = {
	readonly certificate: string;
	readonly privateKey: string;
	readonly fingerprint: Uint8Array;
};

/** Browsers know no Ed25519 in DTLS, so it is a key of its own (NIST P-256). */
function makeCertificate(): string {
	const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
	const spki = publicKey.export({ type: 'spki', format: 'der' });
	const certificate = selfSigned(der(tag.list, ecdsaSha256), spki, (signed) => sign('sha256', signed, privateKey));
	return `${certificate}${privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()}`;
}

/** The certificate and the key that were kept as one text; null where that is damaged. */
function readKept(text: string): DirectCertificate | null {
	const [certificate, privateKey] = ['CERTIFICATE', 'PRIVATE KEY'].map(
		(label) => new RegExp(`-----BEGIN ${label}-----[^-]+-----END ${label}-----\n`).exec(text)?.[0]
	);
	if (certificate === undefined || privateKey === undefined) return null;
	try {
		const fingerprint = createHash('sha256').update(new X509Certificate(certificate).raw).digest();
		return { certificate, privateKey, fingerprint: new Uint8Array(fingerprint) };
	} catch {
		return null;
	}
}

/**
 * The certificate by which this device is dialled directly, made the first time and kept with its secrets: addresses that
 * others have hold its hash.
 */
export async function readDirectCertificate(
	secrets: Pick<SecretsPort, 'recall' | 'keep'>,
	signal: AbortSignal
): Promise<Result<DirectCertificate, SecretsFailure>> {
	const recalled = await secrets.recall(secretName, signal);
	if (!recalled.ok) return recalled;
	const known = recalled.value === null ? null : readKept(Buffer.from(recalled.value).toString());
	if (known !== null) return ok(known);
	const made = makeCertificate();
	const kept = await secrets.keep(secretName, Buffer.from(made), signal);
	if (!kept.ok) return kept;
	const read = readKept(made);
	if (read === null) throw new Error('defect: a certificate that was made can be read');
	return ok(read);
}
