import { closeCodes } from '#core/net';
import type { Settings } from '../config.ts';
import { isAnyAddress } from '../http/host-names.ts';
import type { ServeInput } from '../http/app-server.ts';
import type { CoreSession } from './open-library.ts';

/** Where devices come to this peer over the port of the app. */
export type LinkDoor = {
	readonly links: NonNullable<ServeInput['links']>;
	/** The library is open: devices of it are let in from now on. */
	open(session: CoreSession): void;
	shut(): void;
};

/** A door that is shut: whoever comes is sent away. Who is at it when `signal` aborts is let go of. */
export function createLinkDoor(signal: AbortSignal): LinkDoor {
	let opened: CoreSession | null = null;
	return {
		links: {
			origins: [],
			onLink: (link, isHere) => {
				if (opened === null) return link.close(closeCodes.refused);
				void opened.devices.links.take(opened.core, link, isHere, signal);
			}
		},
		open: (session) => (opened = session),
		shut: () => (opened = null)
	};
}

const loopbackNames = new Set(['127.0.0.1', 'localhost', '::1']);

/** Whether only this machine itself reaches the port of the app, and no proxy is said to stand before it. */
export function isOwnMachineOnly({ host, hostNames }: Settings): boolean {
	return loopbackNames.has(host) && hostNames.length === 0;
}

/** Where this peer takes WebSockets. A proxy with a certificate stands before it where it has a name. */
export function linkOrigins({ host, hostNames }: Settings, port: number): readonly string[] {
	const isLocal = isAnyAddress(host) || loopbackNames.has(host);
	const literal = host.includes(':') ? `[${host}]` : host;
	return [`ws://${isLocal ? 'localhost' : literal}:${port}`, ...hostNames.map((name) => `wss://${name}`)];
}
