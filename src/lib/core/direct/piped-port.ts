import { err, ok, type Result } from '#core/kernel';
import { ChannelLink, type Link, type LinkEnd } from '#core/net';
import type { DirectCarrier, DirectFailure, DirectPort, DirectServer } from './direct-port.ts';
import type { FromMaker, Pipe, ToMaker } from './pipe.ts';

type CorePipe = Pipe<FromMaker, ToMaker>;

/** A connection that somebody else holds, as a link; `hear` is told what comes of it. */
function pipedLink(pipe: CorePipe): { readonly link: Link; hear(message: FromMaker): void } {
	let underWayBytes = 0;
	const link = new ChannelLink({
		send: (data) => {
			if (typeof data === 'string') return pipe.post({ type: 'close', code: Number(data) });
			underWayBytes += data.length;
			pipe.post({ type: 'data', bytes: data.slice() });
		},
		bufferedBytes: () => underWayBytes,
		close: () => undefined // whoever holds it ends it with its code
	});
	const end = (ended: LinkEnd) => {
		if (ended.type === 'LinkLost') link.closed(ended.what);
		else link.take(String(ended.code));
	};
	return {
		link,
		hear: (message) => {
			if (message.type === 'end') end(message.end);
			else if (message.type === 'data') link.take(message.bytes);
			else if (message.type === 'room') {
				underWayBytes -= message.bytes;
				link.low();
			}
		}
	};
}

/** What came of asking for a connection. */
function opened(pipe: CorePipe, talk: Parameters<DirectPort['connect']>[1], signal: AbortSignal) {
	return new Promise<Result<DirectCarrier, DirectFailure>>((resolve, reject) => {
		const { link, hear } = pipedLink(pipe);
		const stop = () => {
			pipe.post({ type: 'stop' });
			pipe.close();
			reject(signal.reason);
		};
		signal.addEventListener('abort', stop, { once: true });
		pipe.hear((message) => {
			if (message.type === 'signal') return talk.say(message.signal);
			hear(message);
			if (message.type !== 'open' && message.type !== 'end') return;
			signal.removeEventListener('abort', stop);
			if (message.type === 'end') {
				pipe.close();
				const what = message.end.type === 'LinkLost' ? message.end.what : 'it was closed';
				return resolve(err({ type: 'DirectFailed', what }));
			}
			const { own, theirs } = message;
			resolve(ok({ link, fingerprints: { own, theirs }, drop: () => pipe.post({ type: 'stop' }) }));
		});
	});
}

/**
 * Has connections made at the other end of a pipe, as the core's own thread can make none. `open` gives a new one, or null
 * where nobody makes any; `servers` are asked for ways through routers.
 */
export function createPipedPort(
	open: (signal: AbortSignal) => Promise<CorePipe | null>,
	servers: () => readonly DirectServer[]
): DirectPort {
	return {
		connect: async (side, talk, signal) => {
			const pipe = await open(signal);
			signal.throwIfAborted();
			if (pipe === null) return err({ type: 'DirectFailed', what: 'this device makes no connections' });
			const made = opened(pipe, talk, signal);
			pipe.post({ type: 'begin', side, servers: servers() });
			void (async () => {
				for (let word = await talk.hear(); word !== null; word = await talk.hear())
					pipe.post({ type: 'signal', signal: word });
			})();
			return made;
		}
	};
}
