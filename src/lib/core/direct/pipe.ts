import type { LinkEnd } from '#core/net';
import type { DirectServer, DirectSide } from './direct-port.ts';
import type { Signal } from './messages.ts';

/** What the core asks of whoever makes a connection for it, as a page does for its worker. */
export type ToMaker =
	| { readonly type: 'begin'; readonly side: DirectSide; readonly servers: readonly DirectServer[] }
	| { readonly type: 'signal'; readonly signal: Signal }
	| { readonly type: 'data'; readonly bytes: Uint8Array }
	/** Ends it after all that was sent. */
	| { readonly type: 'close'; readonly code: number }
	/** Gives it up at once. */
	| { readonly type: 'stop' };

/** What it is told. */
export type FromMaker =
	| { readonly type: 'signal'; readonly signal: Signal }
	/** The connection is there. */
	| { readonly type: 'open'; readonly own: Uint8Array; readonly theirs: Uint8Array }
	| { readonly type: 'data'; readonly bytes: Uint8Array }
	/** There is room for so many more. */
	| { readonly type: 'room'; readonly bytes: number }
	/** The last word. */
	| { readonly type: 'end'; readonly end: LinkEnd };

/** One end of the way between the two. What comes before `hear` is held. */
export type Pipe<In, Out> = {
	hear(onMessage: (message: In) => void): void;
	post(message: Out): void;
	close(): void;
};
