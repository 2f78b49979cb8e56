/** Direct dials without links and without a process of their own: what the library of WebRTC does by itself. */
import nodeDatachannel, { type DataChannel, type PeerConnection } from 'node-datachannel';
import { directAnswer, readDescribedEnd, readDirectCall } from '#core/net';
import type { DirectCertificate } from '../../../peer/host/direct-certificate.ts';
import type { DirectPlace } from '../../../peer/rtc/web-rtc.ts';

/** What nobody holds the library frees. */
const held: unknown[] = [];
const sctp = {
	recvBufferSize: 4 << 20,
	sendBufferSize: 4 << 20,
	maxChunksOnQueue: 65_536,
	initialCongestionWindow: 32
};
const bufferBytesMax = 1_048_576;

export function listenBare(
	{ host, port }: { readonly host: string; readonly port: number },
	{ certificate, privateKey }: DirectCertificate,
	onChannel: (channel: DataChannel) => void
): void {
	nodeDatachannel.setSctpSettings(sctp);
	const listener = new nodeDatachannel.IceUdpMuxListener(port, host);
	const known = new Set<string>();
	held.push(listener);
	listener.onUnhandledStunRequest(({ ufrag, localUfrag, ...from }) => {
		const call = readDirectCall({ ...from, theirs: ufrag, ours: localUfrag });
		if (call === null || known.has(call.user)) return;
		known.add(call.user);
		const connection = new nodeDatachannel.PeerConnection('', {
			iceServers: [],
			disableFingerprintVerification: true,
			disableAutoNegotiation: true,
			enableIceUdpMux: true,
			portRangeBegin: port,
			portRangeEnd: port,
			bindAddress: host,
			certificatePemFile: certificate,
			keyPemFile: privateKey,
			maxMessageSize: 262_144
		});
		const channel = connection.createDataChannel('', { negotiated: true, id: 0 });
		held.push(connection, channel);
		onChannel(channel);
		connection.setRemoteDescription(call.offer, 'offer');
		connection.setLocalDescription('answer', { iceUfrag: call.user, icePwd: call.password });
	});
}

export type BareDialled = { readonly connection: PeerConnection; readonly channel: DataChannel };

export async function dialBare({ fingerprint, ...place }: DirectPlace): Promise<BareDialled> {
	nodeDatachannel.setSctpSettings(sctp);
	const connection = new nodeDatachannel.PeerConnection('', { iceServers: [], disableAutoNegotiation: true });
	const channel = connection.createDataChannel('', { negotiated: true, id: 0 });
	held.push(connection, channel);
	const opened = new Promise<void>((resolve) => channel.onOpen(resolve));
	connection.setLocalDescription('offer');
	const own = readDescribedEnd(connection.localDescription()?.sdp ?? '');
	if (own === null) throw new Error('an offer has a password');
	connection.setRemoteDescription(directAnswer(place, fingerprint, own.password), 'answer');
	await opened;
	return { connection, channel };
}

/** Sends `piece` so often, with as much on its way as a link has. */
export async function sendBare(channel: DataChannel, piece: Uint8Array, times: number): Promise<void> {
	let wake: () => void = () => undefined;
	channel.setBufferedAmountLowThreshold(bufferBytesMax / 2);
	channel.onBufferedAmountLow(() => wake());
	for (let sent = 0; sent < times; sent++) {
		channel.sendMessageBinary(piece);
		if (channel.bufferedAmount() >= bufferBytesMax) await new Promise<void>((resolve) => (wake = resolve));
	}
}
