import type { Failure, Result } from '#core/kernel';
import type { Answer } from './commander.ts';

/** An entry as the core tells it, with its path below the folder that was asked for. */
export type Row = {
	readonly path: string;
	readonly id: number;
	readonly name: string;
	readonly kind: string;
	readonly sizeBytes: number;
	readonly modifiedMs: number | null;
};
export type Ask = (name: string, input: unknown) => Promise<Answer>;

/** Every entry below `folder` in the order of listings, or the failure that stopped reading. */
export async function readTree(ask: Ask, folder: number, above = ''): Promise<Result<Row[], Failure>> {
	const ids = await ask('entries.ids', { folder, order: { by: 'name', descending: false } });
	if (!ids.ok) return ids;
	const rows = await ask('entries.rows', { ids: [...(ids.value as Float64Array)] });
	if (!rows.ok) return rows;
	const found: Row[] = [];
	for (const row of rows.value as Row[]) {
		const path = above + row.name;
		found.push({ ...row, path });
		if (row.kind !== 'directory') continue;
		const below = await readTree(ask, row.id, `${path}/`);
		if (!below.ok) return below;
		found.push(...below.value);
	}
	return { ok: true, value: found };
}

/** The rows as `path → size`, `-1` for folders; a path that is there twice shows. */
export function toSizes(rows: readonly Row[]): Record<string, number> {
	const sizes: Record<string, number> = {};
	for (const { path, kind, sizeBytes } of rows)
		sizes[path in sizes ? `${path} twice` : path] = kind === 'directory' ? -1 : sizeBytes;
	return sizes;
}
