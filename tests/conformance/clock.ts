import type { ClockPort } from '#core/ports';
import { abortedSignal, equal, holds, never, type Cases } from './expectation.ts';

export type ClockWorld = {
	readonly port: ClockPort;
	/** Lets `delayMs` pass where time does not pass by itself. */
	pass(delayMs: number): Promise<void>;
};

export const clockCases: Cases<ClockWorld> = {
	'tells a time of this century': async ({ port }) => {
		holds(port.nowMs() > Date.UTC(2025, 0) && port.nowMs() < Date.UTC(2100, 0), 'the wall clock is set');
	},
	'tells how far local time is ahead of UTC': async ({ port }) => {
		for (const atMs of [0, Date.UTC(2026, 0), Date.UTC(2026, 6), port.nowMs()]) {
			const offsetMs = port.utcOffsetMs(atMs);
			holds(offsetMs % 60_000 === 0 && Math.abs(offsetMs) <= 15 * 3_600_000, 'it is of whole minutes and below a day');
			const local = new Date(atMs);
			const asUtc = new Date(atMs + offsetMs);
			const isOfDevice = local.getHours() === asUtc.getUTCHours() && local.getMinutes() === asUtc.getUTCMinutes();
			holds(isOfDevice || offsetMs === 0, 'it is that of the device, or of a device without a zone');
		}
	},
	'never goes back': async ({ port, pass }) => {
		let before = port.elapsedMs();
		for (let round = 0; round < 100; round++) {
			const now = port.elapsedMs();
			holds(now >= before, 'elapsed time grows');
			before = now;
		}
		const waited = port.wait(5, never);
		await pass(5);
		await waited;
		holds(port.elapsedMs() >= before + 4, 'elapsed time has grown by the wait');
	},
	'waits in the order of time': async ({ port, pass }) => {
		const order: number[] = [];
		const waits = [30, 10, 20].map((delayMs) => port.wait(delayMs, never).then(() => order.push(delayMs)));
		await pass(30);
		await Promise.all(waits);
		equal(order, [10, 20, 30]);
	},
	'lets other work run in a wait of nothing': async ({ port }) => {
		const order: string[] = [];
		const { port1, port2 } = new MessageChannel();
		const came = new Promise<void>((resolve) => {
			port1.onmessage = () => {
				order.push('message');
				resolve();
			};
		});
		port2.postMessage(null);
		// A message may need more than one turn of the loop to come through.
		for (let turn = 0; turn < 1_000 && order.length === 0; turn++) await port.wait(0, never);
		order.push('waited');
		await came;
		port1.close();
		equal(order, ['message', 'waited']);
	},
	'ends a wait early at its signal': async ({ port }) => {
		const controller = new AbortController();
		const long = port.wait(3_600_000, controller.signal);
		controller.abort();
		await long;
		await port.wait(3_600_000, abortedSignal());
	}
};
