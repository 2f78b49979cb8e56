import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { invariant } from '#core/kernel';
import type { FileHasher, HashWish, RootRef } from '#core/ports';
import { checkRoot, checkSegments } from './disk-path.ts';
import { packWishes, unpackAnswer, type HashAnswer } from './hash-message.ts';

/** The thread of the core has work of its own meanwhile; more than four would only wait for one disk. */
const threadsMax = Math.max(1, Math.min(4, availableParallelism() - 1));
/** As the port says. */
const spansBytesMax = 1024 * 1024;

type Outcomes = Awaited<ReturnType<FileHasher['hash']>>;
type Waiting = { readonly resolve: (found: Outcomes) => void; readonly reject: (reason: unknown) => void };
type Thread = { readonly worker: Worker; readonly waiting: Map<number, Waiting> };

/** Beside this file, as the sources have it and as the build does. */
const program = new URL(import.meta.url.endsWith('.ts') ? './hash-worker.ts' : './hash-worker.js', import.meta.url);

function check({ path, spans }: HashWish): void {
	checkSegments(path);
	const bytes = spans.reduce((sum, { length }) => sum + length, 0);
	invariant(bytes <= spansBytesMax, 'the spans of a file are 1 MiB at most');
}

/** Hashes files of `root` in threads that are started with the first of them and end with `close`. */
export function createHasher(root: RootRef, signal: AbortSignal): FileHasher {
	checkRoot(root);
	const threads: Thread[] = [];
	let ended: { readonly reason: unknown } | null = null;
	let asked = 0;

	const end = (reason: unknown) => {
		ended ??= { reason };
		for (const { waiting } of threads) {
			for (const { reject } of waiting.values()) reject(ended.reason);
			waiting.clear();
		}
	};
	const onAbort = () => end(signal.reason);

	const start = (): Thread => {
		const thread: Thread = { worker: new Worker(program), waiting: new Map() };
		thread.worker.on('message', (answer: HashAnswer) => {
			thread.waiting.get(answer.id)?.resolve(unpackAnswer(answer));
			thread.waiting.delete(answer.id);
		});
		// One thread that has ended is the end of all: what it was asked would never be answered.
		thread.worker.on('error', (cause) => end(new Error('a thread that reads files has failed', { cause })));
		thread.worker.on('exit', () => end(new Error('a thread that reads files has ended')));
		return thread;
	};

	return {
		async hash(files) {
			files.forEach(check);
			signal.throwIfAborted();
			if (ended !== null) throw ended.reason;
			if (threads.length === 0) {
				signal.addEventListener('abort', onAbort);
				threads.push(...Array.from({ length: threadsMax }, start));
			}
			const [thread] = threads.toSorted((a, b) => a.waiting.size - b.waiting.size);
			invariant(thread !== undefined, 'there is a thread');
			const request = packWishes(++asked, root, files);
			return new Promise<Outcomes>((resolve, reject) => {
				thread.waiting.set(request.id, { resolve, reject });
				thread.worker.postMessage(request, [request.numbers.buffer]);
			});
		},
		async close() {
			signal.removeEventListener('abort', onAbort);
			end(new Error('the hasher was closed'));
			await Promise.all(threads.map(({ worker }) => worker.terminate()));
		}
	};
}
