import { ok, type EntryId, type Result } from '#core/kernel';
import type { Usage } from '#core/index';
import { defineCommand, jsonOption, libraryOptions } from '../command.ts';
import type { AnyFailure } from '../failure.ts';
import { findPlace } from '../find-place.ts';
import { withLibrary, type OpenLibrary } from '../open-library.ts';
import { printJson, printName, printNumber, printSize, printTable } from '../print.ts';

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

export const du = defineCommand({
	name: 'du',
	operands: '[path]',
	operandsMin: 0,
	operandsMax: 1,
	summary: 'How much lies below a path, by the index',
	details: 'Symlinks are not followed. Without a path: each location, and all of them together.',
	json: '{"usages": [{"path", "files", "folders", "sizeBytes"}], "total": {"files", "folders", "sizeBytes"}}',
	options: { ...libraryOptions, ...jsonOption },
	run: ({ values, operands, shell }) =>
		withLibrary('du', values, shell, async (library) => {
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
