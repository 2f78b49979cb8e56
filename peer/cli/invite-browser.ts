import type { AnyPairing } from '#core';
import { addressMax } from '#core/devices';
import { isOwnMachineOnly, linkOrigins } from './link-door.ts';
import type { OpenLibrary } from './open-library.ts';
import { askForYes, leftStep, type Checking } from './pairing.ts';
import { printName } from './print.ts';
import { addressOf } from './serve-until-stopped.ts';
import type { Shell } from './shell.ts';
import { printFailure } from './words.ts';

export type Inviting = {
	/** Of the app. */
	readonly port: number;
	/** Where this peer awaits devices besides. */
	readonly addresses: readonly string[];
	/** How it is dialled directly: the last way that others try. */
	readonly dialled: readonly string[];
	/** Resolves when nothing else is shown on the terminal any more. */
	readonly isQuiet: Promise<unknown>;
};

/** What an invitation says of where this peer is; `told` are those of the app's port. */
export function invitedTo({ addresses, dialled }: Inviting, told: readonly string[]): readonly string[] {
	return [...[...addresses, ...told].slice(0, addressMax.count - dialled.length), ...dialled];
}

/** Where another invitation comes from. */
const another = 'For another one: atoll pair.';

/**
 * The yes or no to who has come for the invitation. Who comes from this machine with a secret that stood on its terminal
 * only has been asked in the app (`docs/decisions/0019`); about anybody else a person here is asked, or it is no.
 */
async function judge(library: OpenLibrary, view: Checking, isQuiet: Promise<unknown>, shell: Shell): Promise<void> {
	const { commands, context, settings } = library;
	const { peer, words, isHere } = view;
	const isOwn = isHere && isOwnMachineOnly(settings);
	if (!isOwn) await isQuiet;
	if (!isOwn && shell.terminal.canAsk) return askForYes(library, view, shell);
	shell.terminal.say(
		isOwn
			? `${printName(peer.name)} comes in from this machine, with the words ${words.join(' ')}.`
			: `${printName(peer.name)} has opened the address elsewhere. Nobody can be asked here, so it is not let in.`
	);
	await commands['devices.confirm']({ yes: isOwn }, context());
}

function sayEnd(view: AnyPairing, { terminal }: Shell): void {
	if (view.step === 'paired') terminal.say(`${printName(view.name)} is a device of this library. ${another}`);
	if (view.step !== 'ended') return;
	if (view.failure.type === 'PairingExpired') terminal.note(`The address is used up. ${another}`);
	else terminal.say(`Nobody was let in. ${printFailure(view.failure)}`);
}

/**
 * Says an address that brings the library into one browser, and goes through that. Resolves when the invitation is used up
 * or over, or the process is told to stop.
 */
export async function inviteBrowser(library: OpenLibrary, inviting: Inviting, shell: Shell): Promise<void> {
	const { commands, context, settings, devices } = library;
	const { terminal, signal } = shell;
	if (!isOwnMachineOnly(settings) && !terminal.canAsk) return;
	try {
		const told = await devices.links.addresses(linkOrigins(settings, inviting.port), signal);
		const addresses = invitedTo(inviting, told.ok ? told.value : []);
		const app = `${addressOf(settings, inviting.port)}/`;
		const offered = await commands['devices.offer']({ kind: 'link', app, addresses }, context());
		if (!offered.ok) return terminal.say(printFailure(offered.failure));
		terminal.say(
			`This address brings the library into a browser, once, within five minutes:\n\n    ${offered.value.text}\n`
		);
		let view = await leftStep(library, 'none', signal);
		while (view.step !== 'paired' && view.step !== 'ended' && view.step !== 'none') {
			if (view.step === 'checking') await judge(library, view, inviting.isQuiet, shell);
			view = await leftStep(library, view.step, signal);
		}
		sayEnd(view, shell);
	} catch (thrown) {
		if (!signal.aborted) throw thrown;
	}
}
