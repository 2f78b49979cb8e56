import { err, ok, type Result } from '#core/kernel';
import { closeCodes } from '#core/net';
import type { ClockPort } from '#core/ports';
import { hear, RelayCarrier, type DialUrl, type RelayFailure } from './carrier.ts';
import { relayVersion } from './messages.ts';

const greetingMs = 10_000;

export type Greeted = { readonly carrier: RelayCarrier; readonly challenge: Uint8Array };

/** A connection to the relay at `url` that has said who it is. Rejects with the reason of `signal`. */
export async function greet(
	{ dial, clock }: { readonly dial: DialUrl; readonly clock: ClockPort },
	url: string,
	signal: AbortSignal
): Promise<Result<Greeted, RelayFailure>> {
	const dialled = await dial(url, signal);
	if (!dialled.ok) return dialled;
	const carrier = new RelayCarrier(dialled.value);
	const greeting = await hear(carrier, 'greeting', clock, greetingMs, signal);
	if (!greeting.ok) return greeting;
	const { version, challenge } = greeting.value;
	if (version === relayVersion) return ok({ carrier, challenge });
	carrier.close(closeCodes.version);
	return err({ type: 'DeviceUnreachable', what: `the relay speaks version ${version}` });
}
