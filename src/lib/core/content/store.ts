import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import type { Selectable } from 'kysely';
import { contentId, invariant, type ContentId } from '#core/kernel';
import { build, type Database, type Tables } from '#core/schema';
import { kindCode, typeById, typeOfCopy, typeOfName, type FoundType } from './find-type.ts';
import { fileKinds, type FileKind, type FileTypeRow } from './file-types.ts';
import type { Content, FileType } from './schema.ts';

function toFileType({ id, kind, words }: FileTypeRow): FileType {
	return { id, kind, words };
}

/** The kind of file that a number in the database stands for. */
export function fileKindOf(code: number): FileKind {
	return fileKinds[code] ?? 'other';
}

/** What a file is by the end of its name alone; null where that tells nothing. */
export function typeByName(name: string): FileType | null {
	const type = typeOfName(name);
	return type === null ? null : toFileType(type);
}

/** A type whose row is gone keeps its kind. */
function storedType(id: string, kind: number): FileType {
	const row = typeById(id);
	return row === null ? { id, kind: fileKinds[kind] ?? 'other', words: 'File' } : toFileType(row);
}

function rowToContent(row: Selectable<Tables['content']>): Content {
	return {
		id: contentId(row.id),
		identity: row.identity,
		sizeBytes: row.sizeBytes,
		type: storedType(row.type, row.kind),
		confidence: row.confidence,
		proof: row.proof
	};
}

/** The content, or null where no file has it any more. Run inside `read`. */
export function readContent(database: Database, id: ContentId): Content | null {
	const row = database.first(build.selectFrom('content').selectAll().where('id', '=', id));
	return row === undefined ? null : rowToContent(row);
}

/** The type of a file by the bytes of its content, where that is known, and by its name. Run inside `read`. */
export function readFileType(
	database: Database,
	{ name, sizeBytes, content }: { readonly name: string; readonly sizeBytes: number; readonly content: number | null }
): FileType | null {
	const row =
		content === null ? undefined : database.prepare('SELECT type, kind FROM content WHERE id = ?').get([content]);
	const seen = row === undefined ? null : { type: String(row['type']), kind: Number(row['kind']) };
	return typeOfFile(name, sizeBytes, seen);
}

/** What a file is by its name, and by the row of its content where there is one. */
export function typeOfFile(
	name: string,
	sizeBytes: number,
	seen: { readonly type: string; readonly kind: number } | null
): FileType | null {
	const type = typeOfCopy(name, sizeBytes, seen?.type ?? null);
	if (type !== null) return toFileType(type);
	return seen === null || sizeBytes === 0 ? null : storedType(seen.type, seen.kind);
}

/** Every content of one quick identity: one, unless a full look told some apart. */
export function readSplits(database: Database, identity: Uint8Array): Content[] {
	return database
		.all(build.selectFrom('content').selectAll().where('identity', '=', identity).orderBy('split'))
		.map(rowToContent);
}

/** What the number of a content that is not there is kept by. */
function keptKey(identity: Uint8Array, split: number): Uint8Array {
	return split === 0 ? identity : concatBytes(identity, utf8ToBytes(String(split)));
}

/** The number that a content has, or had and gets again; null where it never had one. Run inside `read` or `write`. */
export function contentNumber(database: Database, identity: Uint8Array, split: number): number | null {
	const there = database.prepare('SELECT id FROM content WHERE identity = ? AND split = ?').column([identity, split]);
	const kept = 'SELECT content FROM kept_number WHERE identity = ?';
	const [number] = there.length > 0 ? there : database.prepare(kept).column([keptKey(identity, split)]);
	return number === undefined ? null : Number(number);
}

/** As `contentNumber`; a content that was never here is given the number that it will have. Run inside `write`. */
export function reserveContent(database: Database, identity: Uint8Array, split: number): number {
	const known = contentNumber(database, identity, split);
	if (known !== null) return known;
	// The next that the table would give out itself, and does not give out any more.
	const raise = database.prepare(`UPDATE sqlite_sequence SET seq = seq + 1 WHERE name = 'content' RETURNING seq`);
	const first = database.prepare(`INSERT INTO sqlite_sequence (name, seq) VALUES ('content', 1) RETURNING seq`);
	const number = Number(raise.column()[0] ?? first.column()[0]);
	const keep = database.prepare('INSERT INTO kept_number (identity, content) VALUES (?, ?)');
	keep.run([keptKey(identity, split), number]);
	return number;
}

/**
 * The content of a quick identity, made where there is none. Of copies with other names the one that tells most says
 * what type it is. Run inside `write`.
 */
