import nodeDatachannel from 'node-datachannel';
import type { DirectServer, Signal } from '#core/direct';
import { HeldChannel, type ProcessPipe } from './held-channel.ts';
import type { PeerSays } from './pipe.ts';

/** `turn:<user>:<password>@<host>`: the library reads both as they stand in an address. */
function printServer({ urls, username, credential }: DirectServer): string {
	if (username === undefined || credential === undefined) return urls;
	const [, scheme = '', rest = ''] = /^(\w+:)(.*)$/.exec(urls) ?? [];
	return `${scheme}${encodeURIComponent(username)}:${encodeURIComponent(credential)}@${rest}`;
}

/**
 * A connection whose two ends tell each other by way of the peer where they are. Says `open` or `failed` of it, and before
 * that what the other side is to be told.
 */
export class SignalledCall {
	readonly channel: HeldChannel;
	readonly #id: number;
	readonly #pipe: ProcessPipe;
	readonly #connection: InstanceType<typeof nodeDatachannel.PeerConnection>;
	/** Candidates of this side that cannot be told yet; null once they can. */
	#held: Signal[] | null = [];
	#isDescribed = false;
	/** The other side's description has been taken. */
	#isKnown = false;

	constructor(
		{ id, side, servers }: Extract<PeerSays, { readonly type: 'connect' }>,
		pipe: ProcessPipe,
		onOver: () => void
	) {
		this.#id = id;
		this.#pipe = pipe;
		const connection = new nodeDatachannel.PeerConnection('', { iceServers: servers.map(printServer) });
		this.#connection = connection;
		const channel = new HeldChannel(id, pipe, connection, (what) => {
			onOver();
			pipe.say(channel.isOpen ? { type: 'closed', id, what } : { type: 'failed', id, why: 'broken' });
		});
		this.channel = channel;
		connection.onStateChange((state) => {
			if (state === 'failed' || state === 'closed') channel.lost('the connection broke');
		});
		connection.onLocalDescription((sdp, kind) => this.#describe(sdp, kind));
		connection.onLocalCandidate((line, mid) =>
			this.#tell({ kind: 'candidate', candidate: line.replace(/^a=/, ''), mid })
		);
		channel.onOpen(() => {
			const fingerprints = channel.fingerprints();
			if (fingerprints === null) channel.drop('no certificate was shown');
			else pipe.say({ type: 'open', id, ...fingerprints });
		});
		if (side === 'offers') channel.use(connection.createDataChannel(''));
		else connection.onDataChannel((made) => channel.use(made));
	}

	/** The other side's next word. */
	take(signal: Signal): void {
		try {
			if (signal.kind === 'candidate') return this.#connection.addRemoteCandidate(signal.candidate, signal.mid);
			this.#connection.setRemoteDescription(signal.sdp, signal.kind);
			this.#isKnown = true;
			this.#tellHeld();
		} catch {
			// A candidate that cannot be read is one way less; without a description there is none.
			if (signal.kind !== 'candidate') this.channel.drop('the other side cannot be understood');
		}
	}

	#describe(sdp: string, kind: string): void {
		if (this.#isDescribed || (kind !== 'offer' && kind !== 'answer')) return;
		this.#isDescribed = true;
		this.#say({ kind, sdp });
		this.#tellHeld();
	}

	#tell(candidate: Signal): void {
		if (this.#held === null) this.#say(candidate);
		else this.#held.push(candidate);
	}

	/**
	 * Candidates go behind the description that they are of, though the library may name them before. They wait for the other
	 * side's as well: the library begins ICE with a description before it has kept it, and where both sides knew the way by
	 * then, DTLS can be done before it knows which certificate to look for.
	 */
	#tellHeld(): void {
		if (!this.#isDescribed || !this.#isKnown || this.#held === null) return;
		const held = this.#held;
		this.#held = null;
		for (const candidate of held) this.#say(candidate);
	}

	#say(signal: Signal): void {
		this.#pipe.say({ type: 'signal', id: this.#id, signal });
	}
}
