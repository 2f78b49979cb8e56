import { spawn, type ChildProcess } from 'node:child_process';
import { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { Signal } from '#core/direct';
import { Pipe, type DialWhy, type Fingerprints, type PeerSays, type ProcessSays } from './pipe.ts';
import { RtcChannel } from './rtc-channel.ts';

/** The program's file beside the bundle, or its source in a checkout. */
function programFile(): string {
	const isSource = import.meta.url.endsWith('.ts');
	return fileURLToPath(new URL(isSource ? './rtc-process.ts' : './rtc-process.js', import.meta.url));
}

/** What is told of a number that something was asked for under. */
export type Asked = {
	readonly onListening?: (what: string | null) => void;
	readonly onCame?: (channel: RtcChannel, id: number, came: Fingerprints & { readonly host: string }) => void;
	/** What the other side is to be told. */
	readonly onSignal?: (signal: Signal) => void;
	readonly onOpen?: (channel: RtcChannel, fingerprints: Fingerprints) => void;
	readonly onFailed: (why: DialWhy) => void;
};

/** One process of WebRTC, from its start to its end. */
export class RtcChild {
	readonly #child: ChildProcess;
	readonly #socket: Socket;
	readonly #pipe: Pipe<PeerSays, ProcessSays>;
	readonly #channels = new Map<number, RtcChannel>();
	readonly #asked = new Map<number, Asked>();
	#lastId = 0;
	#isOver = false;

	/** `onEnd` is called once, after all links of it were told their end. */
	constructor(onEnd: () => void) {
		this.#child = spawn(process.execPath, [programFile()], { stdio: ['ignore', 'ignore', 'inherit', 'pipe'] });
		const end = () => {
			if (this.#isOver) return;
			this.#isOver = true;
			this.#child.kill('SIGKILL');
			for (const channel of this.#channels.values()) channel.closed('the connection broke');
			for (const { onFailed } of this.#asked.values()) onFailed('broken');
			this.#channels.clear();
			this.#asked.clear();
			onEnd();
		};
		this.#child.once('error', end).once('exit', end);
		const socket = this.#child.stdio[3];
		this.#socket = socket instanceof Socket ? socket : new Socket();
		this.#pipe = new Pipe(this.#socket, false, {
			onSaid: (said) => this.#hear(said),
			onBytes: (id, bytes) => this.#channels.get(id)?.take(bytes),
			onEnd: end
		});
		this.#socket.on('data', (chunk: Buffer) => this.#pipe.take(chunk));
		this.#hold();
	}

	get pid(): number | undefined {
		return this.#child.pid;
	}

	/** Nothing was asked for that still goes on. */
	get isIdle(): boolean {
		return this.#channels.size === 0 && this.#asked.size === 0;
	}

	/** Asks for something under a number of its own; whether it is still asked for is `asked`'s to know. */
	ask(asked: Asked, say: (id: number) => PeerSays): number {
		const id = (this.#lastId += 2);
		if (this.#isOver) asked.onFailed('broken');
		else {
			this.#asked.set(id, asked);
			this.#hold();
			this.#pipe.say(say(id));
		}
		return id;
	}

	say(said: PeerSays): void {
		this.#pipe.say(said);
	}

	/** Nothing more is told of what was asked for under that number. */
	forget(id: number): void {
		this.#asked.delete(id);
		this.#hold();
	}

	close(): void {
		this.#pipe.close();
	}

	/** It keeps the peer from ending only while something of it goes on. */
	#hold(): void {
		for (const one of [this.#child, this.#socket])
			if (this.isIdle) one.unref();
			else one.ref();
	}

	#add(id: number): RtcChannel {
		const channel = new RtcChannel(id, this.#pipe);
		this.#channels.set(id, channel);
		this.#hold();
		return channel;
	}

	#hear(said: ProcessSays): void {
		const { id } = said;
		const asked = this.#asked.get(said.type === 'came' ? said.listener : id);
		switch (said.type) {
			case 'listening':
				return asked?.onListening?.(null);
			case 'not-listening':
				this.forget(id);
				return asked?.onListening?.(said.what);
			case 'came':
				if (asked?.onCame === undefined) return this.#pipe.say({ type: 'drop', id });
				return asked.onCame(this.#add(id), id, said);
			case 'open':
				this.forget(id);
				if (asked?.onOpen === undefined) return this.#pipe.say({ type: 'drop', id });
				return asked.onOpen(this.#add(id), said);
			case 'failed':
				this.forget(id);
				return asked?.onFailed(said.why);
			case 'text':
				return this.#channels.get(id)?.take(said.text);
			case 'took':
				return this.#channels.get(id)?.left(said.bytes);
			case 'signal':
				return asked?.onSignal?.(said.signal);
			case 'closed': {
				const channel = this.#channels.get(id);
				this.#channels.delete(id);
				this.#hold();
				return channel?.closed(said.what);
			}
		}
	}
}
