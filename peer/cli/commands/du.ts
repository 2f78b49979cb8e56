import { ok, type EntryId, type Result } from '#core/kernel';
import type { Usage } from '#core/index';
import type { RootRef } from '#core/ports';
import { defineCommand, jsonOption, libraryOptions } from '../command.ts';
import type { AnyFailure } from '../failure.ts';
import { findPlace } from '../find-place.ts';
import { onDisk } from '../list-disk-folder.ts';
import { withLibrary, type OpenLibrary } from '../open-library.ts';
import { printJson, printName, printNumber, printSize, printTable } from '../print.ts';
import type { Shell } from '../shell.ts';
import { printReason } from '../words.ts';

type PathUsage = Usage & { readonly path: string };

const nothing: Usage = { files: 0, folders: 0, sizeBytes: 0 };

function sum(usages: readonly Usage[]): Usage {
	return usages.reduce(
		(total, { files, folders, sizeBytes }) => ({
			files: total.files + files,
			folders: total.folders + folders,
			sizeBytes: total.sizeBytes + sizeBytes
		}),
		nothing
	);
}

async function usagesOf(
	{ commands, context }: OpenLibrary,
	entries: readonly { readonly path: string; readonly entry: EntryId }[]
): Promise<Result<PathUsage[], AnyFailure>> {
	const usages: PathUsage[] = [];
	for (const { path, entry } of entries) {
		const usage = await commands['entries.usage']({ entry }, context());
		if (!usage.ok) return usage;
		const { files, folders, sizeBytes } = usage.value;
		usages.push({ path, files, folders, sizeBytes });
	}
	return ok(usages);
}

/** The paths that are asked about: one, or every location for `/`. */
async function pathsOf(
	library: OpenLibrary,
	text: string,
	folder: string
): Promise<Result<readonly { readonly path: string; readonly entry: EntryId }[], AnyFailure>> {
	const place = await findPlace(library, text, folder);
	if (!place.ok) return place;
	const { entry } = place.value;
	if (entry !== null) return ok([{ path: entry.path, entry: entry.row.id }]);
	const listed = await library.commands['locations.list']({}, library.context());
	return listed.ok ? ok(listed.value.map(({ name, entry: id }) => ({ path: `/${name}`, entry: id }))) : listed;
}

function usageCells({ path, files, folders, sizeBytes }: PathUsage): string[] {
	const counts = [printNumber(files, 'file', 'files'), printNumber(folders, 'folder', 'folders')];
	return [printSize(sizeBytes), ...counts, printName(path)];
}

/** Says how much lies below a folder of the disk. */
async function countOnDisk(
	{ commands, context }: OpenLibrary,
	text: string,
	asJson: boolean,
	shell: Shell
): Promise<Result<null, AnyFailure>> {
	const ask = (root: RootRef) => commands['disk.usage']({ root }, context());
	const counted = await onDisk(text, { type: 'FolderMissing', retry: 'when-online' }, shell, ask);
	if (!counted.ok) return counted;
	const { terminal } = shell;
	const { path, skipped, unread, ...usage } = counted.value;
	if (asJson) {
		terminal.out(printJson({ usages: [{ path, ...usage }], total: usage, managed: false, skipped, unread }));
		return ok(null);
	}
	terminal.note(`${printName(path)} was counted on the disk just now, and nothing of it is kept.`);
	terminal.out(printTable([usageCells({ path, ...usage })], { right: [0, 1, 2] }));
	for (const problem of skipped) terminal.say(`  ${printName(problem.path.join('/'))}: ${printReason(problem)}`);
	if (unread > skipped.length) terminal.say(`  and ${printNumber(unread - skipped.length, 'name', 'names')} more`);
	return ok(null);
}

export const du = defineCommand({
	name: 'du',
	operands: '[path]',
	operandsMin: 0,
	operandsMax: 1,
	summary: 'How much lies below a path, by the index',
	details: `Symlinks are not followed. Without a path: each location, and all of them together.
With --disk a folder of the disk is counted there and then, with all that rules would leave out; nothing of it is kept.`,
	json: `{"usages": [{"path", "files", "folders", "sizeBytes"}], "total": {"files", "folders", "sizeBytes"}}
 with --disk also "managed": false, "skipped": [{"path", "reason", "code"}], the first of
 what could not be read, and "unread": how many there are`,
	options: {
		...libraryOptions,
		disk: { type: 'boolean', help: 'count a folder of the disk, which need not be in the library' },
		...jsonOption
	},
	run: ({ values, operands, shell }) =>
		withLibrary('du', values, shell, async (library) => {
			if (values.disk === true) return countOnDisk(library, operands[0] ?? '', values.json === true, shell);
			const paths = await pathsOf(library, operands[0] ?? '/', shell.folder);
			if (!paths.ok) return paths;
			const usages = await usagesOf(library, paths.value);
			if (!usages.ok) return usages;
			const total = sum(usages.value);
			const lines = usages.value.length > 1 ? [...usages.value, { path: 'in all', ...total }] : usages.value;
			shell.terminal.out(
				values.json === true
					? printJson({ usages: usages.value, total })
					: printTable(lines.map(usageCells), { right: [0, 1, 2] })
			);
			return ok(null);
		})
});
