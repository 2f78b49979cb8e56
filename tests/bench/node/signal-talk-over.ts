import type { ChildProcess } from 'node:child_process';
import type { Signal, SignalTalk } from '#core/direct';

/** The talk of one connection over the line between a process and its child, whose other messages are passed over. */
export function talkOver(say: (signal: Signal) => void, line: NodeJS.Process | ChildProcess): SignalTalk {
	const held: Signal[] = [];
	let wake: () => void = () => undefined;
	line.on('message', (message: { readonly signal?: Signal }) => {
		if (message.signal === undefined) return;
		held.push(message.signal);
		wake();
	});
	return {
		say,
		hear: async () => {
			while (held.length === 0) await new Promise<void>((resolve) => (wake = resolve));
			return held.shift() ?? null;
		}
	};
}
