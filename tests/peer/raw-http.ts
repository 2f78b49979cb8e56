import { connect, createServer, type Server } from 'node:net';

export type Answer = {
	readonly status: number;
	/** By lower-case name. */
	readonly headers: ReadonlyMap<string, string>;
	readonly body: string;
};

export function parseAnswer(text: string): Answer {
	const [head = '', ...rest] = text.split('\r\n\r\n');
	const [first = '', ...lines] = head.split('\r\n');
	const headers = new Map(
		lines.map((line) => {
			const at = line.indexOf(':');
			return [line.slice(0, at).toLowerCase(), line.slice(at + 1).trim()];
		})
	);
	return { status: Number(first.split(' ')[1] ?? 0), headers, body: rest.join('\r\n\r\n') };
}

/**
 * Sends `bytes` as they are and reads until the server closes, or `isEnough`: no client puts a path or a header straight.
 */
export function sendRaw(port: number, bytes: string, isEnough = (_text: string) => false): Promise<Answer> {
	return new Promise((resolve, reject) => {
		const socket = connect({ port, host: '127.0.0.1' });
		let text = '';
		socket.setEncoding('latin1');
		socket.on('data', (chunk: string) => {
			text += chunk;
			if (isEnough(text)) socket.destroy();
		});
		socket.on('end', () => resolve(parseAnswer(text)));
		socket.on('close', () => resolve(parseAnswer(text)));
		socket.on('error', (error) => (text === '' ? reject(error) : resolve(parseAnswer(text))));
		socket.write(bytes, 'latin1');
	});
}

export type Asked = {
	readonly method?: string;
	readonly host?: string;
	readonly headers?: Readonly<Record<string, string>>;
};

/** Asks for `target`, which goes on the wire letter by letter. */
export function ask(port: number, target: string, { method = 'GET', host, headers = {} }: Asked = {}): Promise<Answer> {
	const lines = Object.entries({ Host: host ?? `localhost:${port}`, Connection: 'close', ...headers });
	return sendRaw(port, `${method} ${target} HTTP/1.1\r\n${lines.map(([n, v]) => `${n}: ${v}\r\n`).join('')}\r\n`);
}

/** Listens on a port of the system's choice. */
export function listenAnywhere(server: Server): Promise<number> {
	return new Promise((resolve, reject) => {
		server.once('error', reject);
		server.listen(0, '127.0.0.1', () => {
			const address = server.address();
			resolve(typeof address === 'object' && address !== null ? address.port : 0);
		});
	});
}

/** A port that nobody listens on now. */
export async function freePort(): Promise<number> {
	const server = createServer();
	const port = await listenAnywhere(server);
	await new Promise((resolve) => server.close(resolve));
	return port;
}
