import type { Failure, Result } from '#core/kernel';
import type { CallFailure } from './commands.ts';
import type { Line } from './line.ts';
import type { Session } from './session.ts';

/** A call that ends its worker so soon after it was sent, so often in a row, is what ends it: it is not sent again. */
const quickDeathMs = 5_000;
const quickDeathsMax = 5;

/** Sends one command of the core or of its session, and again when the core has moved. */
export type Send = (name: string, input: unknown, signal: AbortSignal) => Promise<Result<unknown, Failure>>;

function failed(failure: CallFailure): Result<never, CallFailure> {
	return { ok: false, failure };
}

/** 128 random bits in hex: what the core knows a repeated write by. */
function newCommandId(): string {
	return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

type Asked = { readonly name: string; readonly input: unknown; readonly command: string };

let lastCallId = 0;

/** The answer, or `ended` when the session ended first. Cancels on the other side when `signal` aborts. */
function ask(session: Session, asked: Asked, signal: AbortSignal): Promise<Result<unknown, Failure> | 'ended'> {
	const callId = ++lastCallId;
	const { name, input, command } = asked;
	const { promise, resolve } = Promise.withResolvers<Result<unknown, Failure> | 'ended'>();
	const settled = new AbortController();
	session.ended.addEventListener('abort', () => resolve('ended'), { signal: settled.signal });
	signal.addEventListener(
		'abort',
		() => {
			resolve(failed({ type: 'Cancelled' }));
			void session.remote.cancel(callId);
		},
		{ signal: settled.signal }
	);
	session.remote.invoke(callId, name, input, command).then(resolve, (defect: unknown) => {
		console.error(`${name} did not cross to the core and back`, defect);
		resolve(failed({ type: 'CoreFailed', command: name, detail: String(defect) }));
	});
	return promise.finally(() => settled.abort());
}

/**
 * Every call ends: with an answer, with `Cancelled` when `signal` or `closed` aborts, with `Disconnected` when no core
 * can be had, with `CoreFailed` when it stops one worker after the other.
 */
export function createSend(line: Line, closed: AbortSignal): Send {
	return async (name, input, signal) => {
		const asked = { name, input, command: newCommandId() };
		const stop = AbortSignal.any([signal, closed]);
		for (let quickDeaths = 0; ;) {
			const now = await line.next(stop);
			if (now === null) return failed({ type: 'Cancelled' });
			if ('reason' in now) return failed({ type: 'Disconnected', reason: now.reason });
			const sentMs = performance.now();
			const answer = await ask(now.session, asked, stop);
			if (answer !== 'ended') return answer;
			quickDeaths = performance.now() - sentMs < quickDeathMs ? quickDeaths + 1 : 0;
			if (quickDeaths > quickDeathsMax)
				return failed({ type: 'CoreFailed', command: name, detail: 'the core stopped each time it ran this' });
		}
	};
}
