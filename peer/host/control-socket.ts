import { once } from 'node:events';
import { chmodSync, mkdirSync, rmdirSync, rmSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { privateFolder } from './replace-file.ts';

const folderName = 'control';
const socketName = 'socket';
/** Of what one of them says: a question, a link. */
const lineLettersMax = 16_384;
/** Of the address of a socket (`sun_path`); a library that lies deeper has none. */
const pathBytesMax = 103;

/** What two programs of one person say to each other, a line of JSON at a time. */
export type ControlTalk = {
	say(line: object): void;
	/** What the other one says next, of any shape; null once it is gone. */
	hear(): Promise<unknown>;
	/** Aborts when the other one is gone. */
	readonly over: AbortSignal;
	close(): void;
};

function parseLine(line: string): unknown {
	try {
		return JSON.parse(line);
	} catch {
		return undefined;
	}
}

function createTalk(socket: Socket): ControlTalk {
	const over = new AbortController();
	const heard: unknown[] = [];
	let [rest, wake] = ['', () => undefined as void];
	socket.setEncoding('utf8').on('data', (text: string) => {
		const lines = (rest + text).split('\n');
		rest = lines.pop() ?? '';
		heard.push(...lines.map(parseLine));
		if (rest.length > lineLettersMax || lines.length > lineLettersMax) socket.destroy();
		wake();
	});
	socket
		.on('error', () => socket.destroy())
		.once('close', () => {
			over.abort();
			wake();
		});
	return {
		say: (line) => void socket.write(`${JSON.stringify(line)}\n`),
		hear: async () => {
			while (heard.length === 0 && !over.signal.aborted) await new Promise<void>((resolve) => (wake = resolve));
			return heard.length > 0 ? heard.shift() : null;
		},
		over: over.signal,
		close: () => socket.end()
	};
}

/** Removes the socket of a library, with its folder. What is somebody else's in there stays. */
export function removeControl(libraryFolder: string): void {
	const folder = join(libraryFolder, folderName);
	try {
		rmSync(join(folder, socketName), { force: true });
		rmdirSync(folder);
	} catch {
		// There is none, or something else in it.
	}
}

function pathIn(libraryFolder: string): string | null {
	const path = join(libraryFolder, folderName, socketName);
	return process.platform !== 'win32' && Buffer.byteLength(path) <= pathBytesMax ? path : null;
}

/**
 * Lets other programs of the same account speak to the one that holds the library in `libraryFolder`; null where there is
 * no way to. The socket lies in a folder that nobody else can enter.
 */
export async function listenControl(
	libraryFolder: string,
	onTalk: (talk: ControlTalk) => void
): Promise<{ close(): void } | null> {
	const path = pathIn(libraryFolder);
	if (path === null) return null;
	const folder = join(libraryFolder, folderName);
	const talks = new Set<Socket>();
	const server = createServer((socket) => {
		talks.add(socket);
		socket.once('close', () => talks.delete(socket));
		onTalk(createTalk(socket));
	});
	try {
		// What is there is left from a program that was killed: the library has one holder.
		removeControl(libraryFolder);
		mkdirSync(folder, { mode: privateFolder, recursive: true });
		chmodSync(folder, privateFolder);
		server.listen(path);
		await once(server, 'listening');
	} catch {
		return null;
	}
	return {
		close: () => {
			for (const socket of talks) socket.destroy();
			server.close();
			removeControl(libraryFolder);
		}
	};
}

/** A talk with the program that holds the library in `libraryFolder`; null where none listens. */
export async function dialControl(libraryFolder: string): Promise<ControlTalk | null> {
	const path = pathIn(libraryFolder);
	if (path === null) return null;
	const socket = connect(path);
	try {
		await once(socket, 'connect');
		return createTalk(socket);
	} catch {
		return null;
	}
}
