/** The first 64 bits of an IPv6 address: a device has all of such a network. */
export function networkOf(address: string): string {
	const [left = '', right] = address.split('::');
	const [head, tail] = [left, right ?? ''].map((part) => part.split(':').filter((digits) => digits !== ''));
	const zeros = right === undefined ? 0 : 8 - (head?.length ?? 0) - (tail?.length ?? 0);
	return [...(head ?? []), ...Array.from({ length: zeros }, () => '0'), ...(tail ?? [])].slice(0, 4).join(':');
}
