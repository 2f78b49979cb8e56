import { isIPv6, type Socket } from 'node:net';
import { networkOf } from '../host/network-of.ts';

const loopback = /^(127\.|::1$)/;

/** The address at the other end, an IPv4 one in its own form. */
function remoteAddress({ remoteAddress: address }: Pick<Socket, 'remoteAddress'>): string {
	return (address ?? '').replace(/^::ffff:(?=\d+\.)/, '');
}

/** Whether this machine itself is at the other end, or a proxy on it. */
export function isLoopback(socket: Pick<Socket, 'remoteAddress'>): boolean {
	return loopback.test(remoteAddress(socket));
}

/** Whom the connections of `socket` are counted for. */
export function networkAddress(socket: Pick<Socket, 'remoteAddress'>): string {
	const address = remoteAddress(socket);
	return isIPv6(address) ? networkOf(address) : address;
}

/** How many there are, all in all and from one address each. */
export class AddressCounts {
	readonly #perAddress = new Map<string, number>();
	total = 0;

	of(address: string): number {
		return this.#perAddress.get(address) ?? 0;
	}

	add(address: string, by: 1 | -1): void {
		this.total += by;
		const theirs = this.of(address) + by;
		if (theirs === 0) this.#perAddress.delete(address);
		else this.#perAddress.set(address, theirs);
	}
}
