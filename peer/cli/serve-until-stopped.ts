import { resolve } from 'node:path';
import { ok, type Result } from '#core/kernel';
import { secretsFolder, type Settings } from '../config.ts';
import { outerAddresses, printHost } from '../host/own-addresses.ts';
import { serveApp, type AppServer, type ServeInput } from '../http/app-server.ts';
import { isAnyAddress } from '../http/host-names.ts';
import type { AnyFailure } from './failure.ts';
import type { LinkDoor } from './link-door.ts';
import type { RelayDoor } from './relay-door.ts';
import { fingerprintOf, openCertificates } from '../tls/certificates.ts';
import type { Shell } from './shell.ts';
import { printFailure } from './words.ts';

export type Serving = {
	readonly settings: Settings;
	/** The folder of the built app, where another than the one beside this program is meant. */
	readonly web: string | undefined;
	readonly nextFree: boolean;
	readonly isReady: () => boolean;
	/** Where devices come; nowhere where this is left out. */
	readonly links?: LinkDoor['links'];
	/** Where devices meet that cannot reach each other; nowhere where this is left out. */
	readonly relay?: RelayDoor['relay'];
};

/** What https is answered with, if it is to be at all. */
async function openTls(settings: Settings, shell: Shell): Promise<Result<Pick<ServeInput, 'tls'>, AnyFailure>> {
	const { tls, hostNames } = settings;
	if (tls === null) return ok({});
	const host = shell.createHost({ secretsFolder: secretsFolder(shell.env) });
	const opened = await openCertificates(tls, hostNames, host, shell.signal);
	if (!opened.ok) return opened;
	const onRefreshed: NonNullable<ServeInput['tls']>['onRefreshed'] = (refreshed) =>
		shell.terminal.say(
			refreshed.ok
				? 'There is a new certificate for https.'
				: `The certificate for https stays as it was. ${printFailure(refreshed.failure)}`
		);
	return ok({ tls: { certificates: opened.value, onRefreshed } });
}

/** Says how other machines come to the app. */
function sayOuter(settings: Settings, port: number, tls: ServeInput['tls'], { terminal }: Shell): void {
	if (isOwnMachine(settings)) return;
	if (tls === undefined)
		return terminal.say(
			'Other devices reach this port, but browsers run the app only over https or on localhost: start with --tls local-ca, or with a certificate, or put a reverse proxy with one before it and name its host in "hostNames" of the configuration.'
		);
	const addresses = outerOrigins(settings, port).map((origin) => `    ${origin}`);
	terminal.say(`Other devices open\n${addresses.join('\n')}`);
	const { root } = tls.certificates;
	if (root === null) return;
	const plain = outerOrigins(settings, port)[0]?.replace(/^https/, 'http') ?? '';
	terminal.say(
		`Each has to trust this machine first, once: ${plain} says how. The fingerprint (SHA-256) there has to be\n    ${fingerprintOf(root)}`
	);
	const names = new Set(tls.certificates.names());
	const left = settings.hostNames.filter((name) => !names.has(name.toLowerCase().replaceAll(/[[\]]/g, '')));
	if (left.length > 0)
		terminal.say(
			`The authority of this machine cannot speak for ${left.join(', ')}: a name of the internet needs a certificate of its own (--tls-cert), and a bare name has to be known when the authority is made.`
		);
}

/** Starts serving the app, and says what a person has to know about the address. */
export async function startServing(serving: Serving, shell: Shell): Promise<Result<AppServer, AnyFailure>> {
	const { settings, web, nextFree, isReady, links, relay } = serving;
	const { host, port, hostNames } = settings;
	const webFolder = web === undefined ? shell.webFolder : resolve(shell.folder, web);
	const secured = await openTls(settings, shell);
	if (!secured.ok) return secured;
	const doors = { ...(links && { links }), ...(relay && { relay }), ...secured.value };
	const server = await serveApp({ webFolder, host, port, hostNames, nextFree, isReady, ...doors });
	if (!server.ok) return server;
	if (port !== 0 && server.value.port !== port)
		shell.terminal.say(
			`Port ${port} is taken, so this is ${server.value.port}. To a browser that is another site: the app keeps a library of its own there.`
		);
	sayOuter(settings, server.value.port, secured.value.tls, shell);
	return server;
}

const loopbackNames = new Set(['127.0.0.1', 'localhost', '::1']);

/** Whether only this machine itself reaches the port of the app; a proxy before it may reach it for others. */
export function isOwnMachine({ host }: Settings): boolean {
	return loopbackNames.has(host);
}

/** The address for a person on this machine to open. */
export function addressOf({ host }: Settings, port: number): string {
	if (isAnyAddress(host) || host === '127.0.0.1') return `http://localhost:${port}`;
	return `http://${printHost(host)}:${port}`;
}

/** Where other machines find the app over the https of this peer, the best first; nowhere where it has none. */
export function outerOrigins(settings: Settings, port: number): readonly string[] {
	const { host, hostNames, tls } = settings;
	if (tls === null || isOwnMachine(settings)) return [];
	const addresses = isAnyAddress(host) ? outerAddresses() : [host];
	return [...hostNames, ...addresses].map((name) => `https://${printHost(name)}:${port}`);
}

/** What an invitation for another device opens: the app as that reaches it. */
export function appAddress(settings: Settings, port: number): string {
	return `${outerOrigins(settings, port)[0] ?? addressOf(settings, port)}/`;
}

/** Resolves when the process is told to stop. */
export function untilStopped(signal: AbortSignal): Promise<void> {
	return new Promise((resolve) => {
		if (signal.aborted) return resolve();
		signal.addEventListener('abort', () => resolve(), { once: true });
	});
}
