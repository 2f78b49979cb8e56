import SimplePeerOfPackage from 'simple-peer/simplepeer.min.js';
import { makeConnection, type PeerMaker, type SimplePeer } from './make-connection.ts';
import { portPipe } from './port-pipe.ts';

type Made = { connection?: RTCPeerConnection; channel?: RTCDataChannel };

/** What of a page makes connections, as simple-peer wants it; what it makes is kept in `made`. */
function webRtc(made: Made) {
	class Told extends RTCPeerConnection {
		constructor(configuration?: RTCConfiguration) {
			super(configuration);
			made.connection = this;
			this.addEventListener('datachannel', ({ channel }) => (made.channel = channel));
		}

		override createDataChannel(label: string, options?: RTCDataChannelInit): RTCDataChannel {
			return (made.channel = super.createDataChannel(label, options));
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
	const made: Made = {};
	return {
		make: (side, servers): SimplePeer =>
			new SimplePeerOfPackage({
				initiator: side === 'offers',
				objectMode: true,
				config: { iceServers: [...servers] },
				wrtc: webRtc(made)
			}),
		shown: () => shownOn(made.connection),
		channel: () => made.channel ?? null
	};
}

/** Makes one connection to another device for this page's worker, which can make none by itself. */
export function serveConnection(port: MessagePort): void {
	makeConnection(portPipe(port), pageMaker());
}
