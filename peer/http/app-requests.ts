import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import sirv from 'sirv';
import { setFileHeaders, setGuardHeaders } from './headers.ts';
import { refusalOf } from './host-names.ts';

export type AppRequests = {
	/** The folder of the built app. Read once: a new build is served after a restart. */
	readonly webFolder: string;
	readonly hosts: ReadonlySet<string>;
	/** False while a library is opening. */
	readonly isReady: () => boolean;
};

function end(response: ServerResponse, status: number, text: string): void {
	response.statusCode = status;
	response.setHeader('Content-Type', 'text/plain;charset=utf-8');
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
 * Serves the built app and the two health paths, and nothing else of this machine. Every answer carries the guard
 * headers; a path that is no file of the app is 404, unless a browser navigates to it.
 */
export function createAppRequests({ webFolder, hosts, isReady }: AppRequests): RequestListener {
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

	return (request, response) => {
		setGuardHeaders(response);
		const refused = refusalOf(request, hosts);
		if (refused !== null) return end(response, ...refused);
		if (request.method !== 'GET' && request.method !== 'HEAD') {
			response.setHeader('Allow', 'GET, HEAD');
			return end(response, 405, 'only GET and HEAD\n');
		}
		const path = (request.url ?? '/').replace(/[?#].*$/s, '');
		if (path === '/healthz') return end(response, 200, 'ok\n');
		if (path === '/readyz') return isReady() ? end(response, 200, 'ready\n') : end(response, 503, 'opening\n');

		// sirv takes `bytes=9-1` for a range and lets the error of a file that went away end the process.
		delete request.headers.range;
		response.once('pipe', (source: NodeJS.ReadableStream) => source.once('error', () => response.destroy()));
		const missing = () => end(response, 404, 'not found\n');
		sendFile(request, response, path, () =>
			isNavigation(request, path) ? sendFile(request, response, '/', missing) : missing()
		);
	};
}
