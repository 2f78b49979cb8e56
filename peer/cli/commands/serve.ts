import { ok, type Result } from '#core/kernel';
import { defineCommand, directOptions, libraryOptions, peerOptions, serveOptions } from '../command.ts';
import { takingDirectDials } from '../direct-door.ts';
import type { AnyFailure } from '../failure.ts';
import { createLinkDoor } from '../link-door.ts';
import { listeningForDevices } from '../listen-for-devices.ts';
import { openLibrary, withCore, type CoreSession } from '../open-library.ts';
import { nearbyWhileOpen } from '../nearby.ts';
import { settingsOf } from '../read-settings.ts';
import { createRelayDoor } from '../relay-door.ts';
import { atRelay } from '../relay-place.ts';
import { addressOf, startServing, untilStopped } from '../serve-until-stopped.ts';

export const serve = defineCommand({
	name: 'serve',
	operands: '',
	operandsMin: 0,
	operandsMax: 0,
	summary: 'Open the library and serve the app until stopped',
	details: `The app keeps a library of its own in the browser. No request reaches this peer's library; devices of it
that run the app from here keep in step with it.
Jobs that wait or were cut off go on meanwhile: atoll jobs.
/healthz answers ok, /readyz once the library is open. Ends with 0 on SIGINT or SIGTERM.`,
	options: { ...libraryOptions, ...serveOptions, ...peerOptions, ...directOptions },
	run: async ({ values, shell }) => {
		const settings = settingsOf('serve', values, shell);
		if (!settings.ok) return settings;
		let isOpen = false;
		const door = createLinkDoor(shell.signal);
		const meeting = createRelayDoor(settings.value);
		const isReady = () => isOpen;
		const doors = { links: door.links, ...meeting };
		const serving = { settings: settings.value, web: values.web, nextFree: false, isReady, ...doors };
		const server = await startServing(serving, shell);
		if (!server.ok) return server;
		try {
			const serveOpen = async (session: CoreSession): Promise<Result<null, AnyFailure>> => {
				const library = await openLibrary(session, shell, values['recovery-code-file']);
				if (!library.ok) return library;
				isOpen = true;
				door.open(session);
				const met = await meeting.open(session, server.value.port, shell);
				if (!met.ok) return met;
				shell.terminal.out(`Atoll is at ${addressOf(settings.value, server.value.port)}\n`);
				return listeningForDevices('serve', values, session, shell, (direct) =>
					takingDirectDials('serve', values, session, server.value.port, shell, () =>
						atRelay(settings.value.relayAt, session, shell, false, async () => {
							const place = { port: server.value.port, direct, peerHost: values['peer-host'] };
							const nearby = nearbyWhileOpen(session, place, shell);
							await untilStopped(shell.signal);
							nearby.close();
							door.shut();
							isOpen = false;
							return ok(null);
						})
					)
				);
			};
			return await withCore(shell, settings.value, serveOpen, 'all');
		} finally {
			await server.value.close();
		}
	}
});
