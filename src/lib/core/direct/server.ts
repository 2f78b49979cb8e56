import type { DirectServer } from './direct-port.ts';

const lettersMax = 512;
const place = String.raw`(?<place>(?:\[[0-9a-f:.]+\]|[a-z0-9_.-]+)(?::\d{1,5})?(?:\?transport=(?:udp|tcp))?)`;
const shapes = [
	new RegExp(`^(?<scheme>stun:)${place}$`, 'i'),
	new RegExp(String.raw`^(?<scheme>turns?:)(?<user>[^\s:@]+):(?<password>[^\s:@]+)@${place}$`, 'i')
] as const;

/**
 * Who helps to find a way through routers, as a person names it: `stun:<host>` or `turn:<user>:<password>@<host>`, with or
 * without a port, user and password percent-encoded (RFC 7064 and 7065 have no place for them). Null for any other text.
 */
export function parseDirectServer(text: string): DirectServer | null {
	const found = text.length > lettersMax ? undefined : shapes.map((shape) => shape.exec(text)?.groups).find(Boolean);
	if (found === undefined) return null;
	const { scheme = '', place: where = '', user, password } = found;
	const urls = scheme.toLowerCase() + where;
	if (user === undefined || password === undefined) return { urls };
	try {
		return { urls, username: decodeURIComponent(user), credential: decodeURIComponent(password) };
	} catch {
		return null; // a % that stands for nothing
	}
}
