import * as v from 'valibot';
import { readUnderWay } from '#core/actions';
import { entryId, type EntryId } from '#core/kernel';
import type { Database } from '#core/schema';
import { moveSchema, trashSchema } from './schema.ts';

const movingSchema = v.variant('kind', [moveSchema, trashSchema]);

/** Entries that a step is taking from their place: they are nowhere else, as far as the index knows. Inside `read`. */
export function readMoving(database: Database): ReadonlySet<EntryId> {
	const ids = readUnderWay(database).flatMap((operation) => {
		const parsed = v.safeParse(movingSchema, operation);
		return parsed.success ? [entryId(parsed.output.entry)] : [];
	});
	return new Set(ids);
}
