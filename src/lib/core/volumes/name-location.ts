import { err, ok, type LocationId, type Result } from '#core/kernel';
import type { Location, LocationFailure } from './schema.ts';

/** What a folder is called whose own name cannot be a location's: the root of a disk has none. */
const fallbackName = 'Folder';

type Named = Pick<Location, 'id' | 'name'>;

function isSegment(name: string): boolean {
	return name !== '.' && name !== '..' && !name.includes('/') && !name.includes('\0');
}

function isTaken(name: string, by: readonly Named[]): boolean {
	return by.some((location) => location.name.normalize('NFC') === name.normalize('NFC'));
}

/** `wanted` as the name of a location (`self`, where it has one already), or why it cannot be. */
export function chosenName(
	wanted: string,
	known: readonly Named[],
	self: LocationId | null
): Result<string, LocationFailure> {
	const name = wanted.trim();
	if (name === '') return err({ type: 'NameEmpty' });
	if (!isSegment(name)) return err({ type: 'LocationNameInvalid', name });
	const others = known.filter(({ id }) => id !== self);
	return isTaken(name, others) ? err({ type: 'LocationNameTaken', name }) : ok(name);
}

/** A free name for a folder that nobody named: its own, or the next with a number. */
export function ownName(folderName: string, known: readonly Named[]): string {
	const trimmed = folderName.trim();
	const base = trimmed !== '' && isSegment(trimmed) ? trimmed : fallbackName;
	let name = base;
	for (let number = 2; isTaken(name, known); number++) name = `${base} ${number}`;
	return name;
}
