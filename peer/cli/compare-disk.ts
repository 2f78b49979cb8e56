import { err, ok, type EntryId, type Result } from '#core/kernel';
import { countDifferences, differences, type Difference, type DiskItem, type DiskReport } from '#core/index';
import type { AnyFailure } from './failure.ts';
import { findPlace } from './find-place.ts';
import type { OpenLibrary } from './open-library.ts';
import { printCount, printName, printNumber } from './print.ts';
import type { Shell } from './shell.ts';
import { printReason } from './words.ts';

export type Wanted = { readonly content: boolean; readonly repair: boolean };
/** One comparison: the entry at `path`, in the location called `name`; `left` is what a repair has left. */
export type Compared = {
	readonly path: string;
	readonly name: string;
	readonly found: DiskReport;
	readonly left: DiskReport | null;
};

type Start = { readonly entry: EntryId; readonly path: string; readonly name: string };

/** What a path of the command line means: one entry, or the folder of each location. */
async function findStarts(
	library: OpenLibrary,
	text: string,
	{ folder }: Shell
): Promise<Result<readonly Start[], AnyFailure>> {
	const place = await findPlace(library, text, folder);
	if (!place.ok) return place;
	const { entry } = place.value;
	if (entry !== null) return ok([{ entry: entry.row.id, path: entry.path, name: entry.location.name }]);
	const locations = await library.commands['locations.list']({}, library.context());
	if (!locations.ok) return locations;
	return ok(
		locations.value.map((location) => ({ entry: location.entry, path: `/${location.name}`, name: location.name }))
	);
}

/** Compares what is at `text` with the disk and, where that is wanted, has what differs read again. */
export async function verifyOnDisk(
	library: OpenLibrary,
	text: string,
	{ content, repair }: Wanted,
	shell: Shell
): Promise<Result<readonly Compared[], AnyFailure>> {
	const { core, commands, context } = library;
	const starts = await findStarts(library, text, shell);
	if (!starts.ok) return starts;
	const all: Compared[] = [];
	for (const { entry, path, name } of starts.value) {
		const end = core.subscribe((event) => {
			if (event.type !== 'verify-progress') return;
			const { compared, filesRead } = event.progress;
			const read = content ? `, ${printNumber(filesRead, 'file', 'files')} read` : '';
			shell.terminal.progress(`${printName(path)}: ${printNumber(compared, 'entry', 'entries')} compared${read}`);
		});
		try {
			const found = await commands['index.verify']({ entry, content }, context());
			if (!found.ok) return found;
			let left: DiskReport | null = null;
			if (repair && countDifferences(found.value) > 0) {
				const { location, repair: scope } = found.value;
				const repaired = await commands['index.repair']({ location, repair: scope }, context());
				if (!repaired.ok) return repaired;
				const again = await commands['index.verify']({ entry, content }, context());
				// What was asked about may be gone by right.
				if (!again.ok && again.failure.type !== 'EntryMissing') return again;
				left = again.ok ? again.value : emptied(found.value);
			}
			all.push({ path, name, found: found.value, left });
		} catch (thrown) {
			if (shell.signal.aborted) return err({ type: 'Interrupted' });
			throw thrown;
		} finally {
			end();
			shell.terminal.progress(null);
		}
	}
	return ok(all);
}

const none = { count: 0, items: [] };

function emptied(report: DiskReport): DiskReport {
	return { ...report, compared: 0, missing: none, unindexed: none, stale: none, different: none, unread: none };
}

const meanings: Readonly<Record<Difference, string>> = {
	missing: 'no longer on the disk',
	unindexed: 'not in the index',
	stale: 'changed on the disk',
	different: 'other bytes, same size and time'
};

function pathOf({ name }: Compared, { path }: DiskItem): string {
	return printName(`/${[name, ...path].join('/')}`);
}

/** A comparison in lines: what differs, one by one, then the sum. */
export function printDisk(compared: Compared): string {
	const { found, left, path } = compared;
	const lines = differences.flatMap((difference) => {
		const { count, items } = found[difference];
		const more = count > items.length ? [`${difference}: and ${printCount(count - items.length)} more`] : [];
		return [...items.map((item) => `${difference}: ${pathOf(compared, item)} (${meanings[difference]})`), ...more];
	});
	for (const item of found.unread.items) lines.push(`unread: ${pathOf(compared, item)} (${printReason(item)})`);
	const count = countDifferences(found);
	const read = found.filesRead === 0 ? '' : `, ${printNumber(found.filesRead, 'file', 'files')} read`;
	const sum = `${printNumber(found.compared, 'entry', 'entries')} compared${read}`;
	const says = count === 0 ? 'as the index says' : `${printNumber(count, 'difference', 'differences')}`;
	const after = left === null ? '' : `; repaired, ${printCount(countDifferences(left))} left`;
	return [...lines, `${printName(path)}: ${says} (${sum})${after}`, ''].join('\n');
}

function reportToJson(compared: Compared, report: DiskReport) {
	const { compared: entries, filesRead, unread } = report;
	const toItem = (item: DiskItem) => ({ path: `/${[compared.name, ...item.path].join('/')}`, kind: item.kind });
	const list = (difference: Difference) => {
		const { count, items } = report[difference];
		return { count, items: items.map(toItem) };
	};
	return {
		compared: entries,
		filesRead,
		missing: list('missing'),
		unindexed: list('unindexed'),
		stale: list('stale'),
		different: list('different'),
		unread: {
			count: unread.count,
			items: unread.items.map((item) => ({ ...toItem(item), reason: item.reason, code: item.code }))
		}
	};
}

/** The stable shape of a comparison. */
export function diskToJson(compared: Compared) {
	const { path, found, left } = compared;
	return { path, found: reportToJson(compared, found), left: left === null ? null : reportToJson(compared, left) };
}
