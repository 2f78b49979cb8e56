import { constants } from 'node:crypto';
import { connect, createServer, type TLSSocket } from 'node:tls';
import { err, invariant, ok, type Result } from '#core/kernel';
import type { Link, LinkEnd, LinkReceiver } from '#core/net';
import { type DeviceCertificate, deviceKeyOf } from './device-certificate.ts';
import { MessageReader } from './message-reader.ts';
import { headBytes, MessageWriter } from './message-writer.ts';

/** The longest message that is taken. */
const takenBytesMax = 262_144;
/** With its head one fills a TLS record (RFC 8446, section 5.1), and comes in one piece that need not be copied. */
const messageBytesMax = 16_384 - headBytes;
/** Whole records. */
const lotBytes = 32 * 16_384;
/** How long a side that has closed waits for the other to take what was sent. */
const lingerMs = 5_000;
const handshakeMs = 10_000;
/** A head with this bit is no length but a code: the link is closed. */
const closeBit = 0x8000_0000;
const protocol = 'atoll/1';

/** A socket whose other side is known by now, as a link. */
class TlsLink implements Link {
	readonly messageBytesMax = messageBytesMax;
	readonly #socket: TLSSocket;
	readonly #reader = new MessageReader();
	readonly #writer: MessageWriter;
	#receiver: LinkReceiver | null = null;
	#end: LinkEnd | null = null;

