import type { Shell } from './shell.ts';

/** Shows a code that is shown never again, with what it is for. */
export function sayRecoveryCode(shell: Shell, recoveryCode: string): void {
	shell.terminal.out(`
Recovery code:

    ${recoveryCode}

If the password is lost or this device breaks, this code is the only other way into the library.
Write it down and keep it apart from this device. It is not stored and is not shown again.
`);
}
