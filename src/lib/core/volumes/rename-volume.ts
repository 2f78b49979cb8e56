import * as v from 'valibot';
import { volumeId } from '#core/kernel';
import { defineAction, defineRows, type Action, type Facts, type Operation } from '#core/actions';
import type { Database } from '#core/schema';
import type { VolumeFailure } from './schema.ts';
import { readVolume, updateVolumeName } from './store.ts';

const volumeSchema = v.pipe(v.number(), v.integer(), v.minValue(1));
const operationSchema = v.object({
	kind: v.literal('rename-volume'),
	volume: volumeSchema,
	from: v.nullable(v.string()),
	to: v.nullable(v.string())
});
const inputSchema = v.object({ volume: volumeSchema, name: v.string() });

type RenameVolume = v.InferOutput<typeof operationSchema>;

type RenameVolumeBlock =
	| Extract<VolumeFailure, { type: 'VolumeMissing' }>
	/** A person calls it `name` by now, null where nothing. */
	| { readonly type: 'VolumeRenamedSince'; readonly name: string | null };

export type RenameVolumeDomain = {
	readonly operation: RenameVolume;
	readonly block: RenameVolumeBlock;
	readonly warning: never;
	readonly failure: never;
};

type Deps = { readonly database: Database };

function check({ database }: Deps, { volume, from }: RenameVolume, facts: Facts): RenameVolumeBlock | null {
	const known = readVolume(database, volumeId(volume));
	facts.note(`volume/${volume}/is-known`, known === null ? 0 : 1);
	facts.note(`volume/${volume}/name`, known?.name ?? null);
	if (known === null) return { type: 'VolumeMissing' };
	return known.name === from ? null : { type: 'VolumeRenamedSince', name: known.name };
}

/** Calls a volume something in the library; null takes the person's name for it away. */
export function renameVolumeOperation(deps: Deps): Operation<RenameVolumeDomain> {
	return defineRows(operationSchema, {
		check: (operation, facts) => check(deps, operation, facts),
		measure: () => ({ items: 1, sizeBytes: 0 }),
		apply: ({ kind, volume, from, to }): RenameVolume | null =>
			updateVolumeName(deps.database, volumeId(volume), to) === 0 ? null : { kind, volume, from: to, to: from }
	});
}

/** The empty name takes the person's name for it away. */
export function renameVolumeAction(deps: Deps): Action<RenameVolumeDomain> {
	return defineAction({
		name: 'volumes.rename',
		input: inputSchema,
		plan: ({ volume, name }, facts) => {
			const from = readVolume(deps.database, volumeId(volume))?.name ?? null;
			const to = name.trim() === '' ? null : name.trim();
			const operation: RenameVolume = { kind: 'rename-volume', volume, from, to };
			const why = check(deps, operation, facts);
			const operations = why === null && from !== to ? [operation] : [];
			const blocked = why === null ? [] : [{ operation, why }];
			const cost = { items: operations.length, sizeBytes: 0, estimateMs: null };
			return { operations, blocked, warnings: [], cost, asks: false };
		}
	});
}
