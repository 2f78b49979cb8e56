/** Sorts more than its cache holds, in the library at the path given; `file` puts temporary data into files. */
import { createDatabase } from '../../peer/host/database.ts';
import { keyed } from '../conformance/database.ts';
import { never, valueOf } from '../conformance/expectation.ts';

const [folder = '', temporary = ''] = process.argv.slice(2);
const connection = keyed(valueOf(await createDatabase(null).connect(folder, never)));
if (temporary === 'file') connection.exec('PRAGMA temp_store = FILE');
connection.exec('PRAGMA cache_size = 20');
connection.exec(`
	CREATE TABLE shelf (id INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT;
	WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
	INSERT INTO shelf SELECT i, printf('%08d %0150d', (i * 7919) % 20000, i) FROM n`);
connection.prepare('SELECT name FROM shelf ORDER BY name DESC').column();
connection.exec('CREATE INDEX by_name ON shelf (name)');
connection.exec('CREATE TEMP TABLE scratch AS SELECT * FROM shelf');
connection.exec('VACUUM');
connection.close();
