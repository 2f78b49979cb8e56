/** The other side of a link, in a process of its own: takes as much as it is told to and says when it has it. */
import { createServer } from 'node:tls';
import { createMux, muxSettings } from '#core/net';
import { createClock } from '../../../peer/host/clock.ts';
import { createDeviceCertificate } from '../../../peer/host/device-certificate.ts';
import { listenTls } from '../../../peer/host/tls-link.ts';
import { readStream } from './read-stream.ts';

export type ReceiverSays = { readonly port: number } | { readonly receivedBytes: number };

const device = createDeviceCertificate(new Uint8Array(32).fill(2));
const wantedBytes = Number(process.argv[2]);
const host = '127.0.0.1';
const say = (message: ReceiverSays) => process.send?.(message);

/** Counts what came of one sender, and says when it is all there. */
function createCount(): (bytes: number) => void {
	let receivedBytes = 0;
	return (bytes) => {
		receivedBytes += bytes;
		if (receivedBytes >= wantedBytes) say({ receivedBytes });
	};
}

async function listenToStreams(): Promise<number> {
	const settings = muxSettings;
	const listening = await listenTls({
		device,
		host,
		port: 0,
		connectionsMax: 8,
		isKnown: () => true,
		onLink: (link) => {
			const count = createCount();
			createMux(link, {
				role: 'server',
				settings,
				clock: createClock(),
				onStream: (stream) => void readStream(stream, count)
			});
		}
	});
	return listening.port;
}

function listenToBytes(): Promise<number> {
	const { certificate: cert, privateKey: key } = device;
	const server = createServer({ cert, key, requestCert: true, rejectUnauthorized: false, minVersion: 'TLSv1.3' });
	server.on('secureConnection', (socket) => {
		const count = createCount();
		socket.on('data', (chunk: Buffer) => count(chunk.length)).on('error', () => undefined);
	});
	return new Promise((resolve) => {
		server.listen(0, host, () => {
			const address = server.address();
			resolve(typeof address === 'object' && address !== null ? address.port : 0);
		});
	});
}

process.on('disconnect', () => process.exit(0));
say({ port: await (process.argv[3] === 'streams' ? listenToStreams() : listenToBytes()) });
