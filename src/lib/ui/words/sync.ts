/** How far two devices are in step, and what keeps them from it, in words. */
import type { HeldDeletions } from '#core';
import type { LocationId } from '#core/kernel';
import type { DomainStatus, GiveState, Progress, PullState, SessionEnd } from '#core/sync';
import { countWords, dateWords, plural, spanWords } from './values.ts';

const domains: Readonly<Record<string, string>> = {
	devices: 'Devices',
	index: 'Folders and files',
	metadata: 'Tags, notes and marks'
};

/** What a domain holds. */
export function domainTitle(name: string): string {
	return domains[name] ?? 'Something of a later version';
}

/** The device at the other end, as its troubles are told. */
export type OtherSide = {
	/** What a sentence calls it: `“NAS”`, or `the other device`. */
	readonly name: string;
	/** A disk of it on which next to nothing is free, with what is; null where none is known. */
	readonly fullDisk: string | null;
};

/** Why devices are not in step, and where in this app something can be done about it. */
export type Trouble = { readonly text: string; readonly help: Help | null };
type Help = { readonly title: string; readonly path: string };

type Ends = {
	readonly [T in SessionEnd['type']]: (
		end: Extract<SessionEnd, { readonly type: T }>,
		other: OtherSide
	) => Trouble | string | null;
};
type PeerCode = Extract<SessionEnd, { readonly type: 'PeerEnded' }>['code'];

const otherVersion = 'The two run versions of Atoll that do not understand each other. Update the older one.';
const peerEnds: Readonly<Record<PeerCode, (other: OtherSide) => Trouble | string | null>> = {
	closing: () => null,
	replaced: () => null,
	version: () => otherVersion,
	library: ({ name }) => `${name} is of another library. Remove it here, or add it again from there.`,
	device: () => 'It took this device for another one. Remove it here, then add it again.',
	breach: () => 'It could make nothing of what this device sent, and ended the talk. Update Atoll on both.',
	failed: ({ name }) => `Something went wrong on ${name}. Look there; it is tried again by itself.`,
	removed: () => ({
		text: 'This device was removed from the library there. What is here stays. To come back, remove this copy in the settings, then join again.',
		help: { title: 'Settings', path: '/settings' }
	}),
	storage: ({ name, fullDisk }) =>
		fullDisk === null
			? `The disk of ${name} is full or broken, so it can take nothing. Look there; it goes on by itself.`
			: `Disk full on ${name} (${fullDisk}). Free some space there; it goes on by itself.`
};

/** The version of the protocol that this app speaks. */
const spoken = 1;

const ends: Ends = {
	Closed: () => null,
	Replaced: () => null,
	Cut: () => 'The connection broke. It goes on where it was as soon as there is another.',
	Silent: () => 'It stopped answering. It goes on where it was as soon as it does.',
	PeerEnded: ({ code }, other) => peerEnds[code](other),
	OtherVersion: ({ from }, { name }) =>
		from > spoken
			? `${name} runs a newer Atoll. Update this one: reload the page, or start the program anew.`
			: `${name} runs an older Atoll. Update it there; it goes on by itself.`,
	OtherLibrary: (_end, { name }) => `${name} is of another library. Remove it here, or add it again from there.`,
	OtherDevice: () => 'Another device answered in its place, and was told nothing. Remove it here, then add it again.',
	Breach: () =>
		'It sent what no Atoll sends, and was left: it is broken, or means harm. Update Atoll there, or remove it.',
	Removed: () => null,
	StorageFailed: ({ why }) => ({
		text:
			why.type === 'DiskFull'
				? 'There is no room left here, so nothing that came could be kept. Free some space; it goes on by itself.'
				: 'What came could not be kept here, as the disk failed. Nothing was lost; it is tried again.',
		help: { title: 'Look at storage', path: '/settings#storage' }
	}),
	SessionFailed: () => 'Something went wrong in Atoll, or the disk failed. Nothing was lost; it is tried again.'
};

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** Why the last talk with a device ended; null where that is nobody's trouble. */
export function endedWords(end: SessionEnd, other: OtherSide): Trouble | null {
	// The table has an entry for exactly this type; TypeScript cannot follow the pair through the lookup.
	const speak = ends[end.type] as (end: SessionEnd, other: OtherSide) => Trouble | string | null;
	const told = speak(end, other);
	const trouble = typeof told === 'string' ? { text: told, help: null } : told;
	return trouble === null ? null : { ...trouble, text: capital(trouble.text) };
}

type Refusal = Extract<PullState, { readonly type: 'refused' }>['why'];
type Refusals = { readonly [T in Refusal['type']]: (why: Extract<Refusal, { readonly type: T }>) => string };

const refusals: Refusals = {
	BatchWrong: () => 'What it sent makes no sense, so nothing of it was taken. Update Atoll on both, then ask again.',
	BatchFromTheFuture: ({ aheadMs }) =>
		`Its clock is ${spanWords(aheadMs)} ahead of this one. Set the clocks right; then it goes on by itself.`,
	BatchNotTheirs: () =>
		'It told something of another device’s files without that device’s word. Nothing of it was taken.',
	BatchDeletesMuch: ({ deleted, of }) =>
		`It would take away ${countWords(deleted)} of ${plural(of, 'item')} at once. Nothing was taken away here, and what came after it waits as well.`
};

