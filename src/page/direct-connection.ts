import SimplePeerOfPackage from 'simple-peer/simplepeer.min.js';
import { makeConnection, type PeerMaker, type SimplePeer } from '#core/direct';
import { portPipe } from './port-pipe.ts';

/** What of a page makes connections, as simple-peer wants it; with `onMade` called for each. */
function webRtc(onMade: (connection: RTCPeerConnection) => void) {
	class Told extends RTCPeerConnection {
		constructor(configuration?: RTCConfiguration) {
			super(configuration);
			onMade(this);
		}
	}
	return { RTCPeerConnection: Told, RTCSessionDescription, RTCIceCandidate };
}

async function shownOn(connection: RTCPeerConnection | undefined): Promise<Uint8Array | null> {
	const [certificate] = connection?.sctp?.transport.getRemoteCertificates() ?? [];
	return certificate === undefined ? null : new Uint8Array(await crypto.subtle.digest('SHA-256', certificate));
}

/** Connections by the browser's own WebRTC, which simple-peer drives. */
function pageMaker(): PeerMaker {
	const made: { connection?: RTCPeerConnection } = {};
	return {
		make: (side, servers): SimplePeer =>
			new SimplePeerOfPackage({
				initiator: side === 'offers',
				objectMode: true,
				config: { iceServers: [...servers] },
				wrtc: webRtc((connection) => (made.connection = connection))
			}),
		shown: () => shownOn(made.connection),
		after: (delayMs, run) => void setTimeout(run, delayMs)
	};
}

/** Makes one connection to another device for this page's worker, which can make none by itself. */
export function serveConnection(port: MessagePort): void {
	makeConnection(portPipe(port), pageMaker());
}
