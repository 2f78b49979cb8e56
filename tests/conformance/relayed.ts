import { deviceKeys } from '#core/crypto';
import { libraryId } from '#core/kernel';
import type { Link } from '#core/net';
import { callDevice, keepPlace, ownPlace, relayToken, type RelayMeans } from '#core/relay';
import { never, valueOf } from './expectation.ts';

/** Two devices that know each other, and what the relay between them lets devices keep a place for. */
export const [calling, called] = [deviceKeys(new Uint8Array(32).fill(5)), deviceKeys(new Uint8Array(32).fill(6))];
export const token = relayToken(deviceKeys(new Uint8Array(32).fill(7)));

type Means = Omit<RelayMeans, 'own'>;

/** Both ends of a link through the relay at `url`; `leave` gives up the place. */
export async function throughRelay(
	url: string,
	means: Means
): Promise<{ readonly ends: readonly [Link, Link]; leave(): Promise<void> }> {
	const place = ownPlace(called, libraryId('0'.repeat(32)), url);
	const life = new AbortController();
	const [held, arrived] = [Promise.withResolvers<null>(), Promise.withResolvers<Link>()];
	const kept = keepPlace(
		{
			...means,
			own: called,
			place,
			token,
			isKnown: (key) => Buffer.compare(key, calling.signing.public) === 0,
			onLink: (link) => arrived.resolve(link),
			onState: (state) => (state.ok ? held.resolve(null) : undefined)
		},
		life.signal
	);
	await held.promise;
	const dialled = await callDevice({ ...means, own: calling }, place, called.signing.public, never);
	return {
		ends: [valueOf(dialled), await arrived.promise],
		leave: () => {
			life.abort();
			return kept;
		}
	};
}
