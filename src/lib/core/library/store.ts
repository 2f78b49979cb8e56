import type { Database } from '#core/schema';

const nameSetting = 'library.name';

/** The value kept under `name`, or null. Run inside `read`. */
export function readSetting(database: Database, name: string): unknown {
	const row = database.prepare('SELECT value FROM setting WHERE name = ?').get([name]);
	return row === undefined ? null : JSON.parse(String(row['value']));
}

/** Run inside `write`. */
export function writeSetting(database: Database, name: string, value: unknown): void {
	database
		.prepare('INSERT INTO setting (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value')
		.run([name, JSON.stringify(value)]);
}

/** What people call the library. Run inside `read`. */
export function readName(database: Database): string {
	const name = readSetting(database, nameSetting);
	return typeof name === 'string' ? name : '';
}

/** Run inside `write`. */
export function writeName(database: Database, name: string): void {
	writeSetting(database, nameSetting, name);
}
