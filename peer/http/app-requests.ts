import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import sirv from 'sirv';
import type { Certificates } from '../tls/certificates.ts';
import { bootstrapPage, bootstrapPolicy, rootPath } from './bootstrap-page.ts';
import { setFileHeaders, setGuardHeaders } from './headers.ts';
import { hostOfHeader, isEncrypted, localNames, originRefusal, refusalOf, type HostNames } from './host-names.ts';

export type AppRequests = {
	/** The folder of the built app. Read once: a new build is served after a restart. */
	readonly webFolder: string;
	readonly hosts: HostNames;
	readonly certificates: Certificates | null;
	/** False while a library is opening. */
	readonly isReady: () => boolean;
};

function end(response: ServerResponse, status: number, text: string, type = 'text/plain;charset=utf-8'): void {
	response.statusCode = status;
	response.setHeader('Content-Type', type);
	// A body that nobody wants is not read to its end: the connection goes with the refusal.
	if (status >= 400) response.setHeader('Connection', 'close');
	response.setHeader('Content-Length', Buffer.byteLength(text));
	response.end(response.req.method === 'HEAD' ? undefined : text);
}

/** Whether the browser wants a page: only then may the app's shell answer for a path that is no file. */
function isNavigation(request: IncomingMessage, path: string): boolean {
	const last = path.slice(path.lastIndexOf('/') + 1);
	if (last.includes('.') || path.startsWith('/_app/')) return false;
	const mode = request.headers['sec-fetch-mode'];
	return mode === undefined ? (request.headers.accept ?? '').includes('text/html') : mode === 'navigate';
}

/**
 * Whether the browser at the other end takes its page for secure (Secure Contexts, 3.1): it came over TLS, to this peer or to
 * a proxy that says so, or from a name of this machine. Browsers say how they fetch (`Sec-Fetch-…`) to secure addresses only.
 */
function isSecure({ socket, headers }: IncomingMessage): boolean {
	const isLocal = localNames.includes(hostOfHeader(headers.host ?? '') ?? '');
	return (
		isEncrypted({ socket }) ||
		isLocal ||
		/^https\b/i.test(String(headers['x-forwarded-proto'])) ||
		headers['sec-fetch-mode'] !== undefined
	);
}

/**
 * Serves the built app and the two health paths, and nothing else of this machine; over plain http a page
 * that says why it is not there. Every answer carries the guard headers; a path that is no file of the app is 404, unless a browser navigates to it.
 */
export function createAppRequests({ webFolder, hosts, isReady, certificates }: AppRequests): RequestListener {
	const files = sirv(webFolder, { etag: true, brotli: true, gzip: true, dotfiles: false });

	function sendFile(request: IncomingMessage, response: ServerResponse, path: string, otherwise: () => void): void {
		// Before sirv runs: a browser takes over the headers of a 304 as well, which sirv does not announce.
		setFileHeaders(response, path);
		request.url = path;
		files(request, response, () => {
			setGuardHeaders(response);
			otherwise();
		});
	}

	function sendBootstrap(request: IncomingMessage, response: ServerResponse, path: string): void {
		if (path !== '/' && !isNavigation(request, path)) return end(response, 404, 'not found\n');
		const { host = '' } = request.headers;
		const page = bootstrapPage({ host, port: request.socket.localPort ?? 0, certificates });
		response.setHeader('Content-Security-Policy', bootstrapPolicy);
		end(response, 200, page, 'text/html;charset=utf-8');
	}

	return (request, response) => {
		setGuardHeaders(response);
		const refused = refusalOf(request, hosts) ?? originRefusal(request, []);
		if (refused !== null) return end(response, ...refused);
		if (request.method !== 'GET' && request.method !== 'HEAD') {
			response.setHeader('Allow', 'GET, HEAD');
			return end(response, 405, 'only GET and HEAD\n');
		}
		const path = (request.url ?? '/').replace(/[?#].*$/s, '');
		if (path === '/healthz') return end(response, 200, 'ok\n');
		if (path === '/readyz') return isReady() ? end(response, 200, 'ready\n') : end(response, 503, 'opening\n');
		const root = certificates?.root ?? null;
		if (path === rootPath && root !== null) return end(response, 200, root, 'application/x-x509-ca-cert');
		if (!isSecure(request)) return sendBootstrap(request, response, path);

		// sirv takes `bytes=9-1` for a range and lets the error of a file that went away end the process.
		delete request.headers.range;
		response.once('pipe', (source: NodeJS.ReadableStream) => source.once('error', () => response.destroy()));
		const missing = () => end(response, 404, 'not found\n');
		sendFile(request, response, path, () =>
			isNavigation(request, path) ? sendFile(request, response, '/', missing) : missing()
		);
	};
}
