import { err, ok, type Result } from '#core/kernel';
import type { ByteSource, DatabaseFailure, Host } from '#core/ports';
import { parseHeader } from './header.ts';
import type { Library } from './library.ts';
import type { LibraryFailure } from './schema.ts';
import { blockBytes, paddingBytes, parseTarHeader, printTarHeader } from './tar.ts';

/** Bytes in one read or write: large enough for speed, small enough for a phone. */
const chunkBytes = 1024 * 1024;
const headerBytesMax = 64 * 1024;
/** SQLCipher's page; a database is a whole number of them. */
const pageBytes = 4096;

export type BackupFailure =
	| { readonly type: 'BackupUnreadable'; readonly detail: string }
	/** Larger than the archive format can say. */
	| { readonly type: 'BackupTooLarge'; readonly sizeBytes: number };

type Write = (chunk: Uint8Array) => Promise<void>;

async function* chunksOf(source: ByteSource, from: number, to: number, signal: AbortSignal) {
	for (let at = from; at < to;) {
		signal.throwIfAborted();
		const bytes = await source.read(at, Math.min(chunkBytes, to - at), signal);
		if (!bytes.ok) throw new SourceFailed(bytes.failure);
		if (bytes.value.length === 0) throw new SourceFailed({ type: 'StorageFailed', code: 'short read', retry: 'soon' });
		yield bytes.value;
		at += bytes.value.length;
	}
}

/** Carries a source's failure out of the iteration that a port drives. */
class SourceFailed extends Error {
	override readonly name = 'SourceFailed';
	readonly failure: DatabaseFailure;
	constructor(failure: DatabaseFailure) {
		super(failure.type);
		this.failure = failure;
	}
}

type Backup<T> = Result<T, LibraryFailure | BackupFailure>;

async function sourceGuarded<T>(work: () => Promise<Backup<T>>): Promise<Backup<T>> {
	try {
		return await work();
	} catch (thrown) {
		if (thrown instanceof SourceFailed) return err(thrown.failure);
		throw thrown;
	}
}

/** Writes the open library as one archive, encrypted as it is and consistent while it goes on being used. */
export async function exportBackup(
	library: Library,
	host: Host,
	write: Write,
	signal: AbortSignal
): Promise<Result<{ readonly sizeBytes: number }, LibraryFailure | BackupFailure>> {
	const database = library.database();
	if (!database.ok) return database;
	const header = await host.database.readHeader(library.folder, signal);
	if (!header.ok) return header;
	const parsed = parseHeader(header.value);
	if (!parsed.ok) return parsed;
	const snapshot = await host.database.snapshot(library.folder, database.value.connection, signal);
	if (!snapshot.ok) return snapshot;
	const source = snapshot.value;
	const folder = `${parsed.value.id}.sdlibrary`;
	const nowMs = host.clock.nowMs();
	const first = printTarHeader({ path: `${folder}/library.json`, sizeBytes: header.value.length }, nowMs);
	const second = printTarHeader({ path: `${folder}/database.db`, sizeBytes: source.sizeBytes }, nowMs);
	try {
		if (first === null || second === null) return err({ type: 'BackupTooLarge', sizeBytes: source.sizeBytes });
		return await sourceGuarded(async () => {
			let sizeBytes = 0;
			const put = async (chunk: Uint8Array) => {
				sizeBytes += chunk.length;
				await write(chunk);
			};
			await put(first);
			await put(header.value);
			await put(new Uint8Array(paddingBytes(header.value.length)));
			await put(second);
			for await (const chunk of chunksOf(source, 0, source.sizeBytes, signal)) await put(chunk);
			await put(new Uint8Array(paddingBytes(source.sizeBytes) + 2 * blockBytes));
			return ok({ sizeBytes });
		});
	} finally {
		await source.close();
	}
}

function unreadable(detail: string): Result<never, BackupFailure> {
	return err({ type: 'BackupUnreadable', detail });
}

type Layout = { readonly header: Uint8Array; readonly databaseAt: number; readonly databaseBytes: number };

/** Where the two members lie; nothing but the two is accepted, whatever their folder is called. */
async function readLayout(
	source: ByteSource,
	signal: AbortSignal
): Promise<Result<Layout, BackupFailure | DatabaseFailure>> {
	const member = async (at: number, name: string) => {
		const block = await source.read(at, blockBytes, signal);
		if (!block.ok) return block;
		const found = parseTarHeader(block.value);
		if (found === null) return unreadable(`no ${name}`);
		const [folder = '', file, ...deeper] = found.path.split('/');
		const isExpected = /^[\w.-]+\.sdlibrary$/.test(folder) && file === name && deeper.length === 0;
		return isExpected ? ok(found) : unreadable(`no ${name}`);
	};
	const first = await member(0, 'library.json');
	if (!first.ok) return first;
	if (first.value.sizeBytes > headerBytesMax) return unreadable('library.json is too large');
	const header = await source.read(blockBytes, first.value.sizeBytes, signal);
	if (!header.ok) return header;
	const secondAt = blockBytes + first.value.sizeBytes + paddingBytes(first.value.sizeBytes);
	const second = await member(secondAt, 'database.db');
	if (!second.ok) return second;
	const databaseAt = secondAt + blockBytes;
	const databaseBytes = second.value.sizeBytes;
	if (databaseBytes === 0 || databaseBytes % pageBytes !== 0) return unreadable('database.db has no whole pages');
	if (databaseAt + databaseBytes > source.sizeBytes) return unreadable('the file ends too early');
	return ok({ header: header.value, databaseAt, databaseBytes });
}

/**
 * Makes the library of a backup in the host's folder, closed and locked. Refuses where a library is. Each page
 * proves itself when it is read: damage inside the backup shows then, never as wrong data.
 */
export async function importBackup(
	library: Library,
	host: Host,
	source: ByteSource,
	signal: AbortSignal
): Promise<Result<null, LibraryFailure | BackupFailure>> {
	const present = await library.status(signal);
	if (!present.ok) return present;
	if (present.value.state !== 'none') return err({ type: 'LibraryExists', retry: 'never' });
	return sourceGuarded(async () => {
		const layout = await readLayout(source, signal);
		if (!layout.ok) return layout;
		const { header, databaseAt, databaseBytes } = layout.value;
		const parsed = parseHeader(header);
		if (!parsed.ok) return parsed;
		const cleared = await host.database.remove(library.folder, signal);
		if (!cleared.ok && cleared.failure.type !== 'LibraryMissing') return cleared;
		const chunks = chunksOf(source, databaseAt, databaseAt + databaseBytes, signal);
		const written = await host.database.writeDatabase(library.folder, chunks, signal);
		if (!written.ok) return written;
		const headed = await host.database.writeHeader(library.folder, header, signal);
		return headed.ok ? ok(null) : headed;
	});
}
