import { expect, test, vi } from 'vitest';
import type { ClockPort } from '#core/ports';
import { KeyRing } from './keys.ts';

const clock: ClockPort = {
	nowMs: () => Date.now(),
	elapsedMs: () => performance.now(),
	utcOffsetMs: () => 0,
	wait: (delayMs, signal) =>
		new Promise((resolve) => {
			const timer = setTimeout(resolve, delayMs);
			signal.addEventListener('abort', () => {
				clearTimeout(timer);
				resolve();
			});
		})
};
const key = Uint8Array.from({ length: 32 }, (_, index) => index);

/** A worker as the others see it: its lock and its ring. `die` lets go of the lock. */
async function bear(name: string): Promise<{ ring: KeyRing; die: () => void }> {
	const ring = new KeyRing(name);
	const life = Promise.withResolvers<void>();
	await new Promise<void>((held) => {
		void navigator.locks.request(`atoll:worker:${name}`, () => {
			held();
			return life.promise;
		});
	});
	return { ring, die: life.resolve };
}

/** Everything that is said while `work` runs. */
async function overhear(work: () => Promise<void>): Promise<{ type: string; generation: string; key: Uint8Array }[]> {
	const channel = new BroadcastChannel('atoll:key');
	const heard: { type: string; generation: string; key: Uint8Array }[] = [];
	channel.onmessage = (event) => heard.push(event.data);
	await work();
	channel.close();
	return heard;
}

test('a worker that starts later is given the key, by a standby as well', async () => {
	const [leader, standby] = [await bear('a1'), await bear('a2')];
	leader.ring.leads = true;
	leader.ring.hold(key);
	await vi.waitFor(() => expect(standby.ring.key()).toEqual(key));
	leader.die();
	const late = await bear('a3');
	late.ring.ask();
	await vi.waitFor(() => expect(late.ring.key()).toEqual(key));
	await standby.ring.forgetEverywhere(clock);
	standby.die();
	late.die();
});

test('after forgetting nobody holds the key, and a message that comes too late does not bring it back', async () => {
	const all = [await bear('b1'), await bear('b2'), await bear('b3')];
	const [leader, second, third] = all.map(({ ring }) => ring) as [KeyRing, KeyRing, KeyRing];
	leader.leads = true;
	const heard = await overhear(async () => {
		leader.hold(key);
		await vi.waitFor(() => expect([second.key(), third.key()]).toEqual([key, key]));
	});
	const given = heard.find(({ type }) => type === 'key');
	await leader.forgetEverywhere(clock);
	expect([leader.key(), second.key(), third.key()]).toEqual([null, null, null]);

	const channel = new BroadcastChannel('atoll:key');
	channel.postMessage(given);
	// The control, and the proof that the message before it was heard: a key of another opening is taken.
	const other = key.toReversed();
	channel.postMessage({ type: 'key', generation: 'another', key: other });
	await vi.waitFor(() => expect(third.key()).toEqual(other));
	expect(second.key()).toEqual(other);
	channel.close();
	await second.forgetEverywhere(clock);
	for (const { die } of all) die();
});

test('forgetting waits for the living, not for the dead, and for the frozen a second', async () => {
	const [leader, dead] = [await bear('c1'), await bear('c2')];
	leader.ring.leads = true;
	leader.ring.hold(key);
	// A lock and no ring: a worker that never answers.
	const silence = Promise.withResolvers<void>();
	void navigator.locks.request('atoll:worker:silent', () => silence.promise);
	const done = leader.ring.forgetEverywhere(clock);
	dead.die();
	silence.resolve();
	const begunMs = performance.now();
	await done;
	expect(performance.now() - begunMs).toBeLessThan(900);

	leader.ring.hold(key);
	const frozen = Promise.withResolvers<void>();
	void navigator.locks.request('atoll:worker:frozen', () => frozen.promise);
	const frozenMs = performance.now();
	await leader.ring.forgetEverywhere(clock);
	expect(performance.now() - frozenMs).toBeGreaterThan(900);
	expect(leader.ring.key()).toBe(null);
	frozen.resolve();
	leader.die();
});
