import { DummyDriver, Kysely, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from 'kysely';
import type { CompiledQuery } from 'kysely';
import type { Tables } from './tables.ts';

/** Builds typed queries; `Database` runs them. Kysely itself never executes, as its driver would have to wait. */
export const build = new Kysely<Tables>({
	dialect: {
		createAdapter: () => new SqliteAdapter(),
		createDriver: () => new DummyDriver(),
		createIntrospector: (database) => new SqliteIntrospector(database),
		createQueryCompiler: () => new SqliteQueryCompiler()
	}
});

/** A query that Kysely can turn into SQL, with rows of type `Row`. */
export interface Compilable<Row> {
	compile(): CompiledQuery<Row>;
}
