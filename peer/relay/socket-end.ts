import type { WebSocket } from 'ws';

/** A WebSocket that ends as a link does, with the code of that (docs/protocol.md, “Over WebSockets”). */
const linkClose = 4_000;
/** The other side has broken off (RFC 6455, section 7.4: going away). */
const gone = 1_001;
/** How long a side that does not take what was sent keeps its connection. */
const lingerMs = 5_000;

function leave(socket: WebSocket, code: number, reason: string): void {
	if (socket.readyState === socket.CLOSED) return;
	const timer = setTimeout(() => socket.terminate(), lingerMs);
	socket.once('close', () => clearTimeout(timer));
	socket.close(code, reason);
	// What still comes is read and thrown away, or the end would not be seen.
	socket.removeAllListeners('message').on('message', () => undefined);
	socket.resume();
}

/** Ends it with a code of a link, after all that was sent. */
export function endSocket(socket: WebSocket, code: number): void {
	leave(socket, linkClose, String(code));
}

/** Ends it as the other side of its room has ended: with its code, or as a loss. */
export function tellEnd(socket: WebSocket, code: number, reason: Buffer): void {
	const text = reason.toString('latin1');
	if (code === linkClose && /^\d{1,10}$/.test(text)) leave(socket, linkClose, text);
	else leave(socket, gone, '');
}
