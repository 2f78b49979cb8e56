import { locationId, type ContentId, type LocationId } from '#core/kernel';
import { fileKindOf } from '#core/content';
import { build, type Database } from '#core/schema';
import {
	analyses,
	analysesOf,
	isAnalysisKind,
	isAnalysisPolicy,
	moreWanted,
	type AnalysisKind,
	type AnalysisPolicy
} from './analyses.ts';
import type { AnalysisQueue, Holding, QueueCount, SaidPolicy } from './schema.ts';

/** What is wanted in each location in deep mode; the others want nothing. */
export type Wishes = ReadonlyMap<LocationId, ReadonlyMap<AnalysisKind, AnalysisPolicy>>;

export function readSaid(database: Database): SaidPolicy[] {
	return database
		.all(build.selectFrom('analysis_policy').selectAll().orderBy('location').orderBy('kind'))
		.flatMap(({ location, kind, policy }) =>
			isAnalysisKind(kind) && isAnalysisPolicy(policy)
				? [{ location: location === null ? null : locationId(location), kind, policy }]
				: []
		);
}

/** What is wanted where, read once until `forget`: it is asked for with every file. */
export type WishList = {
	/** Inside `read` or `write`. */
	read(): Wishes;
	/** To be called when a mode or a policy has changed. */
	forget(): void;
};

export function createWishList(database: Database): WishList {
	let known: Wishes | null = null;
	return {
		read: () => (known ??= readWishes(database)),
		forget: () => {
			known = null;
		}
	};
}

/** Run inside `read` or `write`. */
export function readWishes(database: Database): Wishes {
	const deep = database.all(build.selectFrom('location').select('id').where('mode', '=', 'deep'));
	if (deep.length === 0) return new Map();
	const said = readSaid(database);
	const policyOf = (kind: AnalysisKind, location: LocationId | null) =>
		said.find((one) => one.kind === kind && one.location === location)?.policy;
	return new Map(
		deep.map(({ id }) => [
			locationId(id),
			new Map(
				analyses.map(({ kind, policy }) => [kind, policyOf(kind, locationId(id)) ?? policyOf(kind, null) ?? policy])
			)
		])
	);
}

/** What is wanted of a content that lies in these locations. */
function wantedOf(wishes: Wishes, { fileKind, sizeBytes, locations }: Holding): Map<AnalysisKind, AnalysisPolicy> {
	const wanted = new Map<AnalysisKind, AnalysisPolicy>();
	// There is nothing in an empty file.
	if (sizeBytes === 0) return wanted;
	for (const location of locations)
		for (const kind of wishes.has(location) ? analysesOf(fileKind) : []) {
			const policy = moreWanted(wishes.get(location)?.get(kind) ?? 'never', wanted.get(kind) ?? 'never');
			if (policy !== 'never') wanted.set(kind, policy);
		}
	return wanted;
}

/** Makes the rows of a content what is wanted of it. Run inside `write`. */
export function writeQueue(database: Database, wishes: Wishes, holding: Holding): void {
	const wanted = wantedOf(wishes, holding);
	const remove = database.prepare('DELETE FROM analysis WHERE content = ? AND kind = ?');
	const insert = database.prepare(
		'INSERT INTO analysis (content, kind, policy) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET policy = excluded.policy'
	);
	const known = database.prepare('SELECT kind, policy FROM analysis WHERE content = ?').all([holding.content]);
	const before = new Map(known.map((row) => [String(row['kind']), row['policy']]));
	for (const kind of before.keys()) if (!isAnalysisKind(kind) || !wanted.has(kind)) remove.run([holding.content, kind]);
	for (const [kind, policy] of wanted) if (before.get(kind) !== policy) insert.run([holding.content, kind, policy]);
}

/** A file of a content has come to a location: nothing that is wanted elsewhere is wanted less. Run inside `write`. */
export function addToQueue(database: Database, wishes: Wishes, content: number, location: LocationId): void {
	if (!wishes.has(location)) return;
	const row = database.prepare('SELECT kind, sizeBytes FROM content WHERE id = ?').get([content]);
	if (row === undefined || row['sizeBytes'] === 0) return;
	const kinds = analysesOf(fileKindOf(Number(row['kind'])));
	const insert = database.prepare(
		`INSERT INTO analysis (content, kind, policy) VALUES (?, ?, ?)
		ON CONFLICT DO UPDATE SET policy = excluded.policy WHERE excluded.policy = 'now'`
	);
	const others = analyses.filter(({ kind }) => !kinds.includes(kind));
	// Another copy may have told better what kind of file it is.
	const remove = database.prepare('DELETE FROM analysis WHERE content = ? AND kind = ?');
	for (const { kind } of others) remove.run([content, kind]);
	for (const kind of kinds) {
		const policy = wishes.get(location)?.get(kind) ?? 'never';
		if (policy !== 'never') insert.run([content, kind, policy]);
	}
}

export function isQueued(database: Database, content: ContentId): boolean {
	return database.prepare('SELECT 1 FROM analysis WHERE content = ? LIMIT 1').get([content]) !== undefined;
}

/** What waits, and what people have said of it. Run inside `read`. */
export function readQueue(database: Database): AnalysisQueue {
	const rows = database
		.prepare(
			`SELECT analysis.kind AS kind, policy, count(*) AS contents, sum(content.sizeBytes) AS bytes
			FROM analysis JOIN content ON content.id = analysis.content GROUP BY analysis.kind, policy`
		)
		.all([]);
	const counts = rows.flatMap((row): QueueCount[] => {
		const [kind, policy] = [String(row['kind']), String(row['policy'])];
		if (!isAnalysisKind(kind) || !isAnalysisPolicy(policy)) return [];
		return [{ kind, policy, contents: Number(row['contents']), bytes: Number(row['bytes']) }];
	});
	return { counts, said: readSaid(database) };
}

/** Keeps what a person says of an analysis; null takes it back. Run inside `write`. */
export function writePolicy(
	database: Database,
	location: LocationId | null,
	kind: AnalysisKind,
	policy: AnalysisPolicy | null
): void {
	database.prepare('DELETE FROM analysis_policy WHERE location IS ? AND kind = ?').run([location, kind]);
	if (policy !== null)
		database
			.prepare('INSERT INTO analysis_policy (location, kind, policy) VALUES (?, ?, ?)')
			.run([location, kind, policy]);
}
