import { bytesToHex } from '@noble/hashes/utils.js';
import { nextStamp, stampOf, type WireValue } from '#core/kernel';
import type { SqlValue } from '#core/ports';
import type { Database } from '#core/schema';
import type { SyncChannel } from '#core/sync';

/** No kinds of facts that this version knows have numbers from here on. */
const kindsFrom = 60_000;

type Fields = Readonly<Record<string, WireValue>>;

function isFields(value: WireValue): value is Fields {
	return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array);
}

/** What a channel says where the version to come talks: more of everything, and kinds of messages that are not known. */
export function speakLater(channel: SyncChannel): SyncChannel {
	let sent = 0;
	return {
		...channel,
		send: async (message, signal) => {
			if (!isFields(message)) return channel.send(message, signal);
			const fields: Fields = { ...message, later: { of: [sent, null, 'more'] } };
			// Nothing may come before what says who it is.
			if (sent++ > 0 && sent % 3 === 0 && !(await channel.send({ kind: 'later', of: fields }, signal))) return false;
			const { domains, features } = fields;
			const hello = {
				versions: { from: 1, to: 2 },
				features: [...(Array.isArray(features) ? features : []), 'later'],
				domains: [...(Array.isArray(domains) ? domains : []), 'later']
			};
			return channel.send(fields['kind'] === 'hello' ? { ...fields, ...hello } : fields, signal);
		}
	};
}

function textOf(row: readonly SqlValue[]): string {
	return row.map((value) => (value instanceof Uint8Array ? bytesToHex(value) : String(value))).join(' ');
}

/** Facts of kinds that are not known here, as text, each the same on every device. Run inside `read`. */
export function readLaterFacts(database: Database): string[] {
	return database
		.prepare(
			`SELECT device.id, stamp, fact.kind, subject, body FROM fact JOIN device USING (slot) WHERE fact.kind >= ${kindsFrom}`
		)
		.all()
		.map((row) => textOf(Object.values(row)))
		.toSorted();
}

/**
 * Says something as a version to come would, of a tag that is there or of what this version has no word for. Answers what
 * it was, as text; null where the library has met nobody yet, or the disk did not take it.
 */
export function writeLaterFact(database: Database, nowMs: number, which: number): string | null {
	const written = database.write(() => {
		const [own] = database.prepare('SELECT heardStamp FROM device WHERE slot = 0 AND heardStamp > 0').column();
		if (own === undefined) return null;
		const [latest] = database.prepare('SELECT max(heardStamp) FROM device').column();
		const stamp = nextStamp(stampOf(Number(latest)), nowMs);
		const tags = database.prepare('SELECT key FROM tag ORDER BY key').column();
		const tag = tags[which % Math.max(1, tags.length)];
		const isOfTag = which % 2 === 0 && tag !== undefined;
		const subject = isOfTag
			? Uint8Array.of(0x74, ...Buffer.from(String(tag), 'hex'))
			: Uint8Array.of(0x7a, which % 256);
		const body = Uint8Array.from({ length: which % 40 }, (_, at) => (at * which) % 256);
		const kind = kindsFrom + (which % 3);
		database
			.prepare('INSERT INTO fact (stamp, slot, kind, subject, body) VALUES (?, 0, ?, ?, ?)')
			.run([stamp, kind, subject, body]);
		database.prepare('UPDATE device SET heardStamp = ? WHERE slot = 0').run([stamp]);
		const [device] = database.prepare('SELECT id FROM device WHERE slot = 0').column();
		return textOf([device ?? null, stamp, kind, subject, body]);
	});
	return written.ok ? written.value : null;
}
