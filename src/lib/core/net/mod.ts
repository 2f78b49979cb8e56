/**
 * net: links to other devices, and many streams over one link.
 *
 * Guarantees: whatever carries it, a link is ordered and reliable until its end, and its end is told once. A stream is
 * whole and in order, and stops at its window while others pass. What the other side sends costs bounded memory and
 * time; where it breaks a rule of the framing the link is closed with a code, and nothing else happens. A secured link
 * leads to who has proved its key; nobody on the way reads what it carries, and whatever is changed, repeated, swapped
 * or left out there ends it.
 */
export { ChannelLink, channelLowBytes, type DataChannel } from './channel-link.ts';
export { linkToDevice, type DeviceLink, type DeviceLinkOptions } from './device-link.ts';
export {
	channelBinding,
	directAnswer,
	parseFingerprint,
	printFingerprint,
	readDescribedEnd,
	readDirectCall,
	type DescribedEnd,
	type DirectCaller,
	type UdpPlace
} from './direct-dial.ts';
export { closeCodes, directWay, type Link, type LinkEnd, type LinkReceiver, type LinkWay } from './link.ts';
export { createMux, muxSettings, type Mux, type MuxOptions, type MuxSettings } from './mux.ts';
export { createMessages, type MessageFailure, type Messages } from './messages.ts';
export { framesPerMessageMax, frameToBytes, readFrame, type Frame, type FrameWrong, type Priority } from './frames.ts';
export { secureLink, type SecuredLink, type SecureFailure, type SecureOptions } from './secure-link.ts';
export type { SecurePattern, SecureSide } from './handshake-talk.ts';
export type { Stream, StreamFailure } from './stream.ts';
export { VarintReader } from './varint.ts';
