import type { Pipe } from '#core/direct';

/** A port of a channel between a page and its worker as a pipe. Bytes are handed over and not copied. */
export function portPipe<In, Out extends { readonly type: string }>(port: MessagePort): Pipe<In, Out> {
	return {
		// What has come waits in the port until somebody hears.
		hear: (onMessage) => (port.onmessage = ({ data }: MessageEvent<In>) => onMessage(data)),
		post: (message) => {
			const bytes = 'bytes' in message && message.bytes instanceof Uint8Array ? message.bytes : null;
			const isWhole = bytes !== null && bytes.byteLength === bytes.buffer.byteLength;
			port.postMessage(message, isWhole ? [bytes.buffer] : []);
		},
		close: () => port.close()
	};
}
