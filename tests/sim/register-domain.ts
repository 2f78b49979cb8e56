import * as v from 'valibot';
import { err, ok, type DeviceId, type Result, type WireValue } from '#core/kernel';
import type { ClockPort, SqlRow } from '#core/ports';
import type { Database } from '#core/schema';
import { StorageFault, type Batch, type MergeRefusal, type SyncDomain } from '#core/sync';

/** How far a stamp may lie ahead of a clock. */
const aheadMaxMs = 5 * 60_000;
const hex128 = v.pipe(v.string(), v.regex(/^[0-9a-f]{32}$/));
const whole = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const haveSchema = v.pipe(v.record(hex128, whole), v.maxEntries(10_000));
const rowSchema = v.object({
	key: v.pipe(v.string(), v.maxLength(100)),
	value: v.nullable(v.pipe(v.string(), v.maxLength(100_000))),
	stamp: whole,
	device: hex128,
	seq: whole
});
const batchSchema = v.object({
	from: haveSchema,
	to: haveSchema,
	rows: v.pipe(v.array(rowSchema), v.maxLength(10_000))
});

export type Written = v.InferOutput<typeof rowSchema>;
type Vector = Readonly<Record<string, number>>;

/**
 * How it keeps to what a domain has to be. For negative controls: `forgets` moves its cursor on before it has the rows,
 * as a session would that acknowledges first; `unordered` takes what comes last, whatever its stamp.
 */
export type RegisterManner = 'sound' | 'forgets' | 'unordered';

/** What a last-writer register holds: for each key the value with the greatest stamp, null where it was deleted. */
export type RegisterDomain = SyncDomain & {
	/** Takes the stamp of a write, which is durable once `write` answers true. */
	plan(key: string, value: string | null): Written;
	write(row: Written): boolean;
	/** Everything, in order, as text. */
	dump(): string;
	rows(): Written[];
};

const isLater = (a: Written, b: Written) => a.stamp > b.stamp || (a.stamp === b.stamp && a.device > b.device);
const byOrder = (a: Written, b: Written) => (a.key < b.key ? -1 : 1);

function rowOf(row: SqlRow): Written {
	return v.parse(rowSchema, row);
}

/** A small real domain: versioned registers in tables of its own, passed on by vectors of what each device has said. */
class Registers implements RegisterDomain {
	readonly name: string;
	readonly #database: Database;
	readonly #clock: ClockPort;
	readonly #device: DeviceId;
	readonly #manner: RegisterManner;

