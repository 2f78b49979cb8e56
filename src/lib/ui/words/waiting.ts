/** What was changed here and other devices do not have yet, in words. */
import type { WaitingChanges } from '#core';
import { countWords, plural } from './values.ts';

/** The core counts no further. */
const countedMax = 10_000;
/** Who was not seen for longer is not spoken of in the frame: its card tells. */
const recentMs = 30 * 24 * 60 * 60 * 1000;

function atMost(count: number, words: (count: number) => string): string {
	return count < countedMax ? words(count) : `more than ${words(countedMax)}`;
}

/** `3 tags, notes or marks and 12 files`; null where nothing waits. */
export function waitingWords({ said, files }: WaitingChanges): string | null {
	const parts = [
		...(said === 0
			? []
			: [atMost(said, (count) => plural(count, 'change of tags, notes or marks', 'changes of tags, notes or marks'))]),
		...(files === null || files === 0 ? [] : [atMost(files, (count) => plural(count, 'file'))])
	];
	return parts.length === 0 ? null : parts.join(' and ');
}

export type OtherDevice = {
	readonly name: string;
	readonly seenMs: number | null;
	readonly isConnected: boolean;
	readonly waiting: WaitingChanges;
};

export type FrameState = {
	/** No other device is linked. */
	readonly isOffline: boolean;
	/** Changes that wait: for all devices where it is offline, else for those that are away. */
	readonly changes: number;
	readonly text: string;
};

/** What a device has is a beginning of what there is: what the least of them lacks nobody has. */
function least(others: readonly OtherDevice[]): number {
	const said = Math.min(...others.map(({ waiting }) => waiting.said));
	const files = others.flatMap(({ waiting }) => waiting.files ?? []);
	return said + (files.length === 0 ? 0 : Math.min(...files));
}

function changesWords(count: number): string {
	return count < countedMax ? plural(count, 'change') : `${countWords(countedMax)} changes or more`;
}

/**
 * What the frame says of other devices, null where nothing waits and one is linked: whether none is, and how many changes
 * no other device has; else how many those lack that are away. What a linked one lacks it is just being told.
 */
export function frameState(others: readonly OtherDevice[], nowMs: number): FrameState | null {
	if (others.length === 0) return null;
	if (others.every(({ isConnected }) => !isConnected)) {
		const changes = least(others);
		const text = changes === 0 ? 'Offline' : `Offline – ${changesWords(changes)} waiting`;
		return { isOffline: true, changes, text };
	}
	const behind = others.filter(
		({ isConnected, seenMs, waiting }) =>
			!isConnected && nowMs - (seenMs ?? 0) < recentMs && waiting.said + (waiting.files ?? 0) > 0
	);
	const [first] = behind;
	if (first === undefined) return null;
	const changes = Math.max(...behind.map(({ waiting }) => waiting.said + (waiting.files ?? 0)));
	const whom = behind.length === 1 ? `“${first.name}”` : plural(behind.length, 'device');
	return { isOffline: false, changes, text: `${changesWords(changes)} waiting for ${whom}` };
}
