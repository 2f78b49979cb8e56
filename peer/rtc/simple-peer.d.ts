/** simple-peer 9.11.1. */
declare module 'simple-peer' {
	import type { SimplePeer } from '#core/direct';
	type Options = { readonly initiator: boolean; readonly objectMode: boolean; readonly wrtc: object };
	const Peer: new (options: Options) => SimplePeer;
	export default Peer;
}
