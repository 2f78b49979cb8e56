import type { ServerResponse } from 'node:http';

/** On every answer, errors included: the app needs its own browsing context group, and nobody may frame or sniff it. */
export const guardHeaders: Readonly<Record<string, string>> = {
	'Cross-Origin-Opener-Policy': 'same-origin',
	'Cross-Origin-Embedder-Policy': 'require-corp',
	'Cross-Origin-Resource-Policy': 'same-origin',
	'X-Content-Type-Options': 'nosniff',
	'Referrer-Policy': 'no-referrer'
};

/**
 * What a page's `<meta>` policy cannot say (CSP 3, section 6.4.2) or may forget. Scripts and styles of the page are
 * ruled by the policy in the page itself, which knows the hashes of its inline start script.
 */
export const pagePolicy = "frame-ancestors 'none'; base-uri 'none'; form-action 'none'; object-src 'none'";

/**
 * The policy of everything that is no page. A worker takes its policy from the answer that brought its script
 * (HTML, "run a worker"), so this is what holds the core's worker to its own origin.
 */
export const filePolicy = `default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self'; ${pagePolicy}`;

/** The headers of every answer; those of a file of the app come on top with `setFileHeaders`. */
export function setGuardHeaders(response: ServerResponse): void {
	for (const [name, value] of Object.entries(guardHeaders)) response.setHeader(name, value);
	response.setHeader('Content-Security-Policy', filePolicy);
	response.setHeader('Cache-Control', 'no-cache');
}

const immutablePrefix = '/_app/immutable/';

function isPage(path: string): boolean {
	const last = path.slice(path.lastIndexOf('/') + 1);
	return !last.includes('.') || last.endsWith('.html');
}

/** What the file at `path` is answered with beside the guard headers: how long it keeps, and the policy of its kind. */
export function setFileHeaders(response: ServerResponse, path: string): void {
	if (path.startsWith(immutablePrefix)) response.setHeader('Cache-Control', 'public,max-age=31536000,immutable');
	if (isPage(path)) response.setHeader('Content-Security-Policy', pagePolicy);
}
