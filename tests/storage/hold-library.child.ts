/** Opens the library at the path given, in the middle of a transaction, until its input ends. */
import { createDatabase } from '../../peer/host/database.ts';
import { keyed } from '../conformance/database.ts';
import { never } from '../conformance/expectation.ts';

const [folder = ''] = process.argv.slice(2);
const connected = await createDatabase(null).connect(folder, never);
if (connected.ok) {
	const connection = keyed(connected.value);
	connection.exec('CREATE TABLE IF NOT EXISTS held (id INTEGER PRIMARY KEY, word TEXT) STRICT');
	connection.exec("INSERT OR IGNORE INTO held VALUES (1, 'sure')");
	connection.exec(`BEGIN IMMEDIATE;
		WITH RECURSIVE n (i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < 5000)
		INSERT INTO held SELECT i, printf('%0100d', i) FROM n`);
	process.stdin.on('end', () => connection.close());
} else if (connected.failure.type === 'LibraryBusy') console.log(`busy ${connected.failure.holder}`);
else console.log(connected.failure.type);
process.stdin.resume();
if (connected.ok) console.log('holding');
