import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import type { Link } from '#core/net';
import { createClock } from '../../peer/host/clock.ts';
import { createSecrets } from '../../peer/host/secrets.ts';
import { linkProtocol } from '../../peer/host/ws-link.ts';
import { serveApp, type AppServer, type ServeInput } from '../../peer/http/app-server.ts';
import { createRelay } from '../../peer/relay/relay.ts';
import { openCertificates, type Certificates } from '../../peer/tls/certificates.ts';
import { never, valueOf } from '../conformance/expectation.ts';
import { parseAnswer, type Answer } from './raw-http.ts';

export const shell = '<!doctype html><title>Atoll</title><script>start()</script>';
export const hostNames = ['nas.local', 'nas.example', 'nas'];

/** A peer that serves an app over plain http and, by an authority of its own, over https. */
export type Face = {
	readonly folder: string;
	readonly certificates: Certificates;
	readonly server: AppServer;
	/** Who has come to it: links, and how many to the relay. */
	readonly seen: { links: Link[]; comers: number };
	/** Another server of the same app and authority. */
	serve(more: Partial<ServeInput>): Promise<AppServer>;
	close(): Promise<void>;
};

/** The certificates of an authority whose secrets lie in `secretsFolder`, as the time of `nowMs` has them. */
export async function openAuthority(secretsFolder: string, nowMs = () => Date.now()): Promise<Certificates> {
	const host = { secrets: createSecrets(secretsFolder), clock: { ...createClock(), nowMs } };
	return valueOf(await openCertificates({ kind: 'local-ca' }, hostNames, host, never));
}

export async function createFace(): Promise<Face> {
	const folder = mkdtempSync(join(tmpdir(), 'atoll-face-'));
	writeFileSync(join(folder, 'index.html'), shell);
	writeFileSync(join(folder, 'app.js'), 'start()');
	const certificates = await openAuthority(join(folder, 'secrets'));
	const seen: Face['seen'] = { links: [], comers: 0 };
	const serve: Face['serve'] = async (more) => {
		const { accept, close } = createRelay(() => ({ tokens: [], members: [], removed: [] }));
		const relay = { accept: (...given: Parameters<typeof accept>) => (seen.comers++, accept(...given)), close };
		return valueOf(
			await serveApp({
				webFolder: folder,
				host: '127.0.0.1',
				port: 0,
				hostNames,
				nextFree: false,
				isReady: () => true,
				links: { origins: [], onLink: (link) => seen.links.push(link) },
				relay: { origins: [], relay },
				tls: { certificates, onRefreshed: () => undefined },
				...more
			})
		);
	};
	const server = await serve({});
	const close = async () => {
		await server.close();
		rmSync(folder, { recursive: true });
	};
	return { folder, certificates, server, seen, serve, close };
}

/** Sends `text` over TLS, and reads until the server closes or `isEnough`; rejects where the certificate is not to be trusted. */
export async function sendTls(
	{ server, certificates }: Face,
	port: number | null,
	servername: string,
	text: string,
	isEnough = (_text: string) => false
): Promise<Answer> {
	const socket = connectTls({ port: port ?? server.port, host: '127.0.0.1', servername, ca: certificates.root ?? '' });
	await once(socket, 'secureConnect');
	let heard = '';
	socket.on('error', () => undefined);
	socket.setEncoding('latin1').on('data', (chunk: string) => {
		heard += chunk;
		if (isEnough(heard)) socket.destroy();
	});
	socket.write(text, 'latin1');
	await once(socket, 'close');
	return parseAnswer(heard);
}

export const requestText = (method: string, target: string, headers: Readonly<Record<string, string>>) =>
	`${method} ${target} HTTP/1.1\r\n${Object.entries(headers)
		.map(([name, value]) => `${name}: ${value}\r\n`)
		.join('')}\r\n`;

export const upgrade = {
	Connection: 'Upgrade',
	Upgrade: 'websocket',
	'Sec-WebSocket-Version': '13',
	'Sec-WebSocket-Key': 'AAAAAAAAAAAAAAAAAAAAAA==',
	'Sec-WebSocket-Protocol': linkProtocol
};
