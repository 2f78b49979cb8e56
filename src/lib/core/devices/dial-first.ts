import { err } from '#core/kernel';
import { closeCodes } from '#core/net';
import type { ClockPort } from '#core/ports';
import { wayTo, type DialPort } from './dial-port.ts';
import type { Dialled, DialledLink } from './dialling.ts';

/** After so long without an answer the next address is tried beside it (RFC 8305, section 8). */
const nextAfterMs = 250;

type Failed = Extract<Dialled, { readonly ok: false }>;

/** A person can do something about it: that counts more than what became of another address. */
const isHeldBack = ({ failure }: Failed) => failure.type === 'NetworkUnanswered' || failure.type === 'NetworkRefused';

/**
 * Whoever answers first: addresses are dialled in their order, one beside the other, as one that leads nowhere may take long
 * to say so. Of the others nothing is left. Where nobody answers, it says why the last one did not, or that
 * this device was not let into the network. Rejects with the reason of `signal`.
 */
export async function dialFirst(
	{ port, clock }: { readonly port: DialPort; readonly clock: ClockPort },
	addresses: readonly string[],
	deviceKey: Uint8Array | null,
	signal: AbortSignal
): Promise<Dialled> {
	const won = new AbortController();
	const going = AbortSignal.any([signal, won.signal]);
	const untilWon = new Promise<void>((resolve) => won.signal.addEventListener('abort', () => resolve()));
	const found: { link: DialledLink | null } = { link: null };
	const failures: Failed[] = [];
	const dial = async (address: string, at: number) => {
		try {
			const dialled = await port.dial(address, deviceKey, going);
			if (!dialled.ok) failures[at] = dialled;
			else if (going.aborted) dialled.value.close(closeCodes.cancelled);
			else {
				found.link = { link: dialled.value, way: wayTo(address) };
				won.abort();
			}
		} catch (thrown) {
			if (!going.aborted) throw thrown;
		}
	};
	const dialling: Promise<void>[] = [];
	for (const [at, address] of addresses.entries()) {
		if (going.aborted) break;
		const over = new AbortController();
		dialling.push(dial(address, at).finally(() => over.abort()));
		if (at < addresses.length - 1) await clock.wait(nextAfterMs, AbortSignal.any([going, over.signal]));
	}
	// Those that still go on close what comes of them.
	await Promise.race([Promise.all(dialling), untilWon]);
	if (found.link !== null) return { ok: true, value: found.link };
	signal.throwIfAborted();
	return failures.findLast(isHeldBack) ?? failures.at(-1) ?? err({ type: 'DeviceNoAddress' });
}