	constructor(socket: TLSSocket) {
		this.#socket = socket;
		socket.setNoDelay(true);
		socket.on('error', (error) => this.#endWith({ type: 'LinkLost', what: error.message }));
		socket.on('end', () => this.#endWith({ type: 'LinkLost', what: 'the other side is gone' }));
		socket.on('close', () => this.#endWith({ type: 'LinkLost', what: 'the connection broke' }));
		this.#writer = new MessageWriter(socket, { messageBytesMax, lotBytes }, () => {
			if (this.#end === null) this.#receiver?.onReady();
		});
	}

	start(receiver: LinkReceiver): void {
		invariant(this.#receiver === null, 'a link is started once');
		this.#receiver = receiver;
		if (this.#end !== null) return receiver.onEnd(this.#end);
		// From here on the socket reads.
		this.#socket.on('data', (chunk: Buffer) => {
			if (this.#end === null)
				this.#reader.take(
					chunk,
					(message) => this.#tell(message),
					(head) => this.#takeHead(head)
				);
		});
	}

	send(message: Uint8Array): boolean {
		invariant(message.length <= messageBytesMax, 'a message is no longer than the link takes');
		if (this.#end !== null) return false;
		invariant(!this.#writer.isFull, 'nothing is sent while the link is full');
		this.#writer.put(message.length, message);
		return !this.#writer.isFull;
	}

	close(code: number): void {
		if (this.#end !== null) return;
		this.#leave(closeBit + (code % closeBit));
		this.#endWith({ type: 'LinkClosed', by: 'us', code });
	}

	#tell(message: Uint8Array): void {
		if (this.#end === null) this.#receiver?.onMessage(message);
	}

	/** Whether a message of that length follows. */
	#takeHead(head: number): boolean {
		if (this.#end !== null) return false;
		if (head <= takenBytesMax) return true;
		const isClose = head >= closeBit;
		this.#leave(null);
		this.#endWith(
			isClose
				? { type: 'LinkClosed', by: 'them', code: head - closeBit }
				: { type: 'LinkLost', what: 'the other side sent a message that is too long' }
		);
		return false;
	}

	/** Lets what was sent go out. What still comes is read and thrown away, or the system would break the connection. */
	#leave(head: number | null): void {
		const socket = this.#socket;
		socket.resume();
		this.#writer.end(head);
		const timer = setTimeout(() => socket.destroy(), lingerMs);
		timer.unref();
		socket.once('close', () => clearTimeout(timer));
	}

	#endWith(end: LinkEnd): void {
		if (this.#end !== null) return;
		this.#end = end;
		this.#receiver?.onEnd(end);
	}
}

const common = ({ certificate, privateKey }: DeviceCertificate) => ({
	cert: certificate,
	key: privateKey,
	minVersion: 'TLSv1.3' as const,
	ALPNProtocols: [protocol],
	// Nobody signs these certificates: that the other side has the key of its own is proven, which key, looked at below.
	rejectUnauthorized: false,
	secureOptions: constants.SSL_OP_NO_TICKET
});

/** The key that the other side has proven to have; null where it is no device of ours. */
function keyOfOther(socket: TLSSocket): Uint8Array | null {
	return socket.alpnProtocol === protocol ? deviceKeyOf(socket.getPeerX509Certificate()) : null;
}

export type TlsListening = { readonly port: number; close(): Promise<void> };

export type TlsListener = {
	readonly device: DeviceCertificate;
	readonly host: string;
	/** 0: any that is free. */
	readonly port: number;
	readonly connectionsMax: number;
	/** Whether a device with that key may connect. Nothing of what it sends has been read by then. */
	readonly isKnown: (deviceKey: Uint8Array) => boolean;
	readonly onLink: (link: Link, deviceKey: Uint8Array) => void;
};

/**
 * Takes links from devices that are known, over TLS 1.3 with both sides' certificates (RFC 8446). Any other is let go of
 * without a byte of it having been read.
 */
export function listenTls(listener: TlsListener): Promise<TlsListening> {
	const { device, host, port, connectionsMax, isKnown, onLink } = listener;
	const open = new Set<TLSSocket>();
	const server = createServer({ ...common(device), requestCert: true, handshakeTimeout: handshakeMs }, (socket) => {
		const key = keyOfOther(socket);
		if (key === null || !isKnown(key)) return void socket.destroy();
		open.add(socket);
		socket.once('close', () => open.delete(socket));
		onLink(new TlsLink(socket), key);
	});
	server.maxConnections = connectionsMax;
	server.on('tlsClientError', (_error, socket) => socket.destroy());
	return new Promise((resolve, reject) => {
		server.once('error', reject);
		server.listen(port, host, () => {
			const address = server.address();
			resolve({
				port: typeof address === 'object' && address !== null ? address.port : port,
				close: () =>
					new Promise((closed) => {
						server.close(() => closed());
						for (const socket of open) socket.destroy();
					})
			});
		});
	});
}

export type DialFailure =
	| { readonly type: 'DeviceUnreachable'; readonly what: string }
	/** Somebody else answers there. */
	| { readonly type: 'DeviceOther'; readonly deviceKey: Uint8Array | null };

export type TlsAddress = {
	readonly host: string;
	readonly port: number;
	/** Null: whoever answers, who is then to be found out over the link. */
	readonly deviceKey: Uint8Array | null;
};

/** A link to the device with that key, or to none; to any device where no key is named. Rejects with the reason of `signal`. */
export function dialTls(
	device: DeviceCertificate,
	{ host, port, deviceKey }: TlsAddress,
	signal: AbortSignal
): Promise<Result<Link, DialFailure>> {
	signal.throwIfAborted();
	return new Promise((resolve, reject) => {
		const socket = connect({ ...common(device), host, port });
		const dialling = new AbortController();
		const settle = (result: Result<Link, DialFailure>) => {
			dialling.abort();
			if (!result.ok) socket.destroy();
			resolve(result);
		};
		const fail = (what: string) => settle(err({ type: 'DeviceUnreachable', what }));
		const timer = setTimeout(() => fail('nobody answers'), handshakeMs);
		const onAbort = () => {
			dialling.abort();
			socket.destroy();
			reject(signal.reason);
		};
		const onError = (error: Error) => fail(error.message);
		const onClose = () => fail('the connection broke');
		const onSecure = () => {
			const key = keyOfOther(socket);
			const isTheirs = key !== null && (deviceKey === null || Buffer.compare(key, deviceKey) === 0);
			settle(isTheirs ? ok(new TlsLink(socket)) : err({ type: 'DeviceOther', deviceKey: key }));
		};
		signal.addEventListener('abort', onAbort, { once: true });
		socket.once('close', onClose).once('secureConnect', onSecure).on('error', onError);
		dialling.signal.addEventListener('abort', () => {
			clearTimeout(timer);
			signal.removeEventListener('abort', onAbort);
			socket.off('close', onClose).off('secureConnect', onSecure).off('error', onError);
			socket.on('error', () => undefined); // of a socket that is let go of nobody is told
		});
	});
}
