import { err, ok, type Result } from '#core/kernel';
import type { Location } from '#core/volumes';
import { defineCommand, directOptions, libraryOptions, peerOptions, serveOptions } from '../command.ts';
import { takingDirectDials } from '../direct-door.ts';
import type { AnyFailure } from '../failure.ts';
import { isHere } from '../find-location.ts';
import { folderArgument } from '../find-place.ts';
import { identifiedLine, identifyFiles } from '../identify-files.ts';
import { createLinkDoor } from '../link-door.ts';
import { listeningForDevices } from '../listen-for-devices.ts';
import { openLibrary, withCore, type CoreSession, type OpenLibrary } from '../open-library.ts';
import { inviteWhileOpen } from '../pair-beside.ts';
import { printName } from '../print.ts';
import { nearbyWhileOpen } from '../nearby.ts';
import { settingsOf } from '../read-settings.ts';
import { createRelayDoor } from '../relay-door.ts';
import { atRelay } from '../relay-place.ts';
import { rootRef } from '../root-ref.ts';
import { outcomeLine, runIndex } from '../run-index.ts';
import { addressOf, startServing } from '../serve-until-stopped.ts';
import type { Shell } from '../shell.ts';
import { isFailure, printFailure } from '../words.ts';

const firstName = 'Library';

/** Opens the library; the first time makes one that this device's own secret opens. */
async function openOrMake(
	session: CoreSession,
	shell: Shell,
	recoveryCodeFile: string | undefined
): Promise<Result<OpenLibrary, AnyFailure>> {
	const { commands, context } = session;
	const status = await commands['library.status']({}, context());
	if (!status.ok) return status;
	if (status.value.state !== 'none') return openLibrary(session, shell, recoveryCodeFile);
	const created = await commands['library.create']({ name: firstName, password: null }, context());
	return created.ok ? ok({ ...session, name: firstName, hasPassword: false, password: null }) : created;
}

/** The location of `root`, added where it is not one yet. */
async function locate({ commands, context }: OpenLibrary, path: string): Promise<Result<Location, AnyFailure>> {
	const root = rootRef(path);
	const request = { action: 'locations.add', input: { root, name: null }, plan: null };
	const added = await commands['actions.commit'](request, context());
	const why =
		added.ok || (added.failure.type !== 'PlanUnseen' && added.failure.type !== 'PlanEmpty')
			? undefined
			: added.failure.plan.blocked[0]?.why;
	if (!added.ok && why?.type !== 'LocationExists') return why !== undefined && isFailure(why) ? err(why) : added;
	const listed = await commands['locations.list']({}, context());
	if (!listed.ok) return listed;
	const id = why?.type === 'LocationExists' ? why.location : null;
	const known = listed.value.filter(isHere).find((one) => (id === null ? one.root === root : one.id === id));
	return known === undefined ? err({ type: 'LocationMissing' }) : ok(known);
}

/** Finds out what the files of a location are. */
async function identifyFolder(library: OpenLibrary, location: Location, shell: Shell): Promise<void> {
	const read = await identifyFiles(library, location, shell);
	const line = read.ok ? identifiedLine(location, read.value) : null;
	if (line !== null) shell.terminal.note(line);
	if (read.ok || shell.signal.aborted) return;
	shell.terminal.say(`/${printName(location.name)} was not read.\n${printFailure(read.failure)}`);
}

type Located = { readonly path: string; readonly location: Result<Location, AnyFailure> };

/** Indexes one folder; whether that went well. What goes wrong is said, and the rest goes on. */
async function indexFolder(library: OpenLibrary, { path, location }: Located, shell: Shell): Promise<boolean> {
	const { terminal, signal } = shell;
	const indexed = location.ok
		? await runIndex(library, location.value, { acceptEmpty: false, folder: null }, shell)
		: location;
	if (location.ok && indexed.ok) terminal.note(outcomeLine(location.value, indexed.value));
	else if (!indexed.ok && !signal.aborted)
		terminal.say(`${printName(path)} was not indexed.\n${printFailure(indexed.failure)}`);
	return indexed.ok;
}

/**
 * Adds the folders, lists them all, then reads their files: names are what people look for first. Stopped in the
 * middle, which is how this command ends, what was done is kept.
 */
async function indexAll(library: OpenLibrary, folders: readonly string[], shell: Shell): Promise<void> {
	const located: Located[] = [];
	const indexed: Location[] = [];
	try {
		for (const folder of folders) {
			const path = folderArgument(folder, shell.folder);
			located.push({ path, location: await locate(library, path) });
		}
		for (const one of located)
			if ((await indexFolder(library, one, shell)) && one.location.ok && one.location.value.mode !== 'shallow')
				indexed.push(one.location.value);
		for (const location of indexed) await identifyFolder(library, location, shell);
	} catch (thrown) {
		if (!shell.signal.aborted) throw thrown;
	}
}

export const start = defineCommand({
	name: 'start',
	operands: '[folder]…',
	operandsMin: 0,
	operandsMax: Infinity,
	summary: 'Open or make the library, serve the app and index the folders given',
	details: `The first time it makes a library without a password, which this device's own secret opens;
for a recovery code: atoll key recovery. A taken port gives way to the next free one.
Says an address that brings the library into a browser of this machine, once, within five minutes.
Ends with 0 on SIGINT or SIGTERM; indexing goes on where it was the next time.`,
	options: { ...libraryOptions, ...serveOptions, ...peerOptions, ...directOptions },
	run: async ({ values, operands, shell }) => {
		const settings = settingsOf('start', values, shell);
		if (!settings.ok) return settings;
		let isOpen = false;
		const startOpen = async (session: CoreSession): Promise<Result<null, AnyFailure>> => {
			const door = createLinkDoor(shell.signal);
			const meeting = createRelayDoor(settings.value);
			const isReady = () => isOpen;
			const doors = { links: door.links, ...meeting };
			const serving = { settings: settings.value, web: values.web, nextFree: true, isReady, ...doors };
			const server = await startServing(serving, shell);
			if (!server.ok) return server;
			try {
				const library = await openOrMake(session, shell, values['recovery-code-file']);
				if (!library.ok) return library;
				isOpen = true;
				door.open(session);
				const { port } = server.value;
				const met = await meeting.open(session, port, shell);
				if (!met.ok) return met;
				shell.terminal.out(`Atoll is at ${addressOf(settings.value, server.value.port)}\n`);
				return await listeningForDevices('start', values, session, shell, (direct) =>
					takingDirectDials('start', values, session, port, shell, (dialled) =>
						atRelay(settings.value.relayAt, session, shell, false, async (relayed) => {
							const nearby = nearbyWhileOpen(session, { port, direct, peerHost: values['peer-host'] }, shell);
							const indexed = indexAll(library.value, operands, shell);
							const inviting = { port, addresses: [...direct, ...relayed], dialled, isQuiet: indexed };
							await Promise.all([indexed, inviteWhileOpen(library.value, inviting, shell)]);
							nearby.close();
							door.shut();
							isOpen = false;
							return ok(null);
						})
					)
				);
			} finally {
				await server.value.close();
			}
		};
		return withCore(shell, settings.value, startOpen, 'all');
	}
});
