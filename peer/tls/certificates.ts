import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { hostname } from 'node:os';
import { createSecureContext } from 'node:tls';
import { err, ok, type Result } from '#core/kernel';
import type { Host, SecretsFailure } from '#core/ports';
import { outerAddresses, ownHostNames } from '../host/own-addresses.ts';
import { errorCode } from '../host/system-error.ts';
import { isBareName, isLocalName, labelOf, makeLeaf, makeRoot, type Certified } from './local-ca.ts';

/** Where a peer's certificate comes from. */
export type TlsChoice =
	| { readonly kind: 'local-ca' }
	/** PEM files that a person, or a program of theirs, keeps up to date; absolute. */
	| { readonly kind: 'files'; readonly certificate: string; readonly key: string };

export type TlsFailure =
	| { readonly type: 'TlsFileUnreadable'; readonly file: string; readonly code: string }
	/** There is no certificate or no key in it, or the two do not fit. */
	| { readonly type: 'TlsFileWrong'; readonly file: string; readonly detail: 'certificate' | 'key' | 'pair' }
	/** What this device keeps as its root is none. */
	| { readonly type: 'TlsRootDamaged' };

export type Pem = { readonly cert: string; readonly key: string };

/** The certificate under which this peer answers; another one when its files, its names or the time want it. */
export type Certificates = {
	readonly current: () => Pem;
	/** Names and addresses that it is good for, without [ ] and ports. */
	readonly names: () => readonly string[];
	/** What devices have to trust first, as PEM; null where that is for a certificate's owner to know. */
	readonly root: string | null;
	/** Looks now whether there is a newer one: null where there is none, else that, or why it is not taken. */
	refresh(nowMs: number): Result<Pem, TlsFailure> | null;
};

/** A leaf that is older than this is made anew: long before its end, so that a clock may go wrong. */
const renewAfterMs = 30 * 86_400_000;
const rootName = 'tls-root';

function readPem(file: string): Result<string, TlsFailure> {
	try {
		return ok(readFileSync(file, 'utf8'));
	} catch (thrown) {
		return err({ type: 'TlsFileUnreadable', file, code: errorCode(thrown) });
	}
}

function attempt<T>(make: () => T): T | null {
	try {
		return make();
	} catch {
		return null;
	}
}

type FilesChoice = Extract<TlsChoice, { readonly kind: 'files' }>;

function readPair({
	certificate: file,
	key: keyFile
}: FilesChoice): Result<Pem & { leaf: X509Certificate }, TlsFailure> {
	const [cert, key] = [readPem(file), readPem(keyFile)];
	if (!cert.ok) return cert;
	if (!key.ok) return key;
	const leaf = attempt(() => new X509Certificate(cert.value));
	if (leaf === null) return err({ type: 'TlsFileWrong', file, detail: 'certificate' });
	const privateKey = attempt(() => createPrivateKey(key.value));
	if (privateKey === null) return err({ type: 'TlsFileWrong', file: keyFile, detail: 'key' });
	const pem = { cert: cert.value, key: key.value };
	const isPair = leaf.checkPrivateKey(privateKey) && attempt(() => createSecureContext(pem)) !== null;
	return isPair ? ok({ ...pem, leaf }) : err({ type: 'TlsFileWrong', file: keyFile, detail: 'pair' });
}

/** What changes when a file is written or replaced, also through a link. */
function marksOf({ certificate, key }: FilesChoice): string {
	return [certificate, key]
		.map((file) => {
			const { ino, size, mtimeMs } = statSync(file, { throwIfNoEntry: false }) ?? {};
			return `${ino} ${size} ${mtimeMs}`;
		})
		.join('\n');
}

/** The names of a certificate that are no patterns. */
function namesOf({ subjectAltName = '' }: X509Certificate): readonly string[] {
	const named = subjectAltName.split(', ').map((entry) => /^(?:DNS|IP Address):([a-z0-9_.:-]+)$/i.exec(entry)?.[1]);
	return named.flatMap((name) => name?.toLowerCase() ?? []);
}

