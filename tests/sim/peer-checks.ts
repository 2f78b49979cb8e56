import { dumpMembers } from '#core/devices';
import { dumpIndex } from '#core/replicas';
import { dump as dumpSayings } from '#core/sayings';
import { readLaterFacts } from './later-version.ts';
import type { PeerWorld } from './peer-world.ts';
import type { SimPeer } from './peer.ts';
import type { Written } from './register-domain.ts';

const isLater = (a: Written, b: Written) => a.stamp > b.stamp || (a.stamp === b.stamp && a.device > b.device);
const told = ({ key, value, stamp, device }: Written) => `${key}=${String(value)} of ${stamp} by …${device.slice(-2)}`;

/** All that is the same on devices that are level: what people say, and whose index is how. */
function dumpAll(peers: readonly SimPeer[], { database, registers }: SimPeer): string {
	if (database === null) return '';
	const read = database.read(() => [
		dumpSayings(database),
		dumpMembers(database),
		...peers.map(({ device }) => dumpIndex(database, device))
	]);
	if (!read.ok) throw new Error(read.failure.type);
	return [registers?.dump(), ...read.value].join('\n\n');
}

/** Every ordered dump is the same, byte for byte. */
export function checkConverged(peers: readonly SimPeer[]): string | null {
	const [first, ...others] = peers.map((peer) => dumpAll(peers, peer));
	const at = others.findIndex((dump) => dump !== first);
	return at < 0 ? null : `not converged: device ${at + 1} has\n${String(others[at])}\nand device 0\n${String(first)}`;
}

/** Each write that was said to be done is there, or a later one in its place; what was deleted is not there again. */
function checkNothingLost(peers: readonly SimPeer[]): string | null {
	const known = new Map<string, Written>();
	for (const row of peers[0]?.registers?.rows() ?? []) known.set(row.key, row);
	const sure = peers.flatMap(({ acknowledged }) => acknowledged);
	const all = [...sure, ...peers.flatMap(({ unsure }) => unsure)];
	for (const row of sure) {
		const kept = known.get(row.key);
		if (kept === undefined || isLater(row, kept))
			return row.value === null ? `a deletion was undone: ${told(row)}` : `lost: ${told(row)}`;
	}
	for (const kept of known.values()) {
		const isWritten = all.some(
			({ key, value, stamp }) => key === kept.key && value === kept.value && stamp === kept.stamp
		);
		if (!isWritten) return `nobody wrote ${told(kept)}`;
	}
	return null;
}

/** Tags that were made, and that nobody deleted, are there. */
function checkTags(peers: readonly SimPeer[]): string | null {
	const there = new Set(peers[0]?.database?.prepare('SELECT key FROM tag').column().map(String));
	const deleted = new Set(peers.flatMap(({ books }) => [...books.deleted]));
	const lost = peers.flatMap(({ books }) => [...books.created]).find((tag) => !deleted.has(tag) && !there.has(tag));
	return lost === undefined ? null : `lost: tag ${lost}`;
}

/** What a version to come has said, which here means nothing, is on every device as it was said. */
function checkLater(peers: readonly SimPeer[]): string | null {
	const said = peers.flatMap(({ laterFacts }) => laterFacts);
	for (const [n, { database }] of peers.entries()) {
		const kept = new Set(database === null ? [] : readLaterFacts(database));
		const lost = said.find((fact) => !kept.has(fact));
		if (lost !== undefined) return `lost: what a later version has said, on device ${n}: ${lost}`;
	}
	return null;
}

/** Trees, references and pages of every library are whole. */
async function checkWhole(peers: readonly SimPeer[]): Promise<string | null> {
	for (const [n, { core }] of peers.entries()) {
		const signal = new AbortController().signal;
		const report = await core?.commands['library.verify']({}, { signal, command: '' as never });
		if (!report?.ok || report.value.flaws.length > 0) return `device ${n} is flawed: ${JSON.stringify(report)}`;
	}
	return null;
}

/** Every device says of every other one that it was linked with that it is level with it. */
async function checkLevel(peers: readonly SimPeer[]): Promise<string | null> {
	for (const [n, { core }] of peers.entries()) {
		const signal = new AbortController().signal;
		const status = await core?.commands['sync.status']({}, { signal, command: '' as never });
		if (!status?.ok) return `device ${n} has no status`;
		for (const { link, ended, domains, heardMs } of status.value) {
			// Of others it only knows.
			if (link === 'none' && heardMs === null) continue;
			if (link !== 'open' || domains.some(({ pull, give }) => pull.type !== 'level' || give.type === 'behind'))
				return `device ${n} is not level: ${JSON.stringify({ link, ended, domains })}`;
		}
	}
	return null;
}

/** What is wrong with a world that has settled; null where nothing is. */
export async function findFault({ peers }: PeerWorld): Promise<string | null> {
	return (
		checkConverged(peers) ??
		checkNothingLost(peers) ??
		checkTags(peers) ??
		checkLater(peers) ??
		(await checkWhole(peers)) ??
		checkLevel(peers)
	);
}
