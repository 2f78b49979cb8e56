import { createHash, generateKeyPairSync, randomBytes, sign, X509Certificate, type KeyObject } from 'node:crypto';
import { BlockList, isIP, isIPv6, SocketAddress } from 'node:net';
import { der, derName, derVersion3, tag } from '../host/der.ts';

/** A certificate with the key that is proved by it. */
export type Certified = { readonly certificate: X509Certificate; readonly privateKey: KeyObject };

const dayMs = 86_400_000;
const rootDays = 3_650;
/** Far below the 825 days that phones take for a root that a person has added. */
export const leafDays = 90;

const ecdsaSha256 = der(tag.list, Buffer.from('06082a8648ce3d040302', 'hex')); // RFC 5758
const oid = {
	keyIdentifier: '0603551d0e',
	keyUsage: '0603551d0f',
	otherNames: '0603551d11',
	basic: '0603551d13',
	nameConstraints: '0603551d1e',
	issuerKey: '0603551d23',
	extendedUsage: '0603551d25'
} as const;
const serverAuth = Buffer.from('06082b06010505070301', 'hex');
/** Which names a GeneralName of RFC 5280 is: a host, an address. */
const generalName = { host: 0x82, address: 0x87 } as const;

/** Endings that nobody can own on the internet (RFC 6761, 6762, 8375, and what home routers and ICANN have for it). */
const localEndings = ['localhost', 'local', 'home.arpa', 'internal', 'lan', 'home'] as const;
/** Networks that are not of the internet: RFC 1918, 3927, 4193, 4291, 6598, and this machine itself. */
const localNetworks = [
	['10.0.0.0', 8],
	['172.16.0.0', 12],
	['192.168.0.0', 16],
	['169.254.0.0', 16],
	['100.64.0.0', 10],
	['127.0.0.0', 8],
	['fc00::', 7],
	['fe80::', 10],
	['::1', 128]
] as const;

const localList = new BlockList();
for (const [network, bits] of localNetworks) localList.addSubnet(network, bits, isIPv6(network) ? 'ipv6' : 'ipv4');

/** The bytes of an address, 4 or 16. */
function addressBytes(address: string): Buffer {
	if (!isIPv6(address)) return Buffer.from(address.split('.').map(Number));
	// The system's own spelling: eight groups but for one run of zeros, and no dotted end for what is local.
	const [left = '', right] = new SocketAddress({ address, family: 'ipv6' }).address.split('::');
	const [head = [], tail = []] = [left, right ?? ''].map((part) => part.split(':').filter((group) => group !== ''));
	const zeros = Array.from({ length: 8 - head.length - tail.length }, () => '0');
	const groups = [...head, ...(right === undefined ? [] : zeros), ...tail];
	return Buffer.from(groups.map((group) => group.padStart(4, '0')).join(''), 'hex');
}

function maskBytes(length: number, bits: number): Buffer {
	return Buffer.from(Array.from({ length }, (_, at) => 0xff & ~(0xff >> Math.min(8, Math.max(0, bits - at * 8)))));
}

function isBelow(name: string, ending: string): boolean {
	return name === ending || name.endsWith(`.${ending}`);
}

/** Whether a root that `allows` these names beside the local ones may speak for `name`, a host or an address without [ ]. */
export function isLocalName(name: string, allows: readonly string[] = []): boolean {
	const version = isIP(name);
	if (version !== 0) return localList.check(name, version === 6 ? 'ipv6' : 'ipv4');
	return [...localEndings, ...allows].some((ending) => isBelow(name, ending));
}

/** A name without a dot, which no site of the internet can have. */
export function isBareName(name: string): boolean {
	return isIP(name) === 0 && /^[a-z0-9_-]+$/.test(name);
}

function extension(id: string, isCritical: boolean, value: Buffer): Buffer {
	const critical = isCritical ? [der(tag.boolean, Uint8Array.of(0xff))] : [];
	return der(tag.list, Buffer.from(id, 'hex'), ...critical, der(tag.octets, value));
}

function derTime(ms: number): Buffer {
	const digits = new Date(ms).toISOString().replaceAll(/\D/g, '').slice(0, 14);
	const isShort = Number(digits.slice(0, 4)) < 2050; // RFC 5280, 4.1.2.5
	return isShort ? der(tag.utcTime, Buffer.from(`${digits.slice(2)}Z`)) : der(tag.time, Buffer.from(`${digits}Z`));
}

