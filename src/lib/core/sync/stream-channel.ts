import { cborLimits } from '#core/kernel';
import { closeCodes, createMessages, type Stream } from '#core/net';
import { messageBytesMax, type SyncChannel } from './channel.ts';

/** What a stream that carries sessions is called on a link. */
export const syncStreamKind = 'sync/1';

/** The messages of a session over one stream of a link. Where a message is cut off, nothing comes after it. */
export function streamToChannel(stream: Stream): SyncChannel {
	const messages = createMessages(stream, { ...cborLimits, bytesMax: messageBytesMax });
	return {
		send: async (message, signal) => (await messages.send(message, signal)).ok,
		receive: async (signal) => {
			const received = await messages.receive(signal);
			return received.ok ? received.value : null;
		},
		close: () => stream.close(closeCodes.none)
	};
}
