import { deviceKeys, isSameBytes } from '#core/crypto';
import { libraryId } from '#core/kernel';
import type { Link } from '#core/net';
import { callDevice, keepPlace, ownPlace, relayToken, type OwnPlace, type RelayMeans } from '#core/relay';
import { never, valueOf } from './expectation.ts';

/** Two devices that know each other, and what the relay between them lets devices keep a place for. */
export const [calling, called] = [deviceKeys(new Uint8Array(32).fill(5)), deviceKeys(new Uint8Array(32).fill(6))];
export const token = relayToken(deviceKeys(new Uint8Array(32).fill(7)));

type Means = Omit<RelayMeans, 'own'>;

/** Where the one is called, at the relay of that URL. */
export function calledAt(url: string): OwnPlace {
	return ownPlace(called, libraryId('0'.repeat(32)), url);
}

/** Keeps that place for it until `signal`; `onLink` is called for each who calls. Resolves once it is there. */
export async function awaitCalls(
	url: string,
	means: Means,
	onLink: (link: Link) => void,
	signal: AbortSignal
): Promise<{ readonly ended: Promise<void> }> {
	let ended = Promise.resolve();
	await new Promise<void>((resolve) => {
		ended = keepPlace(
			{
				...means,
				own: called,
				place: calledAt(url),
				by: { type: 'token', token },
				knownKeys: () => [calling.signing.public],
				awaitsAnybody: () => false,
				isKnown: (key) => isSameBytes(key, calling.signing.public),
				onLink,
				onState: (state) => (state.ok ? resolve() : undefined)
			},
			signal
		);
	});
	return { ended };
}

/** Both ends of a link through the relay at `url`; `leave` gives up the place. */
export async function throughRelay(
	url: string,
	means: Means
): Promise<{ readonly ends: readonly [Link, Link]; leave(): Promise<void> }> {
	const life = new AbortController();
	let take: (link: Link) => void = () => undefined;
	const arrived = new Promise<Link>((resolve) => (take = resolve));
	const { ended } = await awaitCalls(url, means, (link) => take(link), life.signal);
	const dialled = await callDevice({ ...means, own: calling }, calledAt(url), called.signing.public, never);
	return {
		ends: [valueOf(dialled), await arrived],
		leave: () => {
			life.abort();
			return ended;
		}
	};
}
