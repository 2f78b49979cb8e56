import { hex } from '@scure/base';
import { numbersPerSlot, type DeviceId } from '#core/kernel';
import type { Database } from '#core/schema';
import { findSlot } from '#core/sync';
import { contentReader, numberOrNull } from './store.ts';
import { travelTime } from './wire-batch.ts';

/**
 * What is known of the index of `owner`, as text that is the same on every device that knows as much: locations and
 * volumes, then entries by the owner's numbers, with sums, times and what is known of their bytes. Run inside `read`.
 */
export function dumpIndex(database: Database, owner: DeviceId): string {
	const slot = findSlot(database, owner);
	if (slot === null) return '';
	const [least, below] = [slot * numbersPerSlot, (slot + 1) * numbersPerSlot];
	const own = (value: unknown) => (typeof value === 'number' ? value - least : '-');
	const locations = database
		.prepare(
			`SELECT location.id, location.name, location.entry, location.addedMs, location.indexedMs,
				location.pathInVolume, location.logicalClass, volume.key FROM location
			LEFT JOIN volume ON volume.id = location.volume WHERE location.id > ? AND location.id < ? ORDER BY location.id`
		)
		.all([least, below])
		.map((row) => {
			const facts = ['addedMs', 'indexedMs', 'pathInVolume', 'logicalClass', 'key'].map((name) => row[name] ?? '-');
			return ['location', own(row['id']), own(row['entry']), row['name'], ...facts].join('\t');
		});
	const contentOf = contentReader(database);
	const entries = database
		.prepare(
			`SELECT entry.*, inside.location, inside.files, inside.folders, holder.location AS held FROM entry
			LEFT JOIN directory AS inside ON inside.entry = entry.id
			LEFT JOIN directory AS holder ON holder.entry = entry.parent
			WHERE entry.id > ? AND entry.id < ? AND coalesce(holder.location, inside.location) IS NOT NULL ORDER BY entry.id`
		)
		.all([least, below])
		.map((row) => {
			const content = numberOrNull(row['content']);
			const told = content === null ? null : contentOf(content);
			const bytes =
				told === null ? '-' : hex.encode(told.identity) + (told.proof === null ? '' : hex.encode(told.proof));
			const place = [own(row['id']), own(row['parent']), own(row['held'] ?? row['location'])];
			const sums = [row['sizeBytes'], row['files'] ?? '-', row['folders'] ?? '-'];
			const time = travelTime(numberOrNull(row['modifiedMs'])) ?? '-';
			return [...place, row['kind'], row['name'], ...sums, time, row['proven'] === 2 ? 'damaged' : '', bytes].join(
				'\t'
			);
		});
	return [...locations, ...entries].join('\n');
}
