import type { CoreEvent } from '#core';
import type { ClockPort } from '#core/ports';
import { PendingEvents } from './pending-events.ts';
import type { EventChannel, EventMessage } from './protocol.ts';

/** The first event goes at once, what follows within this time goes together. */
const gapMs = 100;

/** Sends the core's events to every tab, ids only, at most ten messages a second. */
export function createEventSender(leader: string, clock: ClockPort): (event: CoreEvent) => void {
	const name: EventChannel = 'atoll:events';
	const channel = new BroadcastChannel(name);
	const pending = new PendingEvents();
	const forever = new AbortController().signal;
	let sending = false;

	async function send(): Promise<void> {
		sending = true;
		for (let events = pending.take(); events.length > 0; events = pending.take()) {
			channel.postMessage({ leader, events } satisfies EventMessage);
			await clock.wait(gapMs, forever);
		}
		sending = false;
	}

	return (event) => {
		pending.add(event);
		if (!sending) void send();
	};
}
