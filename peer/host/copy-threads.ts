import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { CopyAnswer, CopyRequest } from './copy-message.ts';

/** The thread of the core waits meanwhile; more than four would only wait for one disk. */
const threadsMax = Math.min(4, availableParallelism());
/** Lists that a thread has: one to work at and one to go on with. */
const lists = [1, 2];
/** The threads end when nothing was asked for so long: a flush of what they wrote comes in between. */
const idleMsMax = 10_000;
/** MiB of young objects that a thread collects at a time: left to itself it takes ten times as much. */
const youngMib = 8;

type Waiting = { readonly resolve: (answer: CopyAnswer) => void; readonly reject: (reason: unknown) => void };

/** Beside this file, as the sources have it and as the build does. */
const program = new URL(import.meta.url.endsWith('.ts') ? './copy-worker.ts' : './copy-worker.js', import.meta.url);

class Thread {
	readonly #worker = new Worker(program, { resourceLimits: { maxYoungGenerationSizeMb: youngMib } });
	readonly #waiting = new Map<number, Waiting>();
	readonly #onEnd: () => void;
	/** Whether it has answered, which it does some time after its start. */
	isUp = false;

	constructor(onEnd: () => void) {
		this.#onEnd = onEnd;
		this.#worker.on('message', (answer: CopyAnswer) => {
			this.isUp = true;
			const waiting = this.#waiting.get(answer.id);
			this.#waiting.delete(answer.id);
			if (this.#waiting.size === 0) this.#worker.unref();
			waiting?.resolve(answer);
		});
		this.#worker.on('error', (cause) => this.#fail(new Error('a thread that copies files has failed', { cause })));
		this.#worker.on('exit', () => this.#fail(new Error('a thread that copies files has ended')));
		this.#worker.unref();
	}

	ask(request: CopyRequest): Promise<CopyAnswer> {
		return new Promise((resolve, reject) => {
			this.#waiting.set(request.id, { resolve, reject });
			// It holds up the process only while something waits for it.
			this.#worker.ref();
			this.#worker.postMessage(request);
		});
	}

	end(): void {
		void this.#worker.terminate();
	}

	#fail(reason: Error): void {
		this.#onEnd();
		for (const { reject } of this.#waiting.values()) reject(reason);
		this.#waiting.clear();
	}
}

/** Threads that copy small files; they are there while something is copied and shortly after. */
export class CopyThreads {
	#threads: Thread[] = [];
	#users = 0;
	#idle: NodeJS.Timeout | null = null;

	get areUp(): boolean {
		return this.#threads.some(({ isUp }) => isUp);
	}

	/** Takes requests from `next` until that gives none; returns once all are answered, whatever has failed. */
	async work(next: () => CopyRequest | null, answered: (answer: CopyAnswer) => void): Promise<void> {
		this.#begin();
		const lane = async (thread: Thread) => {
			for (let request = next(); request !== null; request = next()) answered(await thread.ask(request));
		};
		const ends = await Promise.allSettled(this.#threads.flatMap((thread) => lists.map(() => lane(thread))));
		this.#end();
		for (const end of ends) if (end.status === 'rejected') throw end.reason;
	}

	#begin(): void {
		if (this.#idle !== null) clearTimeout(this.#idle);
		this.#idle = null;
		this.#users++;
		while (this.#threads.length < threadsMax) {
			const thread: Thread = new Thread(() => (this.#threads = this.#threads.filter((one) => one !== thread)));
			this.#threads.push(thread);
		}
	}

	#end(): void {
		this.#users--;
		if (this.#users > 0) return;
		this.#idle = setTimeout(() => {
			for (const thread of this.#threads.splice(0)) thread.end();
		}, idleMsMax).unref();
	}
}
