import * as v from 'valibot';
import type { OfferKind } from '#core/devices';
import { err, ok, type Result } from '#core/kernel';
import { dialControl, listenControl, type ControlTalk } from '../host/control-socket.ts';
import type { AnyFailure } from './failure.ts';
import { inviteBrowser, invitedTo, type Inviting } from './invite-browser.ts';
import { endTalk, lendTerminal, shellOver } from './lent-terminal.ts';
import { linkOrigins } from './link-door.ts';
import type { OpenLibrary } from './open-library.ts';
import { goThroughPairing } from './pairing.ts';
import { printName } from './print.ts';
import { addressOf } from './serve-until-stopped.ts';
import type { Shell } from './shell.ts';

const asksToPair = v.strictObject({ pair: v.picklist(['link', 'words', 'code']) });

/** Lets one device in, which comes over the port of the app; about it the person at `shell` is asked. */
async function letIn(
	library: OpenLibrary,
	inviting: Inviting,
	kind: OfferKind,
	shell: Shell
): Promise<Result<null, AnyFailure>> {
	const { commands, context, settings, devices } = library;
	const told = await devices.links.addresses(linkOrigins(settings, inviting.port), shell.signal);
	if (!told.ok) return told;
	const app = `${addressOf(settings, inviting.port)}/`;
	const addresses = invitedTo(inviting, told.value);
	const offered = await commands['devices.offer']({ kind, app, addresses }, context());
	if (!offered.ok) return offered;
	shell.terminal.out(`${offered.value.text}\n`);
	shell.terminal.say(
		kind === 'link'
			? 'Open this in a browser within five minutes, or say it to atoll join. It lets in one device, after a yes here.'
			: `Type this within five minutes where the app asks for it, opened at ${app}. It lets in one device, after a yes here.`
	);
	const paired = await goThroughPairing(library, shell);
	if (!paired.ok) return paired;
	shell.terminal.out(`${printName(paired.value.name)} is a device of this library.\n`);
	return ok(null);
}

async function pairOver(talk: ControlTalk, library: OpenLibrary, inviting: Inviting, shell: Shell): Promise<void> {
	const asked = v.safeParse(asksToPair, await talk.hear());
	if (!asked.success) return talk.close();
	try {
		endTalk(talk, await letIn(library, inviting, asked.output.pair, shellOver(talk, shell)));
	} catch (thrown) {
		talk.close();
		if (!shell.signal.aborted && !talk.over.aborted) throw thrown;
	}
}

/**
 * Invites a browser at once, and one device whenever `atoll pair` asks for that beside this program: one at a time, the
 * latest in the place of the one before. Resolves when the process is told to stop.
 */
export async function inviteWhileOpen(library: OpenLibrary, inviting: Inviting, shell: Shell): Promise<void> {
	const begin = (work: (own: Shell) => Promise<void>) => {
		const stop = new AbortController();
		return { stop, done: work({ ...shell, signal: AbortSignal.any([shell.signal, stop.signal]) }) };
	};
	let going = begin((own) => inviteBrowser(library, inviting, own));
	const control = await listenControl(library.settings.library, (talk) => {
		const before = going;
		before.stop.abort();
		going = begin(async (own) => {
			await before.done;
			await pairOver(talk, library, inviting, own);
		});
	});
	if (!shell.signal.aborted)
		await new Promise<void>((resolve) => {
			shell.signal.addEventListener('abort', () => resolve(), { once: true });
		});
	await going.done;
	control?.close();
}

/** Pairs through the program that holds the library; null where none can be asked. */
export async function pairBeside(
	library: string,
	kind: OfferKind,
	shell: Shell
): Promise<Result<null, AnyFailure> | null> {
	const talk = await dialControl(library);
	if (talk === null) return null;
	if (shell.signal.aborted) return err({ type: 'Interrupted' });
	talk.say({ pair: kind });
	return lendTerminal(talk, shell);
}