type Code = Extract<GiveState, { readonly type: 'refused' }>['code'];

const toldCodes: Readonly<Record<Code, string>> = {
	wrong: 'The other device can make no sense of it. Update Atoll on both, then ask again.',
	future: 'The clocks of the two are too far apart. Set them right.',
	'not-theirs': 'The other device takes it from its owner only.',
	'deletes-much':
		'It takes away much at once, which the other device does not do unasked. Look at the folders of this device.'
};

function refusalWords(why: Refusal): string {
	// As above.
	const speak = refusals[why.type] as (why: Refusal) => string;
	return speak(why);
}

/** What was deleted on another device and waits for a person here; what saying yes and no to it does. */
export function heldWords({ domain, deleted, of, isDeclined }: HeldDeletions): HeldWords {
	if (domain === 'index')
		return {
			text: isDeclined
				? `${plural(deleted, 'item')} of ${countWords(of)} are gone there. They stay here as they were, as you said.`
				: `${plural(deleted, 'item')} of ${countWords(of)} are gone there, and nobody removed them in Atoll. Here they stay as they were until you say so. Look whether a disk is missing there, or an older copy was put back.`,
			yes: 'Take them out here',
			no: isDeclined ? null : 'Keep them here'
		};
	return {
		text: `At least ${plural(deleted, 'tag or mark', 'tags and marks')} would go, of ${countWords(of)}: all that was deleted there until you answer. Until then they stay here, and what came after them waits.`,
		yes: 'Let them go',
		no: 'Put them back everywhere'
	};
}

type HeldWords = { readonly text: string; readonly yes: string; readonly no: string | null };

export type SyncLine = {
	readonly tone: 'good' | 'busy' | 'warn';
	readonly text: string;
	/** Whether asking again may help. */
	readonly canAsk: boolean;
};

const good = (text: string): SyncLine => ({ tone: 'good', text, canAsk: false });
const busy = (text: string): SyncLine => ({ tone: 'busy', text, canAsk: false });
const warn = (text: string): SyncLine => ({ tone: 'warn', text, canAsk: true });
const parts = (merged: number): string => (merged === 0 ? '' : `: ${plural(merged, 'part')} so far`);

/** Of the first telling it is known how much there is. */
function fetchedWords(merged: number, progress: Progress | null): string {
	const isKnown = progress !== null && progress.total > 0;
	return isKnown ? `: ${countWords(progress.done)} of ${countWords(progress.total)}` : parts(merged);
}

function pullLine(pull: PullState, progress: Progress | null): SyncLine | null {
	if (pull.type === 'refused') return { ...warn(refusalWords(pull.why)), canAsk: pull.why.type !== 'BatchDeletesMuch' };
	if (pull.type === 'denied') return warn(toldCodes[pull.code]);
	if (pull.type === 'behind') return busy(`Fetching what is new there${fetchedWords(pull.merged, progress)}`);
	return pull.type === 'unknown' ? busy('Being compared') : null;
}

function giveLine(give: GiveState): SyncLine | null {
	if (give.type === 'refused') return { ...warn(toldCodes[give.code]), canAsk: false };
	if (give.type === 'denied') return { ...warn(refusalWords(give.why)), canAsk: false };
	if (give.type === 'behind') return busy(`Giving what is new here${parts(give.merged)}`);
	return give.type === 'unknown' ? busy('Being compared') : null;
}

/** Where the two are with a domain: what stands in the way first, then what goes on. */
export function syncLine({ pull, give, progress }: Pick<DomainStatus, 'pull' | 'give' | 'progress'>): SyncLine {
	const lines = [pullLine(pull, progress), giveLine(give)].filter((line) => line !== null);
	return lines.find(({ tone }) => tone === 'warn') ?? lines[0] ?? good('In step');
}

type Standing = {
	readonly held: readonly Pick<HeldDeletions, 'folders' | 'isDeclined'>[];
	/** Its index is told for the first time. */
	readonly isFetching: boolean;
	readonly isConnected: boolean;
	readonly levelMs: number | null;
	readonly nowMs: number;
};

/** How far what is known of a folder of another device is what it is there; null where it is. */
export function folderState(
	location: LocationId,
	{ held, isFetching, isConnected, levelMs, nowMs }: Standing
): { readonly text: string; readonly isTrouble: boolean } | null {
	const [one] = held.flatMap(({ folders, isDeclined }) =>
		folders.flatMap((folder) => (folder.location === location ? [{ ...folder, isDeclined }] : []))
	);
	if (one !== undefined)
		return one.isDeclined
			? { text: `${countWords(one.deleted)} gone there, kept here`, isTrouble: false }
			: { text: `${countWords(one.deleted)} gone there: waiting for you, above`, isTrouble: true };
	if (isFetching) return { text: isConnected ? 'Being fetched' : 'Not all of it is here yet', isTrouble: !isConnected };
	if (isConnected || levelMs === null) return null;
	return { text: `As it was: ${dateWords(levelMs, Math.max(levelMs, nowMs))}`, isTrouble: false };
}
