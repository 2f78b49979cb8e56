import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabasePort, SqlConnection } from '#core/ports';
import { createDatabase } from '../../peer/host/database.ts';
import { keyed, sampleKey } from '../conformance/database.ts';
import { never, valueOf } from '../conformance/expectation.ts';
import { createSimClock } from '../sim/host/clock.ts';
import { SimDisk } from '../sim/host/disk.ts';
import { createSimRandom } from '../sim/host/random.ts';
import { createSimDatabase } from '../sim/host/sim-host.ts';

/** One real engine with a place to keep a library. */
export type Place = {
	readonly port: DatabasePort;
	readonly folder: string;
	/** The bytes of every file, as a thief of the disk has them; safe while the library is open. */
	files(): ReadonlyMap<string, Uint8Array>;
	dispose(): void;
};

/** POSIX drops our locks on a file when we close it: another process has to read it. */
function readByAnother(path: string): Uint8Array {
	return new Uint8Array(execFileSync('cat', [path], { maxBuffer: 2 ** 30 }));
}

function nodePlace(): Place {
	const base = mkdtempSync(join(tmpdir(), 'atoll-'));
	const folder = join(base, 'one.sdlibrary');
	return {
		port: createDatabase(base),
		folder,
		files: () => new Map(readdirSync(folder).map((name) => [name, readByAnother(join(folder, name))])),
		dispose: () => rmSync(base, { recursive: true, force: true })
	};
}

function wasmPlace(): Place {
	const disk = new SimDisk(createSimRandom(1));
	return {
		port: createSimDatabase(disk, createSimClock()),
		folder: 'one.sdlibrary',
		files: () => new Map([...disk.contents()].map(([path, bytes]) => [path.split('/').at(-1) ?? '', bytes])),
		dispose: () => undefined
	};
}

/** The engine of the peer and that of the browser. */
export const places: Readonly<Record<'Node' | 'WebAssembly', () => Place>> = {
	Node: nodePlace,
	WebAssembly: wasmPlace
};

export async function connected({ port, folder }: Place): Promise<SqlConnection> {
	return valueOf(await port.connect(folder, never));
}

export async function openKeyed(place: Place, rawKey = sampleKey): Promise<SqlConnection> {
	return keyed(await connected(place), rawKey);
}

/** The content of `database.db`, the library being closed. */
export function databaseBytes(place: Place): Uint8Array {
	const bytes = place.files().get('database.db');
	if (!bytes) throw new Error('there is no database');
	return bytes;
}

export async function* whole(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
	yield bytes;
}
