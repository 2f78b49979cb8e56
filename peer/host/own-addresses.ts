import { hostname, networkInterfaces } from 'node:os';

/** The addresses under which other machines reach this one, IPv4 before IPv6; none that holds on one cable only. */
export function outerAddresses(): readonly string[] {
	const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
	const outer = all.filter(({ internal, address }) => !internal && !address.startsWith('fe80:'));
	return outer.toSorted((one, other) => one.family.localeCompare(other.family)).map(({ address }) => address);
}

const label = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/** What this machine is called in its network: its bare name, and that name as multicast DNS has it (RFC 6762). */
export function ownHostNames(): readonly string[] {
	const [name = ''] = hostname().toLowerCase().split('.');
	return label.test(name) ? [name, `${name}.local`] : [];
}

/** An address or a name as it stands in a URL. */
export function printHost(host: string): string {
	return host.includes(':') && !host.startsWith('[') ? `[${host}]` : host;
}
