/** simple-peer 9.11.1, bundled for browsers by its makers. */
declare module 'simple-peer/simplepeer.min.js' {
	import type { SimplePeer } from './page/make-connection.ts';
	type Options = {
		readonly initiator: boolean;
		readonly objectMode: boolean;
		readonly config: RTCConfiguration;
		readonly wrtc: object;
	};
	const Peer: new (options: Options) => SimplePeer;
	export default Peer;
}
