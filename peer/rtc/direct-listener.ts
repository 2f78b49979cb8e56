import nodeDatachannel from 'node-datachannel';
import { readDirectCall } from '#core/net';
import { isIPv6 } from 'node:net';
import { networkOf } from '../host/network-of.ts';
import { directChannel, HeldChannel, type ProcessPipe } from './held-channel.ts';
import type { PeerSays } from './pipe.ts';

/** Each costs some 400 KiB, and everybody can send the packet that makes one. */
const unprovedMax = { inAll: 64, perAddress: 8 } as const;
/** A household of devices, each with a few tabs that come and go. */
const channelsMax = 256;
const messageBytesMax = 262_144;

type Caller = { readonly channel: HeldChannel; readonly address: string; readonly timer: NodeJS.Timeout };

/** Takes who dials a fixed UDP port directly. */
export class DirectListener {
	readonly #listen: Extract<PeerSays, { readonly type: 'listen' }>;
	readonly #pipe: ProcessPipe;
	readonly #listener: InstanceType<typeof nodeDatachannel.IceUdpMuxListener>;
	readonly #nextId: () => number;
	readonly #channels: Map<number, HeldChannel>;
	/** By the name of their first packet, which is sent again until it is answered. */
	readonly #callers = new Map<string, Caller>();
	readonly #unproved = new Map<number, string>();

	/** Throws where the port is taken. `channels` holds all of this process. */
	constructor(
		listen: Extract<PeerSays, { readonly type: 'listen' }>,
		pipe: ProcessPipe,
		channels: Map<number, HeldChannel>,
		nextId: () => number
	) {
		this.#listen = listen;
		this.#pipe = pipe;
		this.#channels = channels;
		this.#nextId = nextId;
		this.#listener = new nodeDatachannel.IceUdpMuxListener(listen.port, this.#bound());
		this.#listener.onUnhandledStunRequest(({ ufrag, localUfrag, host, port }) =>
			this.#hear({ theirs: ufrag ?? '', ours: localUfrag ?? '', host, port })
		);
	}

	proved(id: number): void {
		this.#unproved.delete(id);
	}

	close(): void {
		this.#listener.stop();
		for (const { channel } of this.#callers.values()) channel.drop('this peer lets nobody in any more');
	}

	#bound(): string | undefined {
		const { host } = this.#listen;
		return host === '0.0.0.0' || host === '::' ? undefined : host;
	}

	#mayCome(address: string): boolean {
		const theirs = [...this.#unproved.values()].filter((one) => one === address).length;
		const { inAll, perAddress } = unprovedMax;
		return this.#callers.size < channelsMax && this.#unproved.size < inAll && theirs < perAddress;
	}

	#hear(caller: { theirs: string; ours: string; host: string; port: number }): void {
		const host = caller.host.replace(/^::ffff:(?=\d+\.)/, '');
		const address = isIPv6(host) ? networkOf(host) : host;
		// What the native side is given has been looked at: a wrong name or password would abort the process.
		const call = readDirectCall({ ...caller, host });
		if (call === null || this.#callers.has(call.user) || !this.#mayCome(address)) return;
		const { certificate, privateKey, port, proveWithinMs } = this.#listen;
		const bindAddress = this.#bound();
		const connection = new nodeDatachannel.PeerConnection('', {
			iceServers: [],
			// Any certificate may come: the handshake above says whose it is.
			disableFingerprintVerification: true,
			disableAutoNegotiation: true,
			enableIceUdpMux: true,
			portRangeBegin: port,
			portRangeEnd: port,
			...(bindAddress !== undefined && { bindAddress }),
			certificatePemFile: certificate,
			keyPemFile: privateKey,
			maxMessageSize: messageBytesMax
		});
		const id = this.#nextId();
		const { user, password, offer } = call;
		const channel = new HeldChannel(id, this.#pipe, connection, (what) => this.#forget(id, user, what));
		channel.use(connection.createDataChannel('', directChannel));
		const timer = setTimeout(() => this.#unproved.has(id) && channel.drop('nobody said who it is'), proveWithinMs);
		this.#callers.set(user, { channel, address, timer });
		this.#channels.set(id, channel);
		this.#unproved.set(id, address);
		connection.onStateChange((state) => {
			if (state === 'failed' || state === 'closed') channel.lost('the connection broke');
		});
		channel.onOpen(() => {
			const fingerprints = channel.fingerprints();
			if (fingerprints === null) return channel.drop('it has no certificate');
			this.#pipe.say({ type: 'came', id, listener: this.#listen.id, host, ...fingerprints });
		});
		connection.setRemoteDescription(offer, 'offer');
		connection.setLocalDescription('answer', { iceUfrag: user, icePwd: password });
	}

	#forget(id: number, user: string, what: string): void {
		const caller = this.#callers.get(user);
		clearTimeout(caller?.timer);
		this.#callers.delete(user);
		this.#channels.delete(id);
		this.#unproved.delete(id);
		if (caller?.channel.isOpen === true) this.#pipe.say({ type: 'closed', id, what });
	}
}
