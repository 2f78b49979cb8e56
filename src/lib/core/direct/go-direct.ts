import { isSameBytes, packParts, type DeviceKeys } from '#core/crypto';
import { err, ok, type Result } from '#core/kernel';
import { closeCodes, linkToDevice, type Link, type Stream } from '#core/net';
import type { ClockPort, RandomPort } from '#core/ports';
import type { DirectFailure, DirectPort, DirectSide } from './direct-port.ts';
import { createSignalTalk } from './signal-talk.ts';

/** ICE takes 15 seconds to find that there is no way. */
const withinMs = 25_000;
const name = Uint8Array.from('atoll/1/direct', (letter) => letter.charCodeAt(0));

export type DirectMeans = {
	readonly port: DirectPort;
	readonly clock: ClockPort;
	readonly random: RandomPort;
	/** The keys of this device. */
	readonly own: DeviceKeys;
	/** The key (Ed25519) of the device at the other end of the stream, which is the one that has to answer. */
	readonly deviceKey: Uint8Array;
};

export type { DirectFailure };

function isSaid(said: Uint8Array | null, shown: Uint8Array): boolean {
	return said !== null && isSameBytes(said, shown);
}

async function connect(
	{ port, clock, random, own, deviceKey }: DirectMeans,
	stream: Stream,
	side: DirectSide,
	signal: AbortSignal
): Promise<Result<Link, DirectFailure>> {
	const talk = createSignalTalk(stream, side, signal);
	const connected = await port.connect(side, talk, signal);
	if (!connected.ok) return connected;
	const { link, fingerprints } = connected.value;
	const said = talk.said();
	if (!isSaid(said.own, fingerprints.own) || !isSaid(said.theirs, fingerprints.theirs)) {
		connected.value.drop();
		return err({ type: 'DirectFailed', what: 'it is not who was to be there' });
	}
	const [first, second] = [fingerprints.own, fingerprints.theirs];
	const secured = await linkToDevice(
		link,
		{
			side:
				side === 'offers' ? { role: 'initiator', pattern: 'XX' } : { role: 'responder', patterns: ['XX'], psk: null },
			own,
			clock,
			random,
			aead: null, // DTLS seals it
			binding: side === 'offers' ? packParts(name, first, second) : packParts(name, second, first),
			isWelcome: (key) => isSameBytes(key, deviceKey)
		},
		signal
	);
	return secured.ok ? ok(secured.value.link) : err({ type: 'DirectFailed', what: secured.failure.type });
}

/**
 * Makes a link of their own between two devices that are linked already, which `stream` is of: on it they tell each other
 * where they can be reached, and by which certificates they are to be known there. Who answers then has to show that
 * certificate, and to prove by the key of the device that it is the one who has it. Rejects with the reason of `signal`.
 */
export async function goDirect(
	means: DirectMeans,
	stream: Stream,
	side: DirectSide,
	signal: AbortSignal
): Promise<Result<Link, DirectFailure>> {
	const late = new AbortController();
	const either = AbortSignal.any([signal, late.signal]);
	void means.clock.wait(withinMs, either).then(() => late.abort());
	try {
		return await connect(means, stream, side, either);
	} catch (thrown) {
		if (signal.aborted || !late.signal.aborted) throw thrown;
		return err({ type: 'DirectFailed', what: 'it took too long' });
	} finally {
		late.abort();
		stream.close(closeCodes.none);
	}
}
