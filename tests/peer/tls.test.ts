import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls, createServer as createTlsServer } from 'node:tls';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { err } from '#core/kernel';
import { createClock } from '../../peer/host/clock.ts';
import { createSecrets } from '../../peer/host/secrets.ts';
import { openCertificates } from '../../peer/tls/certificates.ts';
import { isLocalName, leafDays, makeLeaf, makeRoot, type Certified } from '../../peer/tls/local-ca.ts';
import { never, valueOf } from '../conformance/expectation.ts';
import { createFace, openAuthority, shell, type Face } from './face.ts';
import { inHome } from './home.ts';
import { ask } from './raw-http.ts';

vi.setConfig({ testTimeout: 120_000 });

let face: Face;
beforeAll(async () => void (face = await createFace()));
afterAll(() => face.close());

const dayMs = 86_400_000;
const navigation = { accept: 'text/html' };

describe('the authority of this machine', () => {
	const root = makeRoot('Atoll on nas', ['nas'], Date.now());

	/** Whether a client that trusts `root` takes `leaf` for `name`; else why not. */
	async function isTaken({ certificate, privateKey }: Certified, name: string): Promise<true | string> {
		const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
		const listening = createTlsServer({ cert: certificate.toString(), key }, (socket) => socket.end());
		listening.on('tlsClientError', () => undefined);
		const port = await new Promise<number>((resolve) =>
			listening.listen(0, '127.0.0.1', () => resolve(Number(Reflect.get(Object(listening.address()), 'port'))))
		);
		const socket = connectTls({ port, host: '127.0.0.1', servername: name, ca: root.certificate.toString() });
		const taken = await once(socket, 'secureConnect').then(
			() => true as const,
			(error: Error) => error.message
		);
		socket.destroy();
		listening.close();
		return taken;
	}
	const leaf = (...names: readonly string[]) => makeLeaf(root, 'Atoll on nas', names, Date.now());

	test.each(['localhost', 'nas.local', 'nas', 'a.home.arpa'])('speaks for %s', async (name) => {
		expect(await isTaken(leaf(name), name)).toBe(true);
	});

	test.each(['example.com', 'www.google.com', 'nas.example', 'local.example', 'xlocal', 'printer'])(
		'and never for %s, whoever has its key',
		async (name) => {
			expect(isLocalName(name, ['nas'])).toBe(false);
			expect(await isTaken(leaf(name), name)).toBe('permitted subtree violation');
		}
	);

	test('addresses: those of home networks, and none of the internet', () => {
		const pem = join(face.folder, 'root.pem');
		writeFileSync(pem, root.certificate.toString());
		const verify = (address: string) => {
			const file = join(face.folder, 'leaf.pem');
			writeFileSync(file, leaf(address).certificate.toString());
			try {
				const wanted = ['verify', '-purpose', 'sslserver', '-verify_ip', address, '-CAfile', pem, file];
				return execFileSync('openssl', wanted, { encoding: 'utf8', stdio: 'pipe' }).includes(': OK');
			} catch {
				return false;
			}
		};
		const near = ['127.0.0.1', '10.1.2.3', '172.31.255.1', '192.168.1.5', '169.254.9.9', '100.100.1.1', '::1'];
		for (const address of [...near, 'fe80::1', 'fd00::12:0:0:1']) {
			expect(isLocalName(address), address).toBe(true);
			expect(verify(address), address).toBe(true);
		}
		for (const address of ['8.8.8.8', '172.32.0.1', '192.169.0.1', '11.0.0.1', '128.0.0.1', '2001:db8::1', 'fec0::1']) {
			expect(isLocalName(address), address).toBe(false);
			expect(verify(address), address).toBe(false);
		}
	});

	test('its root is made once and kept where only this person reads it; leaves are made anew in time', async () => {
		let nowMs = Date.now();
		const secretsFolder = join(face.folder, 'secrets');
		const later = await openAuthority(secretsFolder, () => nowMs);
		expect(later.root).toBe(face.certificates.root);
		const first = later.current().cert;
		expect(first).not.toBe(face.certificates.current().cert);
		expect(later.refresh(nowMs + 29 * dayMs)).toBeNull();
		expect(later.current().cert).toBe(first);
		nowMs += 31 * dayMs;
		expect(later.refresh(nowMs)).toMatchObject({ ok: true });
		const renewed = new X509Certificate(later.current().cert);
		expect(renewed.validToDate.getTime() - nowMs).toBe(Math.floor(nowMs / 1000) * 1000 - nowMs + leafDays * dayMs);
		expect(renewed.subjectAltName).toContain('nas.local');
		expect(renewed.subjectAltName).not.toContain('nas.example');
		for (const name of readdirSync(secretsFolder))
			expect(statSync(join(secretsFolder, name)).mode & 0o777, name).toBe(0o600);
	});

	test('a root that is damaged is said, and never replaced unseen', async () => {
		const secrets = createSecrets(join(face.folder, 'damaged'));
		await secrets.keep('tls-root', new TextEncoder().encode('nonsense'), never);
		const opened = openCertificates({ kind: 'local-ca' }, [], { secrets, clock: createClock() }, never);
		expect(await opened).toEqual(err({ type: 'TlsRootDamaged' }));
	});
});

