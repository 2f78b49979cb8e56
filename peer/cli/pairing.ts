import type { AnyPairing } from '#core';
import { err, ok, type Result } from '#core/kernel';
import type { AnyFailure } from './failure.ts';
import type { CoreSession } from './open-library.ts';
import { printName } from './print.ts';
import type { Shell } from './shell.ts';

/** The pairing as soon as it is in another step than `step`. Rejects with the reason of `signal`. */
export function leftStep(
	{ core, commands, context }: CoreSession,
	step: AnyPairing['step'],
	signal: AbortSignal
): Promise<AnyPairing> {
	return new Promise((resolve, reject) => {
		// Who was told to stop before is not told again.
		signal.throwIfAborted();
		const stop = () => finish(() => reject(signal.reason));
		const look = async () => {
			const told = await commands['devices.pairing']({}, context());
			if (told.ok && told.value.step !== step) finish(() => resolve(told.value));
		};
		const end = core.subscribe(({ type }) => {
			if (type === 'devices-changed') look().catch(reject);
		});
		const finish = (settle: () => void) => {
			end();
			signal.removeEventListener('abort', stop);
			settle();
		};
		signal.addEventListener('abort', stop, { once: true });
		look().catch(reject);
	});
}

export type Checking = Extract<AnyPairing, { readonly step: 'checking' }>;

/** Asks a person about the words, until the other side has ended it. */
export async function askForYes(session: CoreSession, { words, peer }: Checking, shell: Shell): Promise<void> {
	const { terminal, signal } = shell;
	const over = new AbortController();
	const going = AbortSignal.any([signal, over.signal]);
	const left = leftStep(session, 'checking', going).then(
		() => over.abort(),
		() => undefined
	);
	terminal.say(`${printName(peer.name)} shows the words\n\n    ${words.join(' ')}\n`);
	const answer = await terminal.ask('Are they the same on both screens? [y/N] ', 'echo', going);
	const isOver = over.signal.aborted;
	over.abort();
	await left;
	if (!isOver)
		await session.commands['devices.confirm']({ yes: /^y(es)?$/i.test((answer ?? '').trim()) }, session.context());
}

export type Paired = Extract<AnyPairing, { readonly step: 'paired' }>;

/** Goes through a pairing that was begun, with the person at this terminal. Called off, it ends the pairing. */
export async function goThroughPairing(session: CoreSession, shell: Shell): Promise<Result<Paired, AnyFailure>> {
	const { commands, context } = session;
	let step: AnyPairing['step'] = 'none';
	try {
		for (;;) {
			const view = await leftStep(session, step, shell.signal);
			step = view.step;
			if (view.step === 'checking') await askForYes(session, view, shell);
			else if (view.step === 'waiting') shell.terminal.say(`Waiting for the yes of ${printName(view.peer.name)}.`);
			else if (view.step === 'paired') return ok(view);
			else if (view.step === 'ended') return err(view.failure);
		}
	} catch (thrown) {
		if (!shell.signal.aborted) throw thrown;
		await commands['devices.confirm']({ yes: false }, context());
		return err({ type: 'Interrupted' });
	}
}
