import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import type { Link } from '#core/net';
import { createDeviceCertificate } from '../../peer/host/device-certificate.ts';
import { dialTls, listenTls } from '../../peer/host/tls-link.ts';
import { never, valueOf, type Disposable } from './expectation.ts';
import type { LinksWorld } from './links.ts';
import { linkConformance } from './suites.ts';

const [server, client] = [
	createDeviceCertificate(new Uint8Array(32).fill(1)),
	createDeviceCertificate(new Uint8Array(32).fill(2))
];

/** Two links whose packets pass through the test, which can break off between them. */
async function overSockets(): Promise<Disposable<LinksWorld>> {
	let arrive: (link: Link) => void = () => undefined;
	const arrived = new Promise<Link>((resolve) => (arrive = resolve));
	const listening = await listenTls({
		device: server,
		host: '127.0.0.1',
		port: 0,
		connectionsMax: 4,
		isKnown: (key) => Buffer.compare(key, client.deviceKey) === 0,
		onLink: arrive
	});
	const between: Socket[] = [];
	const proxy = createServer((near) => {
		const far = connect(listening.port, '127.0.0.1');
		for (const socket of [near, far]) socket.on('error', () => undefined);
		near.pipe(far).pipe(near);
		between.push(near, far);
	});
	await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
	const { port } = proxy.address() as AddressInfo;
	const dialled = valueOf(await dialTls(client, { host: '127.0.0.1', port, deviceKey: server.deviceKey }, never));
	return {
		world: {
			ends: [dialled, await arrived],
			cut: () => between.forEach((socket) => socket.destroy())
		},
		dispose: async () => {
			dialled.close(0);
			for (const socket of between) socket.destroy();
			await listening.close();
			await new Promise((resolve) => proxy.close(resolve));
		}
	};
}

linkConformance('TLS', overSockets);
