import { closeCodes } from '#core/net';
import type { Settings } from '../config.ts';
import { outerAddresses, printHost } from '../host/own-addresses.ts';
import { isAnyAddress } from '../http/host-names.ts';
import type { ServeInput } from '../http/app-server.ts';
import type { CoreSession } from './open-library.ts';
import { isOwnMachine } from './serve-until-stopped.ts';

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

/** Whether only this machine itself reaches the port of the app, and no proxy is said to stand before it. */
export function isOwnMachineOnly(settings: Settings): boolean {
	return isOwnMachine(settings) && settings.hostNames.length === 0;
}

/**
 * Where programs come under a name of this peer. A proxy with a certificate stands before it, unless it has one itself; where
 * it has an authority of its own they come without, as only browsers are told to trust that, and links are sealed by themselves.
 */
export function namedOrigin({ tls }: Settings, name: string, port: number): string {
	if (tls === null) return `wss://${name}`;
	return `${tls.kind === 'files' ? 'wss' : 'ws'}://${printHost(name)}:${port}`;
}

/** Where this peer takes WebSockets. */
export function linkOrigins(settings: Settings, port: number): readonly string[] {
	const { host, hostNames, tls } = settings;
	const isAny = isAnyAddress(host);
	const own = isAny || isOwnMachine(settings) ? 'localhost' : printHost(host);
	const outer = isAny && tls !== null ? outerAddresses() : [];
	const named = hostNames.map((name) => namedOrigin(settings, name, port));
	return [own, ...outer.map(printHost)].map((name) => `ws://${name}:${port}`).concat(named);
}
