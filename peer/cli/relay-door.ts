import { ok, type Result } from '#core/kernel';
import { printRelayName } from '#core/relay';
import type { Settings } from '../config.ts';
import type { ServeInput } from '../http/app-server.ts';
import { relayPath } from '../http/link-upgrades.ts';
import { createRelay, type Admitted } from '../relay/relay.ts';
import type { AnyFailure } from './failure.ts';
import type { CoreSession } from './open-library.ts';
import { namedOrigin } from './link-door.ts';
import { addressOf } from './serve-until-stopped.ts';
import type { Shell } from './shell.ts';

/** Where devices of the open library meet that cannot reach each other; others as well, if this peer is told so. */
export type RelayDoor = {
	readonly relay: NonNullable<ServeInput['relay']>;
	/** The library is open: its devices are let in from now on, and whoever has the token of which this says how. */
	open(session: CoreSession, port: number, shell: Shell): Promise<Result<null, AnyFailure>>;
};

/** Where others come to the relay, as far as this peer knows. A proxy with a certificate stands before it where it has a name. */
function urlOf(settings: Settings, port: number): string {
	const [name] = settings.hostNames;
	return (
		(name === undefined ? addressOf(settings, port).replace(/^http/, 'ws') : namedOrigin(settings, name, port)) +
		relayPath
	);
}

export function createRelayDoor(settings: Settings): RelayDoor {
	let admits: () => Admitted = () => ({ tokens: [], members: [], removed: [] });
	return {
		relay: { origins: [], relay: createRelay(() => admits()) },
		open: async ({ core, devices }, port, { terminal }) => {
			// A moment's work: told to stop in it, the program ends as it does a moment later.
			const token = await devices.relayToken(new AbortController().signal);
			if (!token.ok) return token;
			const tokens = settings.relay ? [token.value] : [];
			admits = () => ({ tokens, ...core.links.knownKeys() });
			if (!settings.relay) return ok(null);
			const name = printRelayName({ url: urlOf(settings, port), token: token.value });
			terminal.out(`Devices meet at ${name}\n`);
			return ok(null);
		}
	};
}
