import { createServer, type IncomingMessage, type Server } from 'node:http';
import { type AddressInfo, connect, createServer as createBareServer, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/** A server whose packets pass through the test, which can break off between it and all who have come. */
export type UpgradeServer = { readonly port: number; cut(): void; close(): Promise<void> };

function listen(server: Server | ReturnType<typeof createBareServer>): Promise<number> {
	return new Promise((resolve) => {
		server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
	});
}

export async function serveUpgrades(
	take: (request: IncomingMessage, socket: Duplex, head: Buffer) => void
): Promise<UpgradeServer> {
	const server = createServer().on('upgrade', take);
	const serverPort = await listen(server);
	const between: Socket[] = [];
	const proxy = createBareServer((near) => {
		const far = connect(serverPort, '127.0.0.1');
		for (const socket of [near, far]) socket.on('error', () => undefined);
		near.pipe(far).pipe(near);
		between.push(near, far);
	});
	const cut = () => between.forEach((socket) => socket.destroy());
	return {
		port: await listen(proxy),
		cut,
		close: async () => {
			cut();
			await Promise.all([server, proxy].map((open) => new Promise((resolve) => open.close(resolve))));
		}
	};
}
