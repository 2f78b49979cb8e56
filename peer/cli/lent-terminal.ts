import * as v from 'valibot';
import { err, ok, type Result } from '#core/kernel';
import type { ControlTalk } from '../host/control-socket.ts';
import type { AnyFailure } from './failure.ts';
import type { Shell } from './shell.ts';
import { failureToWords } from './words.ts';

const toTerminal = v.union([
	v.strictObject({ out: v.string() }),
	v.strictObject({ say: v.string() }),
	v.strictObject({ ask: v.string() }),
	/** The question has answered itself. */
	v.strictObject({ askedNoMore: v.literal(true) }),
	/** What has come of it; null where all is well. */
	v.strictObject({ end: v.nullable(v.strictObject({ what: v.string(), next: v.string() })) })
]);
type ToTerminal = v.InferOutput<typeof toTerminal>;
const fromTerminal = v.strictObject({ typed: v.nullable(v.string()) });

/** The shell of a program whose person sits at the terminal of another one, until that has gone. */
export function shellOver(talk: ControlTalk, shell: Shell): Shell {
	const tell = (line: ToTerminal) => talk.say(line);
	const ask: Shell['terminal']['ask'] = async (question, _echo, signal) => {
		tell({ ask: question });
		const given = await new Promise<unknown>((resolve, reject) => {
			signal.addEventListener('abort', () => resolve(null), { once: true });
			talk.hear().then(resolve, reject);
		});
		if (signal.aborted && !talk.over.aborted) {
			tell({ askedNoMore: true });
			return null;
		}
		const typed = v.safeParse(fromTerminal, given);
		return typed.success ? typed.output.typed : null;
	};
	return {
		...shell,
		signal: AbortSignal.any([shell.signal, talk.over]),
		terminal: {
			out: (out) => tell({ out }),
			say: (say) => tell({ say }),
			note: (say) => tell({ say }),
			progress: () => undefined,
			hasAnswered: () => false,
			canAsk: true,
			ask
		}
	};
}

/** Says over a talk what came of it, and ends it. */
export function endTalk(talk: ControlTalk, ended: Result<unknown, AnyFailure>): void {
	const { what, next } = ended.ok ? { what: '', next: '' } : failureToWords(ended.failure);
	talk.say({ end: ended.ok ? null : { what, next } } satisfies ToTerminal);
	talk.close();
}

/** Lends the terminal to the program at the other end of `talk`, until that is done. */
export async function lendTerminal(talk: ControlTalk, { terminal, signal }: Shell): Promise<Result<null, AnyFailure>> {
	let asking = new AbortController();
	const answer = async (question: string) => {
		asking = new AbortController();
		const own = asking;
		const typed = await terminal.ask(question, 'echo', AbortSignal.any([signal, own.signal]));
		if (!own.signal.aborted) talk.say({ typed });
	};
	signal.addEventListener('abort', () => talk.close(), { once: true });
	for (;;) {
		const told = v.safeParse(toTerminal, await talk.hear());
		if (!told.success) {
			asking.abort();
			return err({ type: signal.aborted ? 'Interrupted' : 'HolderGone' });
		}
		const line = told.output;
		if ('out' in line) terminal.out(line.out);
		else if ('say' in line) terminal.say(line.say);
		else if ('ask' in line) void answer(line.ask);
		else asking.abort();
		if ('end' in line) {
			talk.close();
			return line.end === null ? ok(null) : err({ type: 'ToldByHolder', ...line.end });
		}
	}
}
