import type { EntryId } from '#core/kernel';
import type { Lost, LostFile, NewFile } from './lost-files.ts';

/** Files by which a folder is known again, at the most. */
const votersMax = 1_000;

/** A folder that is not in its place, and the new one that it is now. */
export type FolderPair = {
	readonly lost: EntryId;
	readonly found: EntryId;
	/** Files that both have under the same path, size and time. */
	readonly witnesses: readonly { readonly lost: LostFile; readonly found: NewFile }[];
	/** Whether every file that was asked has one. */
	readonly isWhole: boolean;
};

/** The folder above another, and its name; null above the top of a location. */
export type Above = (id: EntryId) => { readonly parent: EntryId | null; readonly name: string } | null;

export function groupBy<Key, Item>(items: readonly Item[], keyOf: (item: Item) => Key): Map<Key, Item[]> {
	const groups = new Map<Key, Item[]>();
	for (const item of items) {
		const group = groups.get(keyOf(item));
		if (group === undefined) groups.set(keyOf(item), [item]);
		else group.push(item);
	}
	return groups;
}

type Branch = { readonly files: LostFile[]; readonly folders: EntryId[] };

/** The lost files and folders by the folder that holds them. */
function branchesOf(lost: Lost, above: Above): Map<EntryId, Branch> {
	const branches = new Map<EntryId, Branch>();
	const branchOf = (id: EntryId): Branch => {
		const known = branches.get(id) ?? { files: [], folders: [] };
		branches.set(id, known);
		return known;
	};
	for (const file of lost.files) branchOf(file.parent).files.push(file);
	for (const id of lost.folders) {
		const parent = above(id)?.parent ?? null;
		if (parent !== null && lost.folders.has(parent)) branchOf(parent).folders.push(id);
	}
	return branches;
}

type Voter = { readonly file: LostFile; readonly path: readonly string[] };

/** The first files below a folder, with the names on the way to them. */
function votersOf(top: EntryId, branches: ReadonlyMap<EntryId, Branch>, above: Above): Voter[] {
	const voters: Voter[] = [];
	const queue: { readonly id: EntryId; readonly path: readonly string[] }[] = [{ id: top, path: [] }];
	for (const { id, path } of queue) {
		const branch = branches.get(id);
		for (const file of branch?.files ?? []) voters.push({ file, path });
		if (voters.length >= votersMax) return voters.slice(0, votersMax);
		for (const folder of branch?.folders ?? []) queue.push({ id: folder, path: [...path, above(folder)?.name ?? ''] });
	}
	return voters;
}

/** The folder from which `path` leads down to the one that holds `file`; null where other names are on the way. */
function climb(file: NewFile, path: readonly string[], above: Above): EntryId | null {
	let at = file.parent;
	for (const name of path.toReversed()) {
		const folder = above(at);
		if (folder === null || folder.parent === null || folder.name !== name) return null;
		at = folder.parent;
	}
	return at;
}

/**
 * Pairs of a lost folder and a new one that hold the same: more than half of the files of the lost one are in the new
 * one under the same path, with the same size and time. Where two new folders do, or two lost ones want the same, none
 * is taken.
 */
export function matchFolders(
	lost: Lost,
	come: readonly NewFile[],
	isNew: (folder: EntryId) => boolean,
	above: Above
): FolderPair[] {
	const branches = branchesOf(lost, above);
	const byName = groupBy(come, ({ like, name }) => `${like}/${name}`);
	const pairs: FolderPair[] = [];
	const queue = [...lost.tops];
	for (const top of queue) {
		const voters = votersOf(top, branches, above);
		const votes = new Map<EntryId, FolderPair['witnesses'][number][]>();
		for (const { file, path } of voters)
			for (const found of byName.get(`${file.like}/${file.name}`) ?? []) {
				const folder = climb(found, path, above);
				if (folder === null || !isNew(folder)) continue;
				const witnesses = votes.get(folder) ?? [];
				votes.set(folder, witnesses);
				witnesses.push({ lost: file, found });
			}
		const winners = [...votes].filter(([, witnesses]) => witnesses.length * 2 > voters.length);
		const [winner] = winners;
		// Of a folder that was taken apart, the parts may be whole.
		if (winner === undefined) queue.push(...(branches.get(top)?.folders ?? []));
		else if (winners.length === 1) {
			const [found, witnesses] = winner;
			pairs.push({ lost: top, found, witnesses, isWhole: witnesses.length === voters.length });
		}
	}
	const wanted = groupBy(pairs, ({ found }) => found);
	return pairs.filter(({ found }) => wanted.get(found)?.length === 1);
}
