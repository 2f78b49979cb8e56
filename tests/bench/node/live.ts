import { createClock } from '../../../peer/host/clock.ts';
import { act } from '../../conformance/core-driver.ts';
import { never } from '../../conformance/expectation.ts';
import { once, photo, withLinkedPair } from '../../peer/linked-pair.ts';
import type { Figure } from '../figure.ts';
import { median, percentile } from '../measure.ts';

const changes = 200;
/** A change after this is one by itself: what comes sooner is told together with what comes after it. */
const apartMs = 150;
/** From before the commit of a change until the other side answers with it (issue 5). */
const askedMs = 100;
const idleMs = 60_000;
/** Bytes of a minute in which nothing happens (issue 5). */
const askedBytes = 1_000;

/** Changes that one device sees of another over a secured WebSocket of this machine, and what passes when there are none. */
export async function measureLive(): Promise<Figure[]> {
	const clock = createClock();
	const timesMs: number[] = [];
	let idleBytes = NaN;
	await withLinkedPair(async ({ one, two, wire }) => {
		const place = { path: `/photos/${photo}`, from: null };
		const { id } = await one.driver.value('entries.resolve', place);
		await once(
			two,
			() => two.driver.refusal('entries.resolve', place),
			(failure) => failure === null
		);
		const there = await two.driver.value('entries.resolve', place);
		const files = { entries: [id] };
		for (let n = 0; n < changes; n++) {
			await clock.wait(apartMs, never);
			const startMs = performance.now();
			await act(one.driver, 'metadata.set-note', { files, value: `note ${n}` });
			const noteThere = async () => (await two.driver.value('metadata.of', { entries: [there.id] }))[0]?.note;
			await once(two, noteThere, (note) => note === `note ${n}`);
			timesMs.push(performance.now() - startMs);
		}
		await clock.wait(apartMs, never);
		const before = wire().length;
		await clock.wait(idleMs, never);
		idleBytes = wire().length - before;
	});
	return [
		{ name: 'node.live.p95', measured: percentile(timesMs, 0.95), unit: 'ms', asked: askedMs },
		{ name: 'node.live.median', measured: median(timesMs), unit: 'ms' },
		{ name: 'node.live.idle-minute', measured: idleBytes, unit: 'bytes', asked: askedBytes, tolerance: 0.25 }
	];
}
