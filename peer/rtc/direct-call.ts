import nodeDatachannel from 'node-datachannel';
import { directAnswer, parseFingerprint, readDescribedEnd } from '#core/net';
import { directChannel, HeldChannel, type ProcessPipe } from './held-channel.ts';
import type { DialWhy, PeerSays } from './pipe.ts';

/** Two ways there and back and the handshake of DTLS, from anywhere. */
const dialMs = 10_000;

/**
 * The library begins ICE with a description before it has kept it: with the candidate in it, DTLS could be done before it
 * knows which certificate to look for.
 */
function withoutCandidate(answer: string): { readonly description: string; readonly candidate: string } {
	const [line = '', candidate = ''] = /^a=(candidate:.*)\r\n/m.exec(answer) ?? [];
	return { description: answer.replace(line, ''), candidate };
}

/** A channel to a UDP port whose certificate is known; says `open` or `failed` of it. */
export function callDirectly(
	{ id, host, port, fingerprint }: Extract<PeerSays, { readonly type: 'dial' }>,
	pipe: ProcessPipe,
	onOver: () => void
): HeldChannel | null {
	const wanted = parseFingerprint(fingerprint);
	const connection = new nodeDatachannel.PeerConnection('', { iceServers: [], disableAutoNegotiation: true });
	let isReached = false;
	let why: DialWhy = 'broken';
	const channel = new HeldChannel(id, pipe, connection, (what) => {
		onOver();
		pipe.say(channel.isOpen ? { type: 'closed', id, what } : { type: 'failed', id, why });
	});
	channel.use(connection.createDataChannel('', directChannel));
	const fail = (because: DialWhy) => {
		why = because;
		channel.drop('failed');
	};
	connection.onIceStateChange((state) => {
		if (state === 'connected' || state === 'completed') isReached = true;
	});
	connection.onStateChange((state) => {
		// Once packets go both ways, only the certificate can be wrong.
		if (state !== 'failed' && state !== 'closed') return;
		if (channel.isOpen) channel.lost('the connection broke');
		else fail(state === 'closed' ? 'broken' : isReached ? 'other' : 'silent');
	});
	setTimeout(() => channel.isOpen || fail('silent'), dialMs).unref();
	channel.onOpen(() => {
		const fingerprints = channel.fingerprints();
		if (fingerprints === null) fail('other');
		else pipe.say({ type: 'open', id, ...fingerprints });
	});
	connection.setLocalDescription('offer');
	const own = readDescribedEnd(connection.localDescription()?.sdp ?? '');
	if (own === null || wanted === null) {
		fail('broken');
		return null;
	}
	const { description, candidate } = withoutCandidate(directAnswer({ host, port }, wanted, own.password));
	connection.setRemoteDescription(description, 'answer');
	connection.addRemoteCandidate(candidate, '0');
	return channel;
}
