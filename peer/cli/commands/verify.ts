import { err, ok, type Result } from '#core/kernel';
import { countDifferences } from '#core/index';
import { defineCommand, jsonOption, libraryOptions } from '../command.ts';
import { diskToJson, printDisk, verifyOnDisk, type Compared, type Wanted } from '../compare-disk.ts';
import type { AnyFailure } from '../failure.ts';
import { withLibrary, type OpenLibrary } from '../open-library.ts';
import { printJson, printName, printNumber } from '../print.ts';
import type { Shell } from '../shell.ts';

async function verifyLibrary(
	{ commands, context }: OpenLibrary,
	asJson: boolean,
	{ terminal }: Shell
): Promise<Result<null, AnyFailure>> {
	const report = await commands['library.verify']({}, context());
	if (!report.ok) return report;
	const { entries, flaws } = report.value;
	if (asJson) terminal.out(printJson({ entries, flaws }));
	else {
		for (const { kind, detail } of flaws) terminal.out(`${kind}: ${printName(detail)}\n`);
		if (flaws.length === 0) terminal.out(`Sound: ${printNumber(entries, 'entry', 'entries')}\n`);
	}
	return flaws.length === 0 ? ok(null) : err({ type: 'LibraryFlawed', flaws: flaws.length });
}

async function verifyPaths(
	library: OpenLibrary,
	paths: readonly string[],
	wanted: Wanted,
	asJson: boolean,
	shell: Shell
): Promise<Result<null, AnyFailure>> {
	const all: Compared[] = [];
	for (const path of paths) {
		const compared = await verifyOnDisk(library, path, wanted, shell);
		if (!compared.ok) return compared;
		all.push(...compared.value);
	}
	if (asJson) shell.terminal.out(printJson({ compared: all.map(diskToJson) }));
	else for (const compared of all) shell.terminal.out(printDisk(compared));
	const left = all.reduce((sum, { found, left: after }) => sum + countDifferences(after ?? found), 0);
	return left === 0 ? ok(null) : err({ type: 'IndexDiffers', differences: left });
}

export const verify = defineCommand({
	name: 'verify',
	operands: '[path]…',
	operandsMin: 0,
	operandsMax: Infinity,
	summary: 'Check the whole library, or compare what it says of a path with the disk',
	details: `Without a path it reads only the library: every page, the tree and the index of names.
With paths (/ is all locations) it lists them on the disk and says what differs: missing (the index has
it, the disk has not), unindexed (the other way round), stale (another size, time or kind), different
(the same size and time, but other bytes than the library knows). Different files are those that a scrub
has marked as damaged and, with --content, those of which up to 100 KiB tell; atoll scrub reads every byte.
--repair reads again what differs, by the index run for just these folders. No file is ever changed; a
damaged file is taken as it is then, so restore it from a copy before.
Ends with 1 where something differs (and, with --repair, still does).`,
	json: `{"entries", "flaws": [{"kind", "detail"}]} without a path, else
 {"compared": [{"path", "found", "left": null or as found}]} with "found":
 {"compared", "filesRead", "missing", "unindexed", "stale", "different", "unread"}, the last five being
 {"count", "items": [{"path", "kind"}]} (of unread ones also "reason" and "code"; at most 1,000 items each)`,
	options: {
		...libraryOptions,
		content: { type: 'boolean', help: 'read files as well, up to 100 KiB of each' },
		repair: { type: 'boolean', help: 'bring the index into step with the disk' },
		...jsonOption
	},
	run: async ({ values, operands, shell }) => {
		const wanted = { content: values.content === true, repair: values.repair === true };
		if (operands.length === 0 && (wanted.content || wanted.repair))
			return err({ type: 'UsageWrong', command: 'verify', problem: 'Say what to compare: / is all locations.' });
		return withLibrary('verify', values, shell, (library) =>
			operands.length === 0
				? verifyLibrary(library, values.json === true, shell)
				: verifyPaths(library, operands, wanted, values.json === true, shell)
		);
	}
});
