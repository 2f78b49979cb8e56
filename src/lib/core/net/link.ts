/** How a link ended. A code is one of `closeCodes`, or an application's own from 0x100 on. */
export type LinkEnd =
	/** On purpose, by this side or the other, which told. */
	| { readonly type: 'LinkClosed'; readonly by: 'us' | 'them'; readonly code: number }
	/** The carrier broke, or nothing came for too long: what was under way may or may not have come over. */
	| { readonly type: 'LinkLost'; readonly what: string };

/** By what way a link goes. */
export type LinkWay =
	/** From device to device. */
	| { readonly type: 'direct' }
	/** Through the relay of that URL. */
	| { readonly type: 'relayed'; readonly relay: string };

export const directWay: LinkWay = { type: 'direct' };

/** What a link tells; each call ends before the next begins. */
export type LinkReceiver = {
	/** A whole message, in the order of sending. Its bytes belong to the receiver from now on. */
	readonly onMessage: (message: Uint8Array) => void;
	/** After `send` has said no: there is room again. */
	readonly onReady: () => void;
	/** The last call, once, whoever ended it: what came before has been told by then. */
	readonly onEnd: (end: LinkEnd) => void;
};

/**
 * An ordered, reliable way of whole messages to one other device, whatever carries them: a WebSocket, a data channel, a
 * relay, a TLS socket, the simulator, or another link with a secure channel upon it. It has no timers of its own.
 */
export type Link = {
	/** Of the carrier; both sides may have their own. A longer message is a defect. */
	readonly messageBytesMax: number;
	/** To be called once; what has come until then is told now. To send it need not be started. */
	start(receiver: LinkReceiver): void;
	/**
	 * Takes a copy of `message`. False: it is the last one that fits until `onReady`, and to send before that is a defect.
	 * After the end messages go nowhere.
	 */
	send(message: Uint8Array): boolean;
	/**
	 * Ends it with a code below 2^31: here at once, telling `onEnd` before it returns; there after all that was
	 * sent. Again, it does nothing.
	 */
	close(code: number): void;
};

/** Why links are closed: the transport error codes of RFC 9000, section 20.1, as far as they mean the same here. */
export const closeCodes = {
	none: 0x00,
	internal: 0x01,
	/** Who is there has proved who it is, and is not welcome. */
	refused: 0x02,
	flowControl: 0x03,
	streamLimit: 0x04,
	streamState: 0x05,
	finalSize: 0x06,
	frameEncoding: 0x07,
	settings: 0x08,
	protocol: 0x0a,
	/** Called off before it was done. */
	cancelled: 0x0c,
	version: 0x11,
	/** What came was not the next message of a handshake of the one who should be there. */
	handshake: 0x12,
	/** What came was not the next sealed message of the other side. */
	seal: 0x13
} as const;
