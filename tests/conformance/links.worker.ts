/** Runs one case of the suite of links in a worker, where the core of a browser has them: over its own WebSockets. */
import type { Link } from '#core/net';
import type { DialUrl } from '#core/relay';
import { createClock } from '../../src/workers/host/clock.ts';
import { createRandom } from '../../src/workers/host/random.ts';
import { dialWs } from '../../src/workers/host/ws-link.ts';
import { holds, never, valueOf } from './expectation.ts';
import { linkCases } from './links.ts';
import { throughRelay } from './relayed.ts';
import { secureBoth } from './secured.ts';

const clock = createClock();
const random = createRandom();

/** Both ends of a link, at a path of the server where it can be cut. */
type Made = { readonly ends: readonly [Link, Link]; readonly path: string; leave(): Promise<void> };

async function overWebSockets(server: string): Promise<Made> {
	const path = `/link/${crypto.randomUUID()}`;
	const carriers = await Promise.all([dialWs(server + path, clock, never), dialWs(server + path, clock, never)]);
	const [one, two] = await secureBoth([valueOf(carriers[0]), valueOf(carriers[1])], { clock, random, aead: null });
	return { ends: [one.link, two.link], path, leave: () => Promise.resolve() };
}

async function overRelay(server: string): Promise<Made> {
	const path = '/relay';
	const dial: DialUrl = (url, signal) => dialWs(url, clock, signal);
	return { ...(await throughRelay(server + path, { dial, clock, random, aead: null })), path };
}

const ways = { 'web-socket': overWebSockets, relay: overRelay };
export type Way = keyof typeof ways;

async function runCase({ name, way, linkServer }: Request): Promise<void> {
	const run = linkCases[name];
	holds(run, `there is a case ${name}`);
	const { ends, path, leave } = await ways[way](`ws://127.0.0.1:${linkServer}`);
	try {
		await run({ ends, cut: () => void fetch(`http://127.0.0.1:${linkServer}/cut${path}`) });
	} finally {
		await leave();
		for (const link of ends) link.close(0);
	}
}

type Request = { readonly name: string; readonly way: Way; readonly linkServer: number };

self.onmessage = async ({ data }: MessageEvent<Request>) => {
	try {
		await runCase(data);
		self.postMessage(null);
	} catch (error) {
		self.postMessage(error instanceof Error ? `${error.name}: ${error.message}\n${error.stack ?? ''}` : String(error));
	}
};