export function findOrInsert(
	database: Database,
	identity: Uint8Array,
	sizeBytes: number,
	{ type, confidence }: FoundType
): ContentId {
	const inserted = database
		.prepare(
			`INSERT OR IGNORE INTO content (id, identity, split, sizeBytes, kind, type, confidence, proof)
			VALUES ((SELECT content FROM kept_number WHERE identity = ?), ?, 0, ?, ?, ?, ?, NULL)`
		)
		.run([identity, identity, sizeBytes, kindCode(type.kind), type.id, confidence]);
	if (inserted.changes > 0) return contentId(inserted.lastId);
	const known = database.prepare('SELECT id, confidence FROM content WHERE identity = ? AND split = 0').get([identity]);
	invariant(known !== undefined, 'a content that is there already can be read');
	if (Number(known['confidence']) < confidence)
		database
			.prepare('UPDATE content SET kind = ?, type = ?, confidence = ? WHERE id = ?')
			.run([kindCode(type.kind), type.id, confidence, Number(known['id'])]);
	return contentId(known['id']);
}

/** Another content of the same quick identity, whose bytes are those of `proof`. Run inside `write`. */
export function insertSplit(database: Database, from: ContentId, proof: Uint8Array): ContentId {
	const row = database
		.prepare(
			`SELECT identity, (SELECT max(split) + 1 FROM content AS other WHERE other.identity = content.identity) AS split
			FROM content WHERE id = ?`
		)
		.get([from]);
	invariant(row?.['identity'] instanceof Uint8Array, 'what is told apart is there');
	const split = Number(row['split']);
	const inserted = database
		.prepare(
			`INSERT INTO content (id, identity, split, sizeBytes, kind, type, confidence, proof)
			SELECT ?, identity, ?, sizeBytes, kind, type, confidence, ? FROM content WHERE id = ?`
		)
		.run([contentNumber(database, row['identity'], split), split, proof, from]);
	return contentId(inserted.lastId);
}

export function writeProof(database: Database, id: ContentId, proof: Uint8Array): void {
	database.run(build.updateTable('content').set({ proof }).where('id', '=', id));
}

/** Has the bytes of a content get its number again when they come back. Run inside `write`, before it is forgotten. */
export function keepNumber(database: Database, id: number): void {
	const row = database.prepare('SELECT identity, split FROM content WHERE id = ?').get([id]);
	if (!(row?.['identity'] instanceof Uint8Array)) return;
	database
		.prepare('INSERT OR REPLACE INTO kept_number (identity, content) VALUES (?, ?)')
		.run([keptKey(row['identity'], Number(row['split'])), id]);
}

/** Forgets a content that no entry is tied to. Run inside `write`. */
export function deleteContent(database: Database, id: number): void {
	database.prepare('DELETE FROM content WHERE id = ?').run([id]);
}

/** What another device says of the bytes of a file. `proof` where its quick identity has more than one content there. */
export type ToldContent = {
	readonly identity: Uint8Array;
	readonly proof: Uint8Array | null;
	readonly sizeBytes: number;
	readonly kind: FileKind;
	readonly type: string;
	readonly confidence: number;
};

/**
 * The content that another device has told of, made where there is none; null where the bytes known by that identity
 * are of another size. What is proven on another device is not proven here. Run inside `write`.
 */
export function findOrInsertTold(database: Database, told: ToldContent): ContentId | null {
	const { identity, proof, sizeBytes, kind, type, confidence } = told;
	const known =
		proof === null
			? database.prepare('SELECT id, sizeBytes FROM content WHERE identity = ? AND split = 0').get([identity])
			: database.prepare('SELECT id, sizeBytes FROM content WHERE identity = ? AND proof = ?').get([identity, proof]);
	if (known !== undefined) return known['sizeBytes'] === sizeBytes ? contentId(known['id']) : null;
	if (proof !== null) {
		const others = database.prepare('SELECT max(split) FROM content WHERE identity = ?').column([identity])[0];
		const split = Math.max(0, Number(others ?? 0)) + 1;
		const values = [identity, split, sizeBytes, kindCode(kind), type, confidence, proof];
		const { lastId } = database
			.prepare(
				`INSERT INTO content (identity, split, sizeBytes, kind, type, confidence, proof) VALUES (?, ?, ?, ?, ?, ?, ?)`
			)
			.run(values);
		return contentId(lastId);
	}
	const { lastId } = database
		.prepare(
			`INSERT INTO content (id, identity, split, sizeBytes, kind, type, confidence, proof)
			VALUES ((SELECT content FROM kept_number WHERE identity = ?), ?, 0, ?, ?, ?, ?, NULL)`
		)
		.run([identity, identity, sizeBytes, kindCode(kind), type, confidence]);
	return contentId(lastId);
}
