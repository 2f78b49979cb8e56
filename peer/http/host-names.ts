import type { IncomingMessage } from 'node:http';

export const localNames = ['localhost', '127.0.0.1', '[::1]'];
const anyAddress = new Set(['0.0.0.0', '::', '[::]']);
const hostHeader = /^(?<host>\[[0-9a-f:.]+\]|[a-z0-9_.-]+)(?::\d{1,5})?$/i;

/** The host that a Host header names (RFC 9110, 7.2), in lower case and without its port; null when it is malformed. */
export function hostOfHeader(header: string): string | null {
	return hostHeader.exec(header)?.groups?.['host']?.toLowerCase() ?? null;
}

/** Whether `host` is what a server is told to listen on all addresses with. */
export function isAnyAddress(host: string): boolean {
	return anyAddress.has(host);
}

/**
 * The names under which this peer answers. A page of another site that has its own name point here (DNS rebinding)
 * asks under that name and is refused; so the address to listen on counts only where it is a single one.
 */
export function allowedHosts(listenHost: string, names: readonly string[]): ReadonlySet<string> {
	const literal = listenHost.includes(':') && !listenHost.startsWith('[') ? `[${listenHost}]` : listenHost;
	const own = isAnyAddress(listenHost) ? [] : [literal];
	return new Set([...localNames, ...own, ...names].map((name) => name.toLowerCase()));
}

/** Why a request is not looked at, as status and text; null when it is fine. */
export function refusalOf(request: IncomingMessage, hosts: ReadonlySet<string>): readonly [number, string] | null {
	const named = request.rawHeaders.filter((name, at) => at % 2 === 0 && name.toLowerCase() === 'host');
	if (named.length > 1) return [400, 'one Host header\n'];
	const host = hostOfHeader(request.headers.host ?? '');
	if (host === null || !hosts.has(host)) return [421, 'this peer does not answer under that name\n'];
	if (request.url?.startsWith('/') !== true) return [400, 'a path starts with /\n'];
	return null;
}
