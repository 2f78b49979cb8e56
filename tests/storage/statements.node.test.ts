import load from '@journeyapps/wa-sqlite/dist/mc-wa-sqlite.mjs';
import { expect, test, vi } from 'vitest';
import { sqlPrelude } from '#core/schema';
import { sampleKey } from '../conformance/database.ts';
import { failureOf, never } from '../conformance/expectation.ts';
import { wasmBinary } from '../sim/host/sim-host.ts';
import { openKeyed, places } from './engines.ts';

vi.setConfig({ testTimeout: 60_000 });

for (const [name, makePlace] of Object.entries(places)) {
	test(`on ${name} a connection lets go, whatever statements are left`, async () => {
		const place = makePlace();
		const connection = await openKeyed(place);
		connection.exec('CREATE TABLE shelf (id INTEGER PRIMARY KEY) STRICT; INSERT INTO shelf VALUES (1), (2), (3)');
		const held = Array.from({ length: 300 }, (_, at) => connection.prepare(`SELECT id, ${at} FROM shelf`));
		for (const statement of held) statement.get();
		expect(failureOf(await place.port.connect(place.folder, never)).type).toBe('LibraryBusy');
		connection.close();
		const again = await openKeyed(place);
		expect(again.prepare('SELECT count(*) FROM shelf').column()).toEqual([3]);
		again.close();
		place.dispose();
	});
}

test('SQLite keeps a database open for a statement that is left (negative control)', async () => {
	const module = await load({ wasmBinary: wasmBinary() });
	const text = (value: string) => {
		const bytes = new TextEncoder().encode(`${value}\0`);
		const pointer = module._malloc(bytes.length);
		module.HEAPU8.set(bytes, pointer);
		return pointer;
	};
	const out = module._malloc(8);
	expect(module._sqlite3_open_v2(text(':memory:'), out, 6, 0)).toBe(0);
	const database = module.HEAP32[out >> 2] ?? 0;
	for (const statement of sqlPrelude(sampleKey).slice(3)) module._sqlite3_exec(database, text(statement), 0, 0, 0);
	expect(module._sqlite3_prepare_v3(database, text('SELECT 1'), -1, 0, out, 0)).toBe(0);
	const statement = module.HEAP32[out >> 2] ?? 0;
	const busy = 5;
	expect(module._sqlite3_close(database)).toBe(busy);
	module._sqlite3_finalize(statement);
	expect(module._sqlite3_close(database)).toBe(0);
});