	constructor(name: string, database: Database, clock: ClockPort, device: DeviceId, manner: RegisterManner) {
		this.name = name;
		this.#database = database;
		this.#clock = clock;
		this.#device = device;
		this.#manner = manner;
		this.#write(() => {
			database.connection.exec(
				`CREATE TABLE IF NOT EXISTS sim_${name} (
					key TEXT PRIMARY KEY, value TEXT, stamp INTEGER NOT NULL, device TEXT NOT NULL, seq INTEGER NOT NULL
				) STRICT`
			);
			database.connection.exec(
				`CREATE TABLE IF NOT EXISTS sim_${name}_seen (device TEXT PRIMARY KEY, seq INTEGER NOT NULL) STRICT`
			);
		});
	}

	have(): WireValue {
		return this.#read(() => this.#vector());
	}

	next(have: WireValue, bytesMax: number): Result<Batch, MergeRefusal> | null {
		const parsed = v.safeParse(haveSchema, have);
		if (!parsed.success) return err({ type: 'BatchWrong', what: 'have' });
		const from = parsed.output;
		return this.#read(() => {
			const mine = this.#vector();
			const rows: Written[] = [];
			const to: Record<string, number> = { ...from };
			let bytes = 0;
			for (const [device, seq] of Object.entries(mine)) {
				const known = from[device] ?? 0;
				if (seq <= known) continue;
				for (const row of this.#after(device, known)) {
					rows.push(row);
					to[device] = row.seq;
					bytes += row.key.length + (row.value?.length ?? 0) + 100;
					if (bytes >= bytesMax) return ok({ batch: { from, to, rows }, have: to });
				}
				to[device] = seq;
			}
			const isNew = Object.keys(to).some((device) => (to[device] ?? 0) > (from[device] ?? 0));
			return isNew ? ok({ batch: { from, to, rows }, have: to }) : null;
		});
	}

	merge(_from: DeviceId, batch: WireValue): Result<void, MergeRefusal> {
		const parsed = v.safeParse(batchSchema, batch);
		if (!parsed.success) return err({ type: 'BatchWrong', what: 'batch' });
		const { from, to, rows } = parsed.output;
		const latest = Math.max(0, ...rows.map(({ stamp }) => stamp));
		const aheadMs = latest - this.#clock.nowMs();
		if (aheadMs > aheadMaxMs) return err({ type: 'BatchFromTheFuture', aheadMs });
		if (this.#manner === 'forgets') {
			this.#write(() => this.#advance(from, to));
			this.#write(() => rows.forEach((row) => this.#take(row)));
		} else
			this.#write(() => {
				for (const row of rows) this.#take(row);
				this.#advance(from, to);
			});
		return ok(undefined);
	}

	plan(key: string, value: string | null): Written {
		return this.#read(() => {
			const [last] = this.#database.prepare(`SELECT max(stamp) FROM sim_${this.name}`).column();
			const stamp = Math.max(this.#clock.nowMs(), Number(last ?? 0) + 1);
			return { key, value, stamp, device: this.#device, seq: (this.#vector()[this.#device] ?? 0) + 1 };
		});
	}

	write(row: Written): boolean {
		return this.#database.write(() => {
			this.#put(row);
			this.#see(this.#device, row.seq);
		}).ok;
	}

	dump(): string {
		return JSON.stringify([this.rows(), this.#read(() => this.#vector())]);
	}

	rows(): Written[] {
		return this.#read(() =>
			this.#database.prepare(`SELECT * FROM sim_${this.name}`).all().map(rowOf).toSorted(byOrder)
		);
	}

	#after(device: string, seq: number): Written[] {
		const sql = `SELECT * FROM sim_${this.name} WHERE device = ? AND seq > ? ORDER BY seq`;
		return this.#database.prepare(sql).all([device, seq]).map(rowOf);
	}

	#vector(): Vector {
		const rows = this.#database.prepare(`SELECT device, seq FROM sim_${this.name}_seen ORDER BY device`).all();
		return Object.fromEntries(rows.map(({ device, seq }) => [String(device), Number(seq)]));
	}

	#take(row: Written): void {
		const known = this.#database.prepare(`SELECT * FROM sim_${this.name} WHERE key = ?`).get([row.key]);
		if (this.#manner === 'unordered' || known === undefined || isLater(row, rowOf(known))) this.#put(row);
	}

	#put({ key, value, stamp, device, seq }: Written): void {
		this.#database
			.prepare(`INSERT OR REPLACE INTO sim_${this.name} (key, value, stamp, device, seq) VALUES (?, ?, ?, ?, ?)`)
			.run([key, value, stamp, device, seq]);
	}

	/** What a device said is known up to where a batch ends, if it begins no later than where this one was. */
	#advance(from: Vector, to: Vector): void {
		const mine = this.#vector();
		for (const [device, seq] of Object.entries(to))
			if ((mine[device] ?? 0) >= (from[device] ?? 0) && seq > (mine[device] ?? 0)) this.#see(device, seq);
	}

	#see(device: string, seq: number): void {
		const sql = `INSERT OR REPLACE INTO sim_${this.name}_seen (device, seq) VALUES (?, ?)`;
		this.#database.prepare(sql).run([device, seq]);
	}

	#read<T>(work: () => T): T {
		const done = this.#database.read(work);
		if (!done.ok) throw new StorageFault(done.failure);
		return done.value;
	}

	#write(work: () => void): void {
		const done = this.#database.write(work);
		if (!done.ok) throw new StorageFault(done.failure);
	}
}

export function createRegisters(
	name: string,
	database: Database,
	clock: ClockPort,
	device: DeviceId,
	manner: RegisterManner = 'sound'
): RegisterDomain {
	return new Registers(name, database, clock, device, manner);
}
