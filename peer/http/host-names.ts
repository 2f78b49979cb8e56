import type { IncomingMessage } from 'node:http';
import { outerAddresses, ownHostNames, printHost } from '../host/own-addresses.ts';

export const localNames = ['localhost', '127.0.0.1', '[::1]'];
const anyAddress = new Set(['0.0.0.0', '::', '[::]']);
const hostHeader = /^(?<host>\[[0-9a-f:.]+\]|[a-z0-9_.-]+)(?::(?<port>\d{1,5}))?$/i;

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
	const own = isAnyAddress(listenHost) ? [] : [printHost(listenHost)];
	return new Set([...localNames, ...own, ...names].map((name) => name.toLowerCase()));
}

export type HostNames = Pick<ReadonlySet<string>, 'has'>;

/**
 * As `allowedHosts`, and on all addresses those that this machine has when it is asked, with its bare name and the one that
 * ends in `.local`: no page of the internet has come from an address or a name of those kinds.
 */
export function answeringNames(listenHost: string, names: readonly string[]): HostNames {
	const allowed = allowedHosts(listenHost, names);
	if (!isAnyAddress(listenHost)) return allowed;
	return { has: (host) => allowed.has(host) || [...ownHostNames(), ...outerAddresses().map(printHost)].includes(host) };
}

/** Why a request is not looked at, as status and text; null when it is fine. */
export function refusalOf(request: IncomingMessage, hosts: HostNames): readonly [number, string] | null {
	const named = request.rawHeaders.filter((name, at) => at % 2 === 0 && name.toLowerCase() === 'host');
	if (named.length > 1) return [400, 'one Host header\n'];
	const host = hostOfHeader(request.headers.host ?? '');
	if (host === null || !hosts.has(host)) return [421, 'this peer does not answer under that name\n'];
	if (request.url?.startsWith('/') !== true) return [400, 'a path starts with /\n'];
	return null;
}

const originHeader = /^(?<scheme>https?):\/\/(?<host>\[[0-9a-f:.]+\]|[a-z0-9_.-]+)(?::(?<port>\d{1,5}))?$/i;

/** Whether a page of `origin` asks the site that it came from. A proxy before this peer speaks https for it. */
export function isSameSite(origin: string, host: string): boolean {
	const from = originHeader.exec(origin)?.groups;
	const to = hostHeader.exec(host)?.groups;
	if (from === undefined || to === undefined) return false;
	const ownPort = from['scheme']?.toLowerCase() === 'https' ? '443' : '80';
	const isSameHost = from['host']?.toLowerCase() === to['host']?.toLowerCase();
	return isSameHost && (from['port'] ?? ownPort) === (to['port'] ?? ownPort);
}

/** Whether a request came to this peer over TLS. */
export function isEncrypted({ socket }: Pick<IncomingMessage, 'socket'>): boolean {
	return 'encrypted' in socket && socket.encrypted === true;
}

/** Why a page of the origin that `request` names gets nothing, beside those of `origins`; null where none is named. */
export function originRefusal(request: IncomingMessage, origins: readonly string[]): readonly [number, string] | null {
	const named = request.rawHeaders.filter((name, at) => at % 2 === 0 && name.toLowerCase() === 'origin');
	if (named.length > 1) return [400, 'one Origin header\n'];
	const { origin, host = '' } = request.headers;
	if (origin === undefined || origins.includes(origin)) return null;
	// A page that came in the clear may be anybody's on the way: it is not of the site that TLS proves.
	const isOwn = isSameSite(origin, host) && !(isEncrypted(request) && /^http:/i.test(origin));
	return isOwn ? null : [403, 'not from there\n'];
}
