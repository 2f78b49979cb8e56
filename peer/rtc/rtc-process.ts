/**
 * The process of WebRTC: native code that bad input can abort, so it is not the peer's own. It knows no key of a device
 * and no library, and ends with the pipe.
 */
import { Socket } from 'node:net';
import nodeDatachannel from 'node-datachannel';
import { callDirectly } from './direct-call.ts';
import { DirectListener } from './direct-listener.ts';
import type { HeldChannel, ProcessPipe } from './held-channel.ts';
import { SignalledCall } from './signalled.ts';
import { Pipe, pipeFd, type PeerSays, type ProcessSays } from './pipe.ts';

// It writes down what others have sent, as it came.
nodeDatachannel.initLogger('Fatal', () => undefined);
// Before the first connection; as they are they halve what goes over a long way.
nodeDatachannel.setSctpSettings({
	recvBufferSize: 4 * 1_048_576,
	sendBufferSize: 4 * 1_048_576,
	maxChunksOnQueue: 65_536,
	initialCongestionWindow: 32
});

/** What is read of the pipe at a time. */
const readBytes = 262_144;

/** All native objects: what nobody holds the library frees. */
const channels = new Map<number, HeldChannel>();
const signalled = new Map<number, SignalledCall>();
const listeners = new Map<number, DirectListener>();
let lastId = -1;
const nextId = () => (lastId += 2);

function listen(said: Extract<PeerSays, { readonly type: 'listen' }>): void {
	const { id } = said;
	try {
		listeners.set(id, new DirectListener(said, pipe, channels, nextId));
		pipe.say({ type: 'listening', id });
	} catch (thrown) {
		pipe.say({ type: 'not-listening', id, what: thrown instanceof Error ? thrown.message : String(thrown) });
	}
}

function connect(said: Extract<PeerSays, { readonly type: 'connect' }>): void {
	const { id } = said;
	const call = new SignalledCall(said, pipe, () => {
		signalled.delete(id);
		channels.delete(id);
	});
	signalled.set(id, call);
	channels.set(id, call.channel);
}

function hear(said: PeerSays): void {
	const { id } = said;
	switch (said.type) {
		case 'listen':
			return listen(said);
		case 'dial': {
			const channel = callDirectly(said, pipe, () => channels.delete(id));
			if (channel !== null) channels.set(id, channel);
			return;
		}
		case 'connect':
			return connect(said);
		case 'signal':
			return signalled.get(id)?.take(said.signal);
		case 'proved':
			for (const listener of listeners.values()) listener.proved(id);
			return;
		case 'text':
			return channels.get(id)?.send(said.text);
		case 'took':
			return channels.get(id)?.read(said.bytes);
		case 'drop':
			return channels.get(id)?.drop('closed');
		case 'close':
			listeners.get(id)?.close();
			listeners.delete(id);
			channels.get(id)?.close();
	}
}

const onread = {
	buffer: Buffer.allocUnsafeSlow(readBytes),
	callback: (bytes: number, buffer: Uint8Array) => {
		pipe.take(Buffer.from(buffer.buffer, buffer.byteOffset, bytes));
		return true;
	}
};
const pipe: ProcessPipe = new Pipe<ProcessSays, PeerSays>(new Socket({ fd: pipeFd, onread }), true, {
	onSaid: hear,
	onBytes: (id, bytes) => channels.get(id)?.send(bytes),
	onEnd: () => process.exit()
});
// A stop of the peer is told to all of its group; the peer ends its links first and then the pipe.
process.on('SIGINT', () => undefined).on('SIGTERM', () => undefined);
