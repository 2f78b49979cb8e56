import type { Core } from '#core';
import type { ClockPort } from '#core/ports';
import { OutsideFiles } from '../host/outside-files.ts';
import { Calls } from './calls.ts';
import { discardBackup, sweepBackups } from './backups.ts';
import { createEventSender } from './send-events.ts';
import { KeyRing } from './keys.ts';
import { Leader } from './leader.ts';
import { holdForLife } from './locks.ts';
import type { CoreLock, StartMessage, WorkerLock, WorkerMessage } from './protocol.ts';
import { serveCalls, serveTabs } from './serve-tabs.ts';

/** Makes the core, with what of its host the session uses; called once, in the one worker that leads. */
export type MakeCore = () => { readonly core: Core; readonly clock: ClockPort; readonly outside?: OutsideFiles };

function tell(message: WorkerMessage, transfer: Transferable[] = []): void {
	postMessage(message, { transfer });
}

/** Serves the core to every tab, from now until this worker ends. */
async function lead({ worker, tab }: StartMessage, keys: KeyRing, make: MakeCore): Promise<void> {
	const { core, clock, outside = new OutsideFiles(clock) } = make();
	const leader = new Leader(core, clock, keys, outside);
	await leader.takeOver();
	core.subscribe(createEventSender(worker, clock));
	const runFor =
		(caller: string): ConstructorParameters<typeof Calls>[0] =>
		(name, input, context) =>
			leader.run(caller, name, input, context);
	const { port1, port2 } = new MessageChannel();
	serveCalls(port1, new Calls(runFor(tab)));
	tell({ type: 'leading' }, [port2]);
	serveTabs({ leader: worker, build: location.href, runFor, onGone: discardBackup });
	void sweepBackups();
}

async function start(message: StartMessage, make: MakeCore): Promise<void> {
	try {
		const keys = new KeyRing(message.worker);
		await holdForLife(`atoll:worker:${message.worker}` satisfies WorkerLock);
		tell({ type: 'up', build: location.href });
		keys.ask();
		await holdForLife('atoll:core' satisfies CoreLock);
		await lead(message, keys, make);
	} catch (defect) {
		console.error('the core cannot be made', defect);
		tell({ type: 'broken', detail: String(defect) });
		close();
	}
}

/**
 * The whole life of a core worker: waits as a standby until it is the one that leads, then serves the core.
 * A defect outside of any call is logged and stops nothing else.
 */
export function runCoreWorker(make: MakeCore): void {
	addEventListener('message', (event: MessageEvent<StartMessage>) => void start(event.data, make), { once: true });
	addEventListener('unhandledrejection', (event) => console.error('a defect outside of any call', event.reason));
}