function fromFiles(choice: FilesChoice): Result<Certificates, TlsFailure> {
	let marks = marksOf(choice);
	const first = readPair(choice);
	if (!first.ok) return first;
	let read = first.value;
	return ok({
		current: () => read,
		names: () => namesOf(read.leaf),
		root: null,
		refresh: () => {
			const now = marksOf(choice);
			if (now === marks) return null;
			marks = now;
			const next = readPair(choice);
			if (next.ok) read = next.value;
			return next;
		}
	});
}

/** What the certificate of this machine has to name: itself, its addresses now, and `hostNames`. */
function wantedNames(hostNames: readonly string[]): readonly string[] {
	const given = hostNames.map((name) => name.toLowerCase().replaceAll(/[[\]]/g, ''));
	return [...new Set(['localhost', '127.0.0.1', '::1', ...ownHostNames(), ...given, ...outerAddresses()])];
}

const toPem = (root: Certified) =>
	`${root.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()}${root.certificate.toString()}`;

/** The root that this device keeps, made where there is none yet. */
async function readRoot(
	{ secrets }: Pick<Host, 'secrets'>,
	allows: readonly string[],
	nowMs: number,
	signal: AbortSignal
): Promise<Result<Certified, TlsFailure | SecretsFailure>> {
	const kept = await secrets.recall(rootName, signal);
	if (!kept.ok) return kept;
	if (kept.value !== null) {
		const text = new TextDecoder().decode(kept.value);
		const root = attempt(() => ({ certificate: new X509Certificate(text), privateKey: createPrivateKey(text) }));
		return root?.certificate.checkPrivateKey(root.privateKey) === true ? ok(root) : err({ type: 'TlsRootDamaged' });
	}
	const root = makeRoot(`Atoll on ${hostname().slice(0, 40)}`, allows, nowMs);
	const keeping = await secrets.keep(rootName, new TextEncoder().encode(toPem(root)), signal);
	return keeping.ok ? ok(root) : keeping;
}

/** Which of `names` the root was made for, as it says itself. */
function namesUnder({ certificate }: Certified, names: readonly string[]): readonly string[] {
	const bare = names.filter(isBareName).filter((name) => certificate.raw.includes(name));
	return names.filter((name) => isLocalName(name, bare));
}

async function fromRoot(
	host: Pick<Host, 'secrets' | 'clock'>,
	hostNames: readonly string[],
	signal: AbortSignal
): Promise<Result<Certificates, TlsFailure | SecretsFailure>> {
	const startMs = host.clock.nowMs();
	const root = await readRoot(host, wantedNames(hostNames).filter(isBareName), startMs, signal);
	if (!root.ok) return root;
	const label = labelOf(root.value.certificate);
	const make = (nowMs: number) => {
		const names = namesUnder(root.value, wantedNames(hostNames));
		const { certificate, privateKey } = makeLeaf(root.value, label, names, nowMs);
		const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
		return { names, madeMs: nowMs, pem: { cert: certificate.toString(), key } };
	};
	let leaf = make(startMs);
	return ok({
		current: () => leaf.pem,
		names: () => leaf.names,
		root: root.value.certificate.toString(),
		refresh: (nowMs) => {
			const isSame = namesUnder(root.value, wantedNames(hostNames)).join() === leaf.names.join();
			// A clock that has gone back would leave a certificate that is not good yet.
			if (isSame && Math.abs(nowMs - leaf.madeMs) < renewAfterMs) return null;
			leaf = make(nowMs);
			return ok(leaf.pem);
		}
	});
}

/** The certificate that `choice` leads to, for a peer that is also called `hostNames`. */
export async function openCertificates(
	choice: TlsChoice,
	hostNames: readonly string[],
	host: Pick<Host, 'secrets' | 'clock'>,
	signal: AbortSignal
): Promise<Result<Certificates, TlsFailure | SecretsFailure>> {
	return choice.kind === 'files' ? fromFiles(choice) : fromRoot(host, hostNames, signal);
}

/** The SHA-256 of a certificate as browsers and phones show it: pairs of digits with colons. */
export function fingerprintOf(pem: string): string {
	return new X509Certificate(pem).fingerprint256;
}