describe('a certificate in files', () => {
	const folder = mkdtempSync(join(tmpdir(), 'atoll-tls-'));
	const [certificate, key] = [join(folder, 'tls.crt'), join(folder, 'tls.key')];
	afterAll(() => rmSync(folder, { recursive: true }));
	const root = makeRoot('Somebody', [], Date.now());
	const write = (leaf: Certified, keyOf = leaf) => {
		for (const [file, text] of [
			[certificate, leaf.certificate.toString()],
			[key, keyOf.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()]
		] as const) {
			writeFileSync(`${file}.new`, text);
			renameSync(`${file}.new`, file);
		}
	};
	const issue = () => makeLeaf(root, 'Somebody', ['localhost', 'nas.local'], Date.now());
	const openFiles = () =>
		openCertificates(
			{ kind: 'files', certificate, key },
			[],
			{ secrets: createSecrets(folder), clock: createClock() },
			never
		);

	async function presented(port: number): Promise<string> {
		const socket = connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false });
		await once(socket, 'secureConnect');
		const shown = socket.getPeerX509Certificate()?.fingerprint256 ?? '';
		socket.destroy();
		return shown;
	}

	test('is taken over while the peer runs; halves of two are not', async () => {
		const [one, two] = [issue(), issue()];
		write(one);
		const files = valueOf(await openFiles());
		const told: unknown[] = [];
		let tellNext: (() => void) | null = null;
		const next = () => new Promise<void>((resolve) => (tellNext = resolve));
		const onRefreshed = (refreshed: unknown) => {
			told.push(refreshed);
			tellNext?.();
		};
		const own = await face.serve({ tls: { certificates: files, onRefreshed } });
		expect(await presented(own.port)).toBe(one.certificate.fingerprint256);
		const broken = next();
		write(two, one);
		await broken;
		expect(told).toEqual([err({ type: 'TlsFileWrong', file: key, detail: 'pair' })]);
		expect(await presented(own.port)).toBe(one.certificate.fingerprint256);
		const whole = next();
		write(two);
		await whole;
		expect(told.at(-1)).toMatchObject({ ok: true });
		expect(await presented(own.port)).toBe(two.certificate.fingerprint256);
		const page = await ask(own.port, '/', { host: `nas.local:${own.port}`, headers: navigation });
		expect(page.body).toContain(`href="https://nas.local:${own.port}/"`);
		expect(page.body).not.toContain('/ca.crt');
		expect(await ask(own.port, '/ca.crt')).toMatchObject({ status: 404 });
		await own.close();
	});

	test('what is no certificate, no key, or not there, is said', async () => {
		write(issue());
		writeFileSync(key, 'nonsense');
		expect(await openFiles()).toEqual(err({ type: 'TlsFileWrong', file: key, detail: 'key' }));
		writeFileSync(certificate, '');
		expect(await openFiles()).toEqual(err({ type: 'TlsFileWrong', file: certificate, detail: 'certificate' }));
		rmSync(certificate);
		expect(await openFiles()).toEqual(err({ type: 'TlsFileUnreadable', file: certificate, code: 'ENOENT' }));
	});
});

test('atoll app --tls local-ca says the fingerprint, and says no where it is told half of it', async () => {
	await inHome(async (home) => {
		home.write('web/index.html', shell);
		const going = home.start(['app', '--web', 'web', '--port', '0', '--host', '0.0.0.0', '--tls', 'local-ca']);
		const [, port = ''] = await going.until(/Atoll is at http:\/\/localhost:(\d+)$/m);
		const { body } = await ask(Number(port), '/ca.crt');
		expect(going.written.err).toContain(new X509Certificate(body).fingerprint256);
		going.child.kill('SIGTERM');
		expect(await going.ended).toMatchObject({ code: 0 });
		for (const wrong of [
			['--tls', 'yes'],
			['--tls-cert', 'x'],
			['--tls', 'local-ca', '--tls-key', 'x'],
			['--tls-key', '']
		])
			expect(await home.runHere(['app', ...wrong]), wrong.join(' ')).toMatchObject({ code: 2 });
		const half = await home.run(['app', '--web', 'web'], { ATOLL_TLS_CERT: 'x' });
		expect(half).toMatchObject({ code: 2, err: expect.stringContaining('ATOLL_TLS') });
	});
});
