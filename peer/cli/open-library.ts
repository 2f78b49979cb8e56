import { randomBytes } from 'node:crypto';
import { createPeerDevices, type PeerDevices } from '../host/peer-devices.ts';
import { createCore, type Commands, type Core, type RunsJobs } from '#core';
import { commandId, err, ok, type Result } from '#core/kernel';
import { secretsFolder, type Settings } from '../config.ts';
import type { AnyFailure } from './failure.ts';
import { askPassword, readSecretFile } from './passwords.ts';
import { settingsOf, type SettingValues } from './read-settings.ts';
import type { Shell } from './shell.ts';
import { tellWays } from './tell-ways.ts';
import { resolve } from 'node:path';

export type LibraryValues = SettingValues & { readonly 'recovery-code-file'?: string };

/** One core over one library folder, for the time of one command. */
export type CoreSession = {
	readonly core: Core;
	readonly commands: Commands;
	/** A fresh context: each write is a command of its own. */
	readonly context: () => { readonly signal: AbortSignal; readonly command: ReturnType<typeof commandId> };
	readonly settings: Settings;
	readonly devices: PeerDevices;
};

export type OpenLibrary = CoreSession & {
	readonly name: string;
	readonly hasPassword: boolean;
	/** The password that opened the library, where one did. */
	readonly password: string | null;
};

/**
 * Starts a core on the library that is meant, runs `use`, and closes it in any case. Jobs that wait go on by
 * themselves only in a program that stays.
 */
export async function withCore<T>(
	shell: Shell,
	settings: Settings,
	use: (session: CoreSession) => Promise<Result<T, AnyFailure>>,
	runsJobs: RunsJobs = 'asked'
): Promise<Result<T, AnyFailure>> {
	const host = shell.createHost({ secretsFolder: secretsFolder(shell.env) });
	const stays = runsJobs === 'all';
	const devices = createPeerDevices(host, settings.iceServers);
	const core = createCore(host, settings.library, { runsJobs, watches: stays, devices: devices.options(stays) });
	const context = () => ({ signal: shell.signal, command: commandId(randomBytes(16).toString('hex')) });
	const session = { core, commands: core.commands, context, settings, devices };
	const untell = stays ? tellWays(session, shell.terminal) : () => undefined;
	try {
		return await use(session);
	} finally {
		untell();
		await core.close();
		devices.close();
	}
}

type Unlocked = { readonly password: string | null };

/** Opens by what this device keeps, else by the recovery code that was named, else by the password. */
async function unlock(
	session: CoreSession,
	shell: Shell,
	recoveryCodeFile: string | undefined
): Promise<Result<Unlocked, AnyFailure>> {
	const { commands, context, settings } = session;
	if (recoveryCodeFile !== undefined) {
		const code = readSecretFile(resolve(shell.folder, recoveryCodeFile));
		if (!code.ok) return code;
		const opened = await commands['library.unlock']({ by: 'recovery-code', recoveryCode: code.value }, context());
		return opened.ok ? ok({ password: null }) : opened;
	}
	const byDevice = await commands['library.unlock']({ by: 'device' }, context());
	if (byDevice.ok) return ok({ password: null });
	if (byDevice.failure.type !== 'PasswordNeeded') return byDevice;
	const password = await askPassword(shell, settings.passwordFile);
	if (!password.ok) return password;
	const opened = await commands['library.unlock']({ by: 'password', password: password.value }, context());
	return opened.ok ? ok({ password: password.value }) : opened;
}

/** Opens the library of a session that has not opened one yet. */
export async function openLibrary(
	session: CoreSession,
	shell: Shell,
	recoveryCodeFile?: string
): Promise<Result<OpenLibrary, AnyFailure>> {
	const { commands, context } = session;
	const before = await commands['library.status']({}, context());
	if (!before.ok) return before;
	if (before.value.state === 'none') return err({ type: 'LibraryAbsent', folder: session.settings.library });
	const unlocked = await unlock(session, shell, recoveryCodeFile);
	if (!unlocked.ok) return unlocked;
	const status = await commands['library.status']({}, context());
	if (!status.ok) return status;
	if (status.value.state !== 'open') return err({ type: 'LibraryLocked' });
	const { name, hasPassword } = status.value;
	return ok({ ...session, name, hasPassword, password: unlocked.value.password });
}

/** What nearly every command does: opens the library that is meant, runs `use`, closes it. */
export async function withLibrary<T>(
	command: string,
	values: LibraryValues,
	shell: Shell,
	use: (library: OpenLibrary) => Promise<Result<T, AnyFailure>>
): Promise<Result<T, AnyFailure>> {
	const settings = settingsOf(command, values, shell);
	if (!settings.ok) return settings;
	return withCore(shell, settings.value, async (session) => {
		const library = await openLibrary(session, shell, values['recovery-code-file']);
		return library.ok ? use(library.value) : library;
	});
}
