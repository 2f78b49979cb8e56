import type { SmallEnd, DiskPlace, SmallFiles } from '#core/ports';
import { packTasks, unpackAnswer, type CopyRequest, type SmallTask } from './copy-message.ts';
import { createCopyRoom, doRequest, smallBytesMax, type CopyRoom } from './copy-small.ts';
import { CopyThreads } from './copy-threads.ts';
import { checkRoot, checkSegments } from './disk-path.ts';
import { createTurns } from './turns.ts';

/** Files of one list, and their bytes: some milliseconds of work. */
const listFilesMax = 64;
const listBytesMax = 4 * 1024 * 1024;
/** Lists from which on threads that have to be started first are worth it. */
const listsHereMax = 6;

function check({ from, copy }: SmallTask): void {
	checkRoot(from.root);
	checkSegments(from.path);
	if (copy === null) return;
	checkRoot(copy.to.root);
	// The last one is a new name, which is refused in other words.
	checkSegments(copy.to.path.slice(0, -1));
}

function inLists(tasks: readonly SmallTask[]): readonly (readonly SmallTask[])[] {
	const lists: SmallTask[][] = [];
	let [list, bytes] = [Array<SmallTask>(), 0];
	for (const task of tasks) {
		if (list.length === 0) lists.push(list);
		list.push(task);
		bytes += task.copy?.expected.sizeBytes ?? 0;
		if (list.length >= listFilesMax || bytes >= listBytesMax) [list, bytes] = [[], 0];
	}
	return lists;
}

/** Small files of a real disk: few here, many in threads. */
export function createSmallFiles(): SmallFiles {
	const threads = new CopyThreads();
	const due = createTurns();
	let room: CopyRoom | null = null;
	let asked = 0;

	async function run(tasks: readonly SmallTask[], signal: AbortSignal): Promise<readonly SmallEnd[]> {
		tasks.forEach(check);
		signal.throwIfAborted();
		const lists = inLists(tasks);
		const [places, ends] = [new Map<number, number>(), Array<readonly SmallEnd[]>(lists.length)];
		let taken = 0;
		const next = (): CopyRequest | null => {
			const list = signal.aborted ? undefined : lists[taken];
			if (list === undefined) return null;
			places.set(++asked, taken++);
			return { id: asked, orders: packTasks(list) };
		};
		const answered = (answer: ReturnType<typeof doRequest>) => {
			ends[places.get(answer.id) ?? 0] = unpackAnswer(answer);
		};
		const isMuch = lists.length > (threads.areUp ? 1 : listsHereMax);
		const beside = isMuch ? threads.work(next, answered) : null;
		// A thread takes as long to start as hundreds of files.
		const here = async () => {
			while (!isMuch || !threads.areUp) {
				const request = next();
				if (request === null) break;
				room ??= createCopyRoom();
				answered(doRequest(room, request));
				await due();
			}
		};
		const [first, second] = await Promise.allSettled([here(), beside]);
		for (const end of [first, second]) if (end.status === 'rejected') throw end.reason;
		signal.throwIfAborted();
		return ends.flat();
	}

	return {
		sizeBytesMax: smallBytesMax,
		copy: (wanted, signal) =>
			run(
				wanted.map(({ from, expected, to }) => ({ from, copy: { expected, to } })),
				signal
			),
		hash: (places: readonly DiskPlace[], signal) =>
			run(
				places.map((from) => ({ from, copy: null })),
				signal
			)
	};
}
