import { ok, type Result } from '#core/kernel';
import type { Location } from '#core/volumes';
import { defineCommand, libraryOptions, serveOptions } from '../command.ts';
import type { AnyFailure } from '../failure.ts';
import { folderArgument } from '../find-place.ts';
import { openLibrary, withCore, type CoreSession, type OpenLibrary } from '../open-library.ts';
import { printName } from '../print.ts';
import { settingsOf } from '../read-settings.ts';
import { rootRef } from '../root-ref.ts';
import { outcomeLine, runIndex } from '../run-index.ts';
import { addressOf, startServing, untilStopped } from '../serve-until-stopped.ts';
import type { Shell } from '../shell.ts';
import { printFailure } from '../words.ts';

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
	const added = await commands['locations.add']({ root: rootRef(path), name: null }, context());
	if (added.ok || added.failure.type !== 'LocationExists') return added;
	const { location: id } = added.failure;
	const listed = await commands['locations.list']({}, context());
	if (!listed.ok) return listed;
	const known = listed.value.find((location) => location.id === id);
	return known === undefined ? added : ok(known);
}

/** Adds the folders, then indexes them. What goes wrong is said, and the peer goes on with the rest. */
async function indexFolders(library: OpenLibrary, paths: readonly string[], shell: Shell): Promise<void> {
	const { terminal, signal } = shell;
	const located = [];
	for (const path of signal.aborted ? [] : paths) located.push({ path, location: await locate(library, path) });
	for (const { path, location } of located) {
		if (signal.aborted) return;
		const indexed = location.ok ? await runIndex(library, location.value, false, shell) : location;
		if (location.ok && indexed.ok) terminal.note(outcomeLine(location.value, indexed.value));
		else if (!indexed.ok && !signal.aborted)
			terminal.say(`${printName(path)} was not indexed.\n${printFailure(indexed.failure)}`);
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
Ends with 0 on SIGINT or SIGTERM; indexing goes on where it was the next time.`,
	options: { ...libraryOptions, ...serveOptions },
	run: async ({ values, operands, shell }) => {
		const settings = settingsOf('start', values, shell);
		if (!settings.ok) return settings;
		let isOpen = false;
		return withCore(shell, settings.value, async (session): Promise<Result<null, AnyFailure>> => {
			const serving = { settings: settings.value, web: values.web, nextFree: true, isReady: () => isOpen };
			const server = await startServing(serving, shell);
			if (!server.ok) return server;
			try {
				const library = await openOrMake(session, shell, values['recovery-code-file']);
				if (!library.ok) return library;
				isOpen = true;
				shell.terminal.out(`Atoll is at ${addressOf(settings.value, server.value.port)}\n`);
				const paths = operands.map((folder) => folderArgument(folder, shell.folder));
				await indexFolders(library.value, paths, shell);
				await untilStopped(shell.signal);
				isOpen = false;
				return ok(null);
			} finally {
				await server.value.close();
			}
		});
	}
});
