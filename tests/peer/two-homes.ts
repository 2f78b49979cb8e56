import { connect, createServer, type AddressInfo, type Server } from 'node:net';
import { inHome, inLibrary, type Going, type Home } from './home.ts';

/** A way to a port that records all that passes, in both directions. */
export type Tap = {
	readonly port: number;
	/** Whether the text passed, in either direction. */
	has(text: string): boolean;
	readonly bytes: number;
	/** From now on, or no more, nothing passes from the target. */
	hold(isHeld: boolean): void;
	close(): Promise<void>;
};

function listen(server: Server): Promise<number> {
	return new Promise((resolve, reject) => {
		server.once('error', reject);
		server.listen(0, '127.0.0.1', () => {
			const address = server.address() as AddressInfo;
			resolve(address.port);
		});
	});
}

function shut(server: Server): Promise<void> {
	return new Promise((resolve) => server.close(() => resolve()));
}

/** A port of this machine that nobody listens on. */
export async function freePort(): Promise<number> {
	const server = createServer();
	const port = await listen(server);
	await shut(server);
	return port;
}

/** Who passed something on, and how many bytes have passed by then. */
export type OnBytes = (from: 'caller' | 'target', bytes: number) => void;

/** Leads to `target`. */
export async function createTap(target: number, onBytes: OnBytes = () => undefined): Promise<Tap> {
	const passed: [Buffer[], Buffer[]] = [[], []];
	const sockets = new Set<{ destroy(): void }>();
	let bytes = 0;
	let isHeld = false;
	const server = createServer((from) => {
		const to = connect(target, '127.0.0.1');
		for (const [at, [source, sink]] of [[from, to] as const, [to, from] as const].entries()) {
			sockets.add(source);
			source.on('data', (chunk: Buffer) => {
				passed[at === 0 ? 0 : 1].push(chunk);
				bytes += chunk.length;
				if (at === 0 || !isHeld) sink.write(chunk);
				onBytes(at === 0 ? 'caller' : 'target', bytes);
			});
			source.on('end', () => sink.end());
			source.on('error', () => sink.destroy());
			source.on('close', () => sink.destroy());
		}
	});
	const port = await listen(server);
	return {
		port,
		has: (text) => passed.some((chunks) => Buffer.concat(chunks).includes(text)),
		get bytes() {
			return bytes;
		},
		hold: (held) => {
			isHeld = held;
		},
		close: async () => {
			for (const socket of sockets) socket.destroy();
			await shut(server);
		}
	};
}

/** Two machines: one with a library, whose devices come to `tap`, which leads to `port`, and one with nothing. */
export type Pair = { readonly a: Home; readonly b: Home; readonly port: number; readonly tap: Tap };

export function inTwoHomes<T>(use: (pair: Pair) => Promise<T>, onBytes?: OnBytes): Promise<T> {
	return inLibrary((a) =>
		inHome(async (b) => {
			const port = await freePort();
			const tap = await createTap(port, onBytes);
			try {
				return await use({ a, b, port, tap });
			} finally {
				await tap.close();
			}
		})
	);
}

/** Where A awaits devices. */
export function listening({ port }: Pair): readonly string[] {
	return ['--peer-host', '127.0.0.1', '--peer-port', String(port)];
}

export type Meeting = { readonly pairing: Going; readonly joining: Going };

/** Both sides of a pairing, up to the words; `given` turns what A says into what B types. */
export async function meet(
	pair: Pair,
	options: readonly string[] = [],
	given: (said: readonly string[]) => readonly string[] = (said) => said
): Promise<Meeting> {
	const { a, b, tap } = pair;
	const pairing = a.startOnTerminal([
		'pair',
		...listening(pair),
		'--peer-address',
		`127.0.0.1:${tap.port}`,
		...options
	]);
	const [, said = ''] = await pairing.until(/atoll join ([^\r\n]+)\r?\n/);
	const args = said.split(' ').map((part) => part.replaceAll("'", ''));
	const joining = b.startOnTerminal(['join', ...given(args), '--name', 'Laptop']);
	return { pairing, joining };
}

const asks = /the words\s+(\S+ \S+ \S+)\s[^]*both screens\?/;

/** Types an answer on each side, once both show the same words; gives the words of both. */
export async function answer({ pairing, joining }: Meeting, onA: string, onB: string): Promise<readonly string[]> {
	const shown = await Promise.all([pairing, joining].map((going) => going.until(asks)));
	joining.child.stdin?.write(`${onB}\r`);
	pairing.child.stdin?.write(`${onA}\r`);
	return shown.map((found) => found[1] ?? '');
}

/** Lets B into the library of A; gives what B typed. */
export async function join(pair: Pair, options: readonly string[] = []): Promise<readonly string[]> {
	let typed: readonly string[] = [];
	const meeting = await meet(pair, options, (said) => (typed = said));
	const [onA, onB] = await answer(meeting, 'y', 'y');
	const [pairing, joining] = await Promise.all([meeting.pairing.ended, meeting.joining.ended]);
	if (onA !== onB || onA === '') throw new Error(`other words: ${onA}, ${onB}`);
	if (pairing.code !== 0 || joining.code !== 0) throw new Error(`${pairing.out}\n---\n${joining.out}`);
	return typed;
}
