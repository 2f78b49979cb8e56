import { keyPair } from '#core/crypto';
import { secureLink, type Link, type SecuredLink, type SecureOptions } from '#core/net';
import type { Aead, ClockPort, RandomPort } from '#core/ports';
import { never, valueOf } from './expectation.ts';

/** Two devices that know each other. */
export const [dialling, answering] = [keyPair(new Uint8Array(32).fill(3)), keyPair(new Uint8Array(32).fill(4))];

type Ports = { readonly clock: ClockPort; readonly random: RandomPort; readonly aead: Aead | null };
const nothing = new Uint8Array(0);
const common = { binding: nothing, isWelcome: () => true };

export function diallingOptions(ports: Ports): SecureOptions {
	const side = { role: 'initiator', pattern: 'XK', responder: answering.public } as const;
	return { ...common, ...ports, own: dialling, side };
}

export function answeringOptions(ports: Ports): SecureOptions {
	const side = { role: 'responder', patterns: ['XX', 'XK'], psk: null } as const;
	return { ...common, ...ports, own: answering, side };
}

/** Secures both ends of a carrier; `pass` lets time pass where it does not by itself. */
export async function secureBoth(
	[near, far]: readonly [Link, Link],
	ports: Ports,
	pass: () => Promise<void> = () => Promise.resolve(),
	[nearBinding, farBinding]: readonly [Uint8Array, Uint8Array] = [nothing, nothing]
): Promise<readonly [SecuredLink, SecuredLink]> {
	const both = Promise.all([
		secureLink(near, { ...diallingOptions(ports), binding: nearBinding }, never),
		secureLink(far, { ...answeringOptions(ports), binding: farBinding }, never)
	]);
	await pass();
	const [one, two] = await both;
	return [valueOf(one), valueOf(two)];
}
