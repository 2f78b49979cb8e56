import { resolve } from 'node:path';
import type { Result } from '#core/kernel';
import type { Settings } from '../config.ts';
import { serveApp, type AppServer } from '../http/app-server.ts';
import { isAnyAddress } from '../http/host-names.ts';
import type { AnyFailure } from './failure.ts';
import type { LinkDoor } from './link-door.ts';
import type { RelayDoor } from './relay-door.ts';
import type { Shell } from './shell.ts';

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

/** Starts serving the app, and says what a person has to know about the address. */
export async function startServing(serving: Serving, shell: Shell): Promise<Result<AppServer, AnyFailure>> {
	const { settings, web, nextFree, isReady, links, relay } = serving;
	const { host, port, hostNames } = settings;
	const webFolder = web === undefined ? shell.webFolder : resolve(shell.folder, web);
	const doors = { ...(links && { links }), ...(relay && { relay }) };
	const server = await serveApp({ webFolder, host, port, hostNames, nextFree, isReady, ...doors });
	if (!server.ok) return server;
	if (port !== 0 && server.value.port !== port)
		shell.terminal.say(
			`Port ${port} is taken, so this is ${server.value.port}. To a browser that is another site: the app keeps a library of its own there.`
		);
	if (isAnyAddress(host))
		shell.terminal.say(
			'Listening on all addresses. Browsers run the app only over https or on localhost: put a reverse proxy with a certificate before it, and name its host in "hostNames" of the configuration.'
		);
	return server;
}

/** The address for a person to open. */
export function addressOf({ host }: Settings, port: number): string {
	if (isAnyAddress(host) || host === '127.0.0.1') return `http://localhost:${port}`;
	return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** Resolves when the process is told to stop. */
export function untilStopped(signal: AbortSignal): Promise<void> {
	return new Promise((resolve) => {
		if (signal.aborted) return resolve();
		signal.addEventListener('abort', () => resolve(), { once: true });
	});
}
