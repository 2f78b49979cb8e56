import { base64urlnopad } from '@scure/base';
import { addressMax } from './dial-port.ts';

const shape = /^(?<url>wss?:\/\/(?:\[[0-9a-f:.]+\]|[a-z0-9_.-]+)(?::\d{1,5})?\/link)(?:#(?<key>[A-Za-z0-9_-]{43}))?$/i;

/** Where a peer takes links over WebSockets, and by which X25519 key it answers there; null where that is not known. */
export type LinkAddress = { readonly url: string; readonly channelKey: Uint8Array | null };

/** `ws://host:port/link`, with the key of who answers behind a `#`; null for any other text. */
export function parseLinkAddress(text: string): LinkAddress | null {
	const { url, key } = (text.length > addressMax.letters ? null : shape.exec(text)?.groups) ?? {};
	if (url === undefined) return null;
	try {
		return { url, channelKey: key === undefined ? null : base64urlnopad.decode(key) };
	} catch {
		return null;
	}
}

export function printLinkAddress({ url, channelKey }: LinkAddress): string {
	return channelKey === null ? url : `${url}#${base64urlnopad.encode(channelKey)}`;
}

/** The address, with the key of who has answered there; any other sort of address as it is. */
export function withChannelKey(address: string, channelKey: Uint8Array): string {
	const place = parseLinkAddress(address);
	return place === null ? address : printLinkAddress({ url: place.url, channelKey });
}
