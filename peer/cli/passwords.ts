import { closeSync, openSync, readSync } from 'node:fs';
import { err, ok, type Result } from '#core/kernel';
import { errorCode } from '../host/system-error.ts';
import type { CliFailure } from './failure.ts';
import type { Shell } from './shell.ts';

/** Longer than any password; a pipe or a device named by mistake does not fill the memory. */
const fileBytesMax = 65_536;

function readStart(file: string): Uint8Array {
	const bytes = new Uint8Array(fileBytesMax);
	const descriptor = openSync(file, 'r');
	try {
		let length = 0;
		for (;;) {
			const read = readSync(descriptor, bytes, length, bytes.length - length, null);
			if (read === 0) return bytes.subarray(0, length);
			length += read;
		}
	} finally {
		closeSync(descriptor);
	}
}

/** The first line of `file`, which is a password or a code. Its end of line is not part of it. */
export function readSecretFile(file: string): Result<string, CliFailure> {
	try {
		const [line = ''] = new TextDecoder().decode(readStart(file)).split(/\r?\n/, 1);
		return line === '' ? err({ type: 'PasswordFileEmpty', file }) : ok(line);
	} catch (thrown) {
		return err({ type: 'PasswordFileUnreadable', file, code: errorCode(thrown) });
	}
}

/** The library's password: from the file that was named, or typed unseen. */
export async function askPassword(shell: Shell, passwordFile: string | null): Promise<Result<string, CliFailure>> {
	if (passwordFile !== null) return readSecretFile(passwordFile);
	if (!shell.terminal.canAsk) return err({ type: 'PasswordNotGiven' });
	const typed = await shell.terminal.ask('Password: ', 'hidden', shell.signal);
	return typed === null ? err({ type: 'Interrupted' }) : ok(typed);
}

/** A new password: from the file that was named, or typed twice. Null when the person goes without. */
export async function chooseNewPassword(
	shell: Shell,
	passwordFile: string | null
): Promise<Result<string | null, CliFailure>> {
	if (passwordFile !== null) return readSecretFile(passwordFile);
	const { terminal, signal } = shell;
	if (!terminal.canAsk) return err({ type: 'PasswordNotGiven' });
	terminal.say('Without a password, only this device (or the recovery code) opens the library.');
	const first = await terminal.ask('New password (Enter for none): ', 'hidden', signal);
	if (first === null) return err({ type: 'Interrupted' });
	if (first === '') return ok(null);
	const second = await terminal.ask('Once more: ', 'hidden', signal);
	if (second === null) return err({ type: 'Interrupted' });
	return first === second ? ok(first) : err({ type: 'PasswordsDiffer' });
}