const derNames = (name: string) =>
	isIP(name) === 0 ? der(generalName.host, Buffer.from(name)) : der(generalName.address, addressBytes(name));

type Draft = {
	readonly issuer: string;
	readonly subject: string;
	readonly nowMs: number;
	readonly days: number;
	readonly extensions: (key: Buffer, publicKey: Buffer) => readonly Buffer[];
};

/** 20 bytes by which a certificate says whose key has signed it (RFC 5280, 4.2.1.2). */
const keyIdentifier = (publicKey: Uint8Array) => createHash('sha1').update(publicKey).digest();

function certify({ issuer, subject, nowMs, days, extensions }: Draft, signer: KeyObject | null): Certified {
	const own = generateKeyPairSync('ec', { namedCurve: 'P-256' });
	const publicKey = own.publicKey.export({ type: 'spki', format: 'der' });
	const serial = randomBytes(16);
	serial[0] = ((serial[0] ?? 0) & 0x7f) | 0x40; // positive, and always of the same length
	// Clocks of phones go a little wrong.
	const times = [derTime(nowMs - dayMs), derTime(nowMs + days * dayMs)];
	const signed = der(
		tag.list,
		derVersion3,
		der(tag.integer, serial),
		ecdsaSha256,
		derName(issuer),
		der(tag.list, ...times),
		derName(subject),
		publicKey,
		der(tag.extensions, der(tag.list, ...extensions(keyIdentifier(publicKey), publicKey)))
	);
	const signature = sign('sha256', signed, signer ?? own.privateKey);
	const certificate = der(tag.list, signed, ecdsaSha256, der(tag.bits, Uint8Array.of(0), signature));
	return { certificate: new X509Certificate(certificate), privateKey: own.privateKey };
}

/**
 * A root that can speak for nothing but this machine's network: names that nobody owns on the internet, `allows` (bare names),
 * and private addresses. Whoever gets hold of its key cannot pass for any site (RFC 5280, 4.2.1.10).
 */
export function makeRoot(label: string, allows: readonly string[], nowMs: number): Certified {
	const subtrees = [
		...[...localEndings, ...allows].map((ending) => der(generalName.host, Buffer.from(ending))),
		...localNetworks.map(([network, bits]) => {
			const bytes = addressBytes(network);
			return der(generalName.address, bytes, maskBytes(bytes.length, bits));
		})
	];
	const permitted = der(0xa0, ...subtrees.map((name) => der(tag.list, name)));
	const isRoot = der(tag.list, der(tag.boolean, Uint8Array.of(0xff)), der(tag.integer, Uint8Array.of(0)));
	return certify(
		{
			issuer: label,
			subject: label,
			nowMs,
			days: rootDays,
			extensions: (key) => [
				extension(oid.basic, true, isRoot),
				extension(oid.keyUsage, true, der(tag.bits, Uint8Array.of(2, 0x04))),
				extension(oid.keyIdentifier, false, der(tag.octets, key)),
				extension(oid.nameConstraints, true, der(tag.list, permitted))
			]
		},
		null
	);
}

/** A certificate of `root` for a server of these names and addresses, good for 90 days from a day ago on. */
export function makeLeaf(root: Certified, label: string, names: readonly string[], nowMs: number): Certified {
	const rootKey = keyIdentifier(root.certificate.publicKey.export({ type: 'spki', format: 'der' }));
	return certify(
		{
			issuer: label,
			subject: 'Atoll',
			nowMs,
			days: leafDays,
			extensions: (key) => [
				extension(oid.basic, true, der(tag.list)),
				extension(oid.keyUsage, true, der(tag.bits, Uint8Array.of(7, 0x80))),
				extension(oid.extendedUsage, false, der(tag.list, serverAuth)),
				extension(oid.keyIdentifier, false, der(tag.octets, key)),
				extension(oid.issuerKey, false, der(tag.list, der(0x80, rootKey))),
				extension(oid.otherNames, false, der(tag.list, ...names.map(derNames)))
			]
		},
		root.privateKey
	);
}

/** The common name of a certificate that was made here. */
export function labelOf({ subject }: X509Certificate): string {
	return /^CN=(.*)$/m.exec(subject)?.[1] ?? '';
}
