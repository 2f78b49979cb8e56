import { sayingChecks } from '#core/metadata';
import type { Database } from '#core/schema';
import { contentChecks } from './file-contents.ts';

export type TreeFlaw = { readonly kind: 'tree'; readonly detail: string };

/** Each query counts rows that must not be there; the name says what is wrong. */
const checks: readonly (readonly [string, string])[] = [
	[
		'directories without their own closure row',
		`SELECT count(*) FROM entry WHERE kind = 0
		AND NOT EXISTS (SELECT 1 FROM closure WHERE ancestor = entry.id AND descendant = entry.id AND depth = 0)`
	],
	[
		'closure rows that differ from the parents',
		`WITH RECURSIVE truth (ancestor, descendant, depth) AS (
			SELECT id, id, 0 FROM entry WHERE kind = 0
			UNION ALL
			SELECT truth.ancestor, entry.id, truth.depth + 1
			FROM truth JOIN entry ON entry.parent = truth.descendant AND entry.kind = 0
		)
		SELECT (SELECT count(*) FROM (SELECT * FROM truth EXCEPT SELECT ancestor, descendant, depth FROM closure))
			+ (SELECT count(*) FROM (SELECT ancestor, descendant, depth FROM closure EXCEPT SELECT * FROM truth))`
	],
	[
		'entries whose parent is no directory',
		`SELECT count(*) FROM entry JOIN entry AS parent ON parent.id = entry.parent WHERE parent.kind <> 0`
	],
	[
		'folders whose sums differ from what lies below them',
		`SELECT count(*) FROM directory JOIN entry AS folder ON folder.id = directory.entry JOIN (
			SELECT closure.ancestor AS id, count(entry.id) FILTER (WHERE entry.kind <> 0) AS files,
				count(entry.id) FILTER (WHERE entry.kind = 0) AS folders,
				coalesce(sum(entry.sizeBytes) FILTER (WHERE entry.kind <> 0), 0) AS sizeBytes
			FROM closure LEFT JOIN entry ON entry.parent = closure.descendant GROUP BY closure.ancestor
		) AS truth ON truth.id = directory.entry
		WHERE directory.files <> truth.files OR directory.folders <> truth.folders OR folder.sizeBytes <> truth.sizeBytes`
	],
	['locations without a folder', `SELECT count(*) FROM location WHERE entry NOT IN (SELECT id FROM entry)`],
	[
		'directories that no run would visit',
		`SELECT count(*) FROM entry WHERE kind = 0 AND id NOT IN (SELECT entry FROM directory)
		AND id NOT IN (SELECT descendant FROM closure JOIN trash_bin ON trash_bin.entry = closure.ancestor)`
	]
];

/** What is wrong with the tree of entries. Run inside `read`. */
export function findTreeFlaws(database: Database): TreeFlaw[] {
	const flaws: TreeFlaw[] = [];
	for (const [what, sql] of [...checks, ...contentChecks, ...sayingChecks]) {
		const count = Number(database.prepare(sql).column()[0] ?? 0);
		if (count > 0) flaws.push({ kind: 'tree', detail: `${count} ${what}` });
	}
	return flaws;
}
