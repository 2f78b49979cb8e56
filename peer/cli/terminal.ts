import { StringDecoder } from 'node:string_decoder';
import type { ReadStream, WriteStream } from 'node:tty';

/** Where a command reads what a person types and writes what it answers. */
export type Terminal = {
	/** The answer of a command: standard output. */
	out(text: string): void;
	/** Whether anything was answered yet. */
	hasAnswered(): boolean;
	/** What is said beside the answer: standard error. Clears a progress line first. */
	say(text: string): void;
	/** As `say`, only where somebody watches. */
	note(text: string): void;
	/** Replaces the progress line; null takes it away. Does nothing where nobody watches. */
	progress(line: string | null): void;
	/** Whether a person can be asked. */
	readonly canAsk: boolean;
	/** One line typed in answer to `question`; null when the person gave up (Ctrl-C, Ctrl-D, end of input). */
	ask(question: string, echo: 'echo' | 'hidden', signal: AbortSignal): Promise<string | null>;
};

export type TerminalStreams = {
	readonly input: ReadStream;
	readonly output: NodeJS.WritableStream;
	readonly messages: WriteStream;
};

const clearLine = '\r\u001b[2K';
const backspaces = new Set(['\b', '\u007f']);
const giveUps = new Set(['\u0003', '\u0004']);

/** What a typed piece does to the line so far; `end` says how the line ended, null while it goes on. */
export function typeKeys(
	line: string,
	keys: string
): { readonly line: string; readonly end: 'done' | 'given-up' | null } {
	let typed = [...line];
	// Arrow and function keys come as one piece that begins with ESC: no part of a password.
	if (keys.startsWith('\u001b')) return { line, end: null };
	for (const key of keys) {
		if (key === '\r' || key === '\n') return { line: typed.join(''), end: 'done' };
		if (giveUps.has(key)) return { line: '', end: 'given-up' };
		if (backspaces.has(key)) typed.pop();
		else if (key === '\u0015') typed = [];
		else if (key >= ' ') typed.push(key);
	}
	return { line: typed.join(''), end: null };
}

/** The shown form of `typed`, redrawn after each key. */
function drawQuestion(question: string, typed: string, echo: 'echo' | 'hidden'): string {
	return `${clearLine}${question}${echo === 'echo' ? typed : ''}`;
}

function askRaw(
	{ input, messages }: TerminalStreams,
	question: string,
	echo: 'echo' | 'hidden',
	signal: AbortSignal
): Promise<string | null> {
	return new Promise((resolve) => {
		const decoder = new StringDecoder('utf8');
		let line = '';
		function finish(answer: string | null): void {
			input.off('data', onData);
			input.off('end', onEnd);
			signal.removeEventListener('abort', onEnd);
			input.setRawMode(false);
			input.pause();
			messages.write('\n');
			resolve(answer);
		}
		function onData(chunk: Buffer): void {
			const typed = typeKeys(line, decoder.write(chunk));
			line = typed.line;
			if (typed.end !== null) return finish(typed.end === 'done' ? line : null);
			if (echo === 'echo') messages.write(drawQuestion(question, line, echo));
		}
		const onEnd = () => finish(null);
		// Unseen before it is asked: whoever reads the question may type at once.
		input.setRawMode(true);
		messages.write(drawQuestion(question, '', echo));
		input.on('data', onData);
		input.once('end', onEnd);
		signal.addEventListener('abort', onEnd, { once: true });
		input.resume();
	});
}

export function createTerminal(streams: TerminalStreams): Terminal {
	const { input, output, messages } = streams;
	let hasProgress = false;
	let hasAnswered = false;
	function progress(line: string | null): void {
		if (!messages.isTTY || (line === null && !hasProgress)) return;
		hasProgress = line !== null;
		// A line that wraps cannot be taken back.
		const shown = line === null ? '' : [...line].slice(0, Math.max(10, (messages.columns || 80) - 1)).join('');
		messages.write(clearLine + shown);
	}
	function say(text: string): void {
		progress(null);
		messages.write(`${text}\n`);
	}
	return {
		out(text) {
			hasAnswered = true;
			progress(null);
			output.write(text);
		},
		hasAnswered: () => hasAnswered,
		say,
		note(text) {
			if (messages.isTTY) say(text);
		},
		progress,
		canAsk: input.isTTY === true && messages.isTTY === true,
		ask: (question, echo, signal) => askRaw(streams, question, echo, signal)
	};
}
