import { ok, type Result } from '#core/kernel';
import type { DiskEntry, DiskPage, FilesFailure, FilesPort, RootRef, SkippedName } from '#core/ports';
import {
	ignoreBytesMax,
	ignoreFileName,
	ignoreText,
	repositoryName,
	type FolderRules,
	type IgnoreFile,
	type Judge,
	type Judges,
	type LeavingRule
} from '#core/rules';

import { isOwnName } from './own-names.ts';

type Deps = { readonly files: FilesPort; readonly root: RootRef; readonly judges: Judges };

/** What a folder holds for git; `unread` where its file of patterns is there and could not be read. */
export type OwnIgnore = IgnoreFile | null | 'unread';

/** A page of a listing, parted by the rules. */
export type AllowedPage = DiskPage & {
	readonly leftOut: readonly { readonly entry: DiskEntry; readonly rule: LeavingRule }[];
};

/** A listing that the rules have parted; `own` is known once the first page has come. */
export type AllowedListing = {
	readonly pages: AsyncIterable<Result<AllowedPage, FilesFailure>>;
	readonly own: () => OwnIgnore;
};

type Found = { readonly own: OwnIgnore; readonly problem: SkippedName | null };

function toProblem(reason: SkippedName['reason'], code: string): Found {
	return { own: 'unread', problem: { name: ignoreFileName, reason, code } };
}

async function readIgnoreText(
	{ files, root }: Deps,
	path: readonly string[],
	isRepository: boolean,
	signal: AbortSignal
): Promise<Found> {
	const opened = await files.open(root, [...path, ignoreFileName], signal);
	if (!opened.ok) return toProblem(opened.failure.type === 'FileDenied' ? 'denied' : 'unreadable', opened.failure.type);
	const file = opened.value;
	try {
		const bytes = new Uint8Array(Math.min(file.sizeBytes, ignoreBytesMax + 1));
		const read = await file.read(0, bytes, signal);
		if (!read.ok) return toProblem('unreadable', read.failure.type);
		if (read.value > ignoreBytesMax) {
			const problem = { name: ignoreFileName, reason: 'unreadable', code: 'IgnoreFileTooLarge' } as const;
			return { own: isRepository ? { isRepository, text: '' } : null, problem };
		}
		return { own: { isRepository, text: ignoreText(bytes.subarray(0, read.value)) }, problem: null };
	} finally {
		await file.close();
	}
}

/** What stands under `name`: in the pages that have come, or else where the listing has more of them, on the disk. */
async function find(
	{ files, root }: Deps,
	path: readonly string[],
	name: string,
	{ come, isAll }: { readonly come: readonly DiskPage[]; readonly isAll: boolean },
	signal: AbortSignal
): Promise<DiskEntry | null> {
	for (const { entries } of come) {
		const found = entries.find((entry) => entry.name === name);
		if (found !== undefined) return found;
	}
	if (isAll) return null;
	const looked = await files.look(root, [...path, name], signal);
	return looked.ok ? looked.value : null;
}

/** What the folder holds for git, as its listing begins. Links are not followed, as git does not. */
async function findOwn(
	deps: Deps,
	path: readonly string[],
	pages: { readonly come: readonly DiskPage[]; readonly isAll: boolean },
	signal: AbortSignal
): Promise<Found> {
	const repository = await find(deps, path, repositoryName, pages, signal);
	const isRepository = repository?.kind === 'directory' || repository?.kind === 'file';
	const file = await find(deps, path, ignoreFileName, pages, signal);
	if (file?.kind === 'file') return readIgnoreText(deps, path, isRepository, signal);
	return { own: isRepository ? { isRepository, text: '' } : null, problem: null };
}

/** Nobody is told of what Atoll has put there itself. */
function part({ entries, skipped }: DiskPage, judge: Judge, isTop: boolean): AllowedPage {
	const allowed: DiskEntry[] = [];
	const leftOut: { entry: DiskEntry; rule: LeavingRule }[] = [];
	for (const entry of entries) {
		if (isOwnName(entry.name, isTop)) continue;
		const rule = judge(entry);
		if (rule === null) allowed.push(entry);
		else leftOut.push({ entry, rule });
	}
	return { entries: allowed, skipped, leftOut };
}

/**
 * Lists one directory as `files.list` does, what its rules leave out apart. `known` is what the index has of its file
 * of patterns: that goes on to hold where the file cannot be read now.
 */
export function listAllowed(
	deps: Deps,
	folder: FolderRules,
	known: IgnoreFile | null,
	signal: AbortSignal
): AllowedListing {
	let own: OwnIgnore = null;
	const isTop = folder.path.length === 0;

	async function begin(come: readonly DiskPage[], isAll: boolean): Promise<{ judge: Judge; first: AllowedPage[] }> {
		const found = await findOwn(deps, folder.path, { come, isAll }, signal);
		own = found.own;
		const holding = own === 'unread' ? known : own;
		const judge = deps.judges.in(folder, holding);
		const first = come.map((page) => part(page, judge, isTop));
		const noted = found.problem === null ? [] : [{ entries: [], skipped: [found.problem], leftOut: [] }];
		return { judge, first: [...first, ...noted] };
	}

	async function* pages(): AsyncGenerator<Result<AllowedPage, FilesFailure>> {
		let judge: Judge | null = null;
		let held: DiskPage | null = null;
		for await (const page of deps.files.list(deps.root, folder.path, signal)) {
			if (!page.ok) return yield page;
			if (judge !== null) yield ok(part(page.value, judge, isTop));
			// The first page waits for the second: where there is none, it tells all that has to be known.
			else if (held === null) held = page.value;
			else {
				const begun = await begin([held, page.value], false);
				judge = begun.judge;
				for (const first of begun.first) yield ok(first);
			}
		}
		if (judge !== null || held === null) return;
		for (const first of (await begin([held], true)).first) yield ok(first);
	}

	return { pages: pages(), own: () => own };
}
