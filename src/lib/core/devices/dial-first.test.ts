import { expect, test } from 'vitest';
import { err, ok } from '#core/kernel';
import type { Link } from '#core/net';
import { createSimClock } from '../../../../tests/sim/host/clock.ts';
import { dialFirst } from './dial-first.ts';
import type { DialPort } from './mod.ts';

/** What becomes of an address, after so many milliseconds: a link, or nothing. */
type Answer = readonly [afterMs: number, isThere: boolean];

/** Addresses `0`, `1`, …, and what was done with them. */
function world(answers: readonly Answer[]) {
	const clock = createSimClock();
	const [dialled, closed]: [string[], string[]] = [[], []];
	const port: DialPort = {
		dial: async (address, _key, signal) => {
			dialled.push(`${address}@${clock.elapsedMs() - startMs}`);
			const [afterMs, isThere] = answers[Number(address)] ?? [0, false];
			// Answers all the same when it is called off, as a host may that had its link by then.
			await clock.wait(afterMs, new AbortController().signal);
			const link: Link = {
				messageBytesMax: 0,
				start: () => undefined,
				send: () => true,
				close: () => closed.push(address)
			};
			if (!isThere) signal.throwIfAborted();
			return isThere ? ok({ ...link }) : err({ type: 'DeviceUnreachable', what: address });
		}
	};
	const startMs = clock.elapsedMs();
	const addresses = answers.map((_, at) => String(at));
	return { clock, port, addresses, dialled, closed };
}

const { signal } = new AbortController();

test('an address that leads nowhere holds up the next for a quarter of a second', async () => {
	const { clock, port, addresses, dialled, closed } = world([
		[10_000, false],
		[20, false],
		[100, true],
		[5, true]
	]);
	let atMs = 0;
	const startMs = clock.elapsedMs();
	const dialling = dialFirst({ port, clock }, addresses, null, signal).then((result) => {
		atMs = clock.elapsedMs() - startMs;
		return result;
	});
	await clock.advance(20_000);
	expect(await dialling).toMatchObject({ ok: true });
	expect(dialled).toEqual(['0@0', '1@250', '2@270']);
	expect(closed).toEqual([]);
	expect(atMs).toBe(370);
});

test('of two that answer the first one stays, and the other is closed', async () => {
	const { clock, port, addresses, closed } = world([
		[400, true],
		[100, true]
	]);
	const dialling = dialFirst({ port, clock }, addresses, null, signal);
	await clock.advance(1_000);
	expect(await dialling).toMatchObject({ ok: true });
	expect(closed).toEqual(['0']);
});

test('where nobody answers the last address says why, and where there is none that', async () => {
	const { clock, port, addresses } = world([
		[10, false],
		[10, false]
	]);
	const dialling = dialFirst({ port, clock }, addresses, null, signal);
	await clock.advance(1_000);
	expect(await dialling).toEqual(err({ type: 'DeviceUnreachable', what: '1' }));
	expect(await dialFirst({ port, clock }, [], null, signal)).toEqual(err({ type: 'DeviceNoAddress' }));
});

test('called off, it rejects with the reason and leaves no link', async () => {
	const { clock, port, addresses, closed } = world([[400, true]]);
	const calling = new AbortController();
	const dialling = dialFirst({ port, clock }, addresses, null, calling.signal);
	calling.abort(new Error('called off'));
	const rejected = expect(dialling).rejects.toThrow('called off');
	await clock.advance(1_000);
	await rejected;
	expect(closed).toEqual(['0']);
});

test('that this device was not let into the network is told before what became of any other address', async () => {
	const clock = createSimClock();
	const port: DialPort = {
		dial: async (address) =>
			err(address === 'held' ? { type: 'NetworkRefused' } : { type: 'DeviceUnreachable', what: address })
	};
	const dialled = (...addresses: string[]) => dialFirst({ port, clock }, addresses, null, signal);
	expect(await dialled('first', 'held', 'last')).toEqual(err({ type: 'NetworkRefused' }));
	expect(await dialled('first', 'last')).toEqual(err({ type: 'DeviceUnreachable', what: 'last' }));
});
