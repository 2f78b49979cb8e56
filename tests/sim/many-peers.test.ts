import { describe, expect, test } from 'vitest';
import { deviceId, libraryId, type WireValue } from '#core/kernel';
import { createSessions, protocolVersions, type Sessions, type SyncDomain } from '#core/sync';
import { isNightly } from '../tier.ts';
import { linkToChannel } from './host/channel.ts';
import { createSimClock, type SimClock } from './host/clock.ts';
import { createSimLink } from './host/network.ts';
import { createSimRandom, testSeed, type SimRandom } from './host/random.ts';
import { findFault } from './peer-checks.ts';
import { PeerWorld } from './peer-world.ts';

/** A ring, and from each device a line across it, so that news has not far to go. */
function drawNet(random: SimRandom, peers: number): (readonly [number, number])[] {
	const lines = Array.from({ length: peers }, (_, n) => n).flatMap((n) => [
		[n, (n + 1) % peers] as const,
		[n, (n + 2 + random.integer(peers - 3)) % peers] as const
	]);
	const ordered = lines.map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const);
	return [...new Map(ordered.map((line) => [String(line), line])).values()];
}

const peers = isNightly ? 50 : 12;

test(`${peers} devices, half of them apart for a while, are the same within a minute; a change costs each line a little`, async () => {
	const random = createSimRandom(testSeed('many devices'));
	const links = drawNet(random, peers);
	const world = new PeerWorld({ seed: random.seed, peers, links });
	await world.begin();
	const say = (peer: number, key: string) => world.take({ do: 'write', peer, key, value: 'v'.repeat(100) });
	for (let peer = 0; peer < peers; peer++) await say(peer, `first ${peer}`);
	await world.take({ do: 'wait', ms: 5_000 });
	await world.take({ do: 'part', bits: 0x55555555 });
	for (let peer = 0; peer < peers; peer += 5) await say(peer, `apart ${peer}`);
	await world.take({ do: 'wait', ms: 5_000 });
	await world.settle();
	await world.take({ do: 'wait', ms: 30_000 });
	expect(await findFault(world)).toBeNull();
	const before = { ...world.sent };
	await say(7, 'last');
	await world.take({ do: 'wait', ms: 5_000 });
	// Idle lines ping once each way in that time, at most.
	expect((world.sent.bytes - before.bytes) / links.length).toBeLessThan(3_000);
	expect((world.sent.messages - before.messages) / links.length).toBeLessThan(10);
	expect(await findFault(world)).toBeNull();
	await world.close();
});

type Small = {
	readonly device: ReturnType<typeof deviceId>;
	readonly known: Map<string, number>;
	readonly sessions: Sessions;
};

/** A device that knows how much each other one has counted, and nothing else. */
function createSmall(clock: SimClock, n: number): Small {
	const device = deviceId((n + 1).toString(16).padStart(32, '0'));
	const known = new Map<string, number>();
	const counts: SyncDomain = {
		name: 'counts',
		have: () => Object.fromEntries(known),
		next: (have) => {
			const theirs = new Map(Object.entries(have as Record<string, number>));
			const news = [...known].filter(([by, count]) => count > (theirs.get(by) ?? 0));
			const batch: WireValue = Object.fromEntries(news);
			return news.length === 0 ? null : { ok: true, value: { batch, have: Object.fromEntries([...theirs, ...news]) } };
		},
		merge: (_from, batch) => {
			for (const [by, count] of Object.entries(batch as Record<string, number>))
				known.set(by, Math.max(count, known.get(by) ?? 0));
			return { ok: true, value: undefined };
		}
	};
	const sessions = createSessions({
		own: { library: libraryId('c0'.repeat(16)), device, versions: protocolVersions, features: [] },
		clock,
		domains: [counts],
		onMerged: () => undefined,
		onChange: () => undefined
	});
	return { device, known, sessions };
}

describe.runIf(isNightly)('at night', () => {
	test('1,000 small devices hear of what one of them says within a minute', async () => {
		const clock = createSimClock();
		const random = createSimRandom(testSeed('1,000 devices'));
		const all = Array.from({ length: 1_000 }, (_, n) => createSmall(clock, n));
		for (const [near, far] of drawNet(random, all.length)) {
			const [a, b] = [all[near], all[far]];
			if (a === undefined || b === undefined) throw new Error('a line has two ends');
			const link = createSimLink(clock, random, { delayMs: [1, 100], messageBytesMax: 2 ** 21 });
			void a.sessions.connect(b.device, linkToChannel(link.ends[0]), 0);
			void b.sessions.connect(a.device, linkToChannel(link.ends[1]), 0);
		}
		for (let n = 0; n < 10; n++) {
			const teller = all[random.integer(all.length)];
			teller?.known.set(teller.device, (teller.known.get(teller.device) ?? 0) + 1);
			teller?.sessions.changed('counts');
			await clock.advance(1_000);
		}
		await clock.advance(60_000);
		const dumps = new Set(all.map(({ known }) => JSON.stringify([...known].toSorted(([a], [b]) => (a < b ? -1 : 1)))));
		expect(dumps.size).toBe(1);
		expect(dumps).not.toContain('[]');
	}, 3_600_000);
});
