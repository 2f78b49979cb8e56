import { Worker } from 'node:worker_threads';
import { err, ok, type Result } from '#core/kernel';
import type { DiskPage, FilesFailure, RootRef } from '#core/ports';
import { unpack, weightOf, type ListedPage, type ListingAnswer, type ListingOrder } from './listing-message.ts';

/** The thread ends when nothing was listed for so long. */
const idleMsMax = 2_000;
/** What was taken is told with the next order, or alone when it is so much. */
const takenMax = 2_000;
/** MiB of young objects that the thread collects at a time: left to itself it takes ten times as much. */
const youngMib = 8;

type Listed = Result<DiskPage, FilesFailure>;
type Listing = { received: ListedPage[]; wake: (() => void) | null; isOver: boolean };
type Order = { begin: ListingOrder['begin'][number][]; more: number[]; end: number[]; taken: number };

function emptyOrder(): Order {
	return { begin: [], more: [], end: [], taken: 0 };
}

/** The program's file beside the bundle, or its source in a checkout. */
function programUrl(): URL {
	const isSource = import.meta.url.endsWith('.ts');
	return new URL(isSource ? './lister.worker.ts' : './lister.worker.js', import.meta.url);
}

/** One thread and what it was asked for. */
class Thread {
	readonly #worker: Worker;
	readonly #listings = new Map<number, Listing>();
	#order = emptyOrder();
	#isDue = false;
	#last = 0;
	#idle: NodeJS.Timeout | null = null;
	#failure: Error | null = null;

	readonly #onEnd: () => void;

	constructor(program: URL, onEnd: () => void) {
		this.#worker = new Worker(program, { resourceLimits: { maxYoungGenerationSizeMb: youngMib } });
		this.#onEnd = onEnd;
		const fail = (error: Error) => {
			this.#failure ??= error;
			onEnd();
			for (const listing of this.#listings.values()) listing.wake?.();
		};
		this.#worker.on('message', (answer: ListingAnswer) => this.#receive(answer));
		this.#worker.on('error', fail);
		this.#worker.on('exit', () => fail(new Error('the thread that lists folders has ended')));
		// It holds up the process only while something waits for it.
		this.#worker.unref();
	}

	async *list(root: RootRef, path: readonly string[], signal: AbortSignal): AsyncGenerator<Listed> {
		signal.throwIfAborted();
		const id = ++this.#last;
		const listing: Listing = { received: [], wake: null, isOver: false };
		this.#begin(id, listing);
		this.#order.begin.push({ id, root, path });
		this.#send();
		try {
			for (;;) {
				const { isLast, page, failure } = await this.#next(listing);
				signal.throwIfAborted();
				if (failure !== null) yield err(failure);
				else if (page.entries.length + page.skipped.length > 0) yield ok(page);
				if (isLast) return;
				// Not before it is wanted: a page that nobody takes would keep others from coming.
				this.#order.more.push(id);
				this.#send();
			}
		} finally {
			this.#end(id, listing);
		}
	}

	async #next(listing: Listing): Promise<ListedPage> {
		if (listing.received.length === 0 && this.#failure === null)
			await new Promise<void>((resolve) => (listing.wake = resolve));
		listing.wake = null;
		const page = listing.received.shift();
		if (page !== undefined) {
			this.#take(page);
			return page;
		}
		throw this.#failure ?? new Error('a listing went on without a page');
	}

	#receive(answer: ListingAnswer): void {
		for (const page of unpack(answer)) {
			const listing = this.#listings.get(page.id);
			// Whoever wanted it has gone.
			if (listing === undefined) {
				this.#take(page);
				continue;
			}
			listing.isOver = page.isLast;
			listing.received.push(page);
			listing.wake?.();
		}
	}

	#begin(id: number, listing: Listing): void {
		if (this.#idle !== null) clearTimeout(this.#idle);
		this.#idle = null;
		if (this.#listings.size === 0) this.#worker.ref();
		this.#listings.set(id, listing);
	}

	#end(id: number, listing: Listing): void {
		for (const page of listing.received) this.#take(page);
		this.#listings.delete(id);
		if (!listing.isOver) {
			this.#order.end.push(id);
			this.#send();
		}
		if (this.#listings.size > 0) return;
		this.#worker.unref();
		this.#idle = setTimeout(() => this.#stop(), idleMsMax).unref();
	}

	#stop(): void {
		this.#onEnd();
		void this.#worker.terminate();
	}

	#take(page: ListedPage): void {
		this.#order.taken += weightOf(page);
		if (this.#order.taken >= takenMax) this.#send();
	}

	/** Sends all that comes up in this turn as one order. */
	#send(): void {
		if (this.#isDue) return;
		this.#isDue = true;
		queueMicrotask(() => {
			this.#isDue = false;
			const order: ListingOrder = this.#order;
			this.#order = emptyOrder();
			this.#worker.postMessage(order);
		});
	}
}

/** Lists folders in a thread of its own, which is there while something is listed and shortly after. */
export type Lister = {
	/** As the port's `list`. A thread that dies is a defect: whoever waits for it is thrown its error. */
	list(root: RootRef, path: readonly string[], signal: AbortSignal): AsyncIterable<Listed>;
	isRunning(): boolean;
};

/** `program` is what the thread runs. */
export function createLister(program = programUrl()): Lister {
	let thread: Thread | null = null;
	const started = (): Thread => {
		const made: Thread = thread ?? new Thread(program, () => (thread = thread === made ? null : thread));
		thread = made;
		return made;
	};
	return {
		isRunning: () => thread !== null,
		list: (root, path, signal) => started().list(root, path, signal)
	};
}
