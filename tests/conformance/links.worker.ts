/** Runs one case of the suite of links in a worker, where the core of a browser has them: over its own WebSockets. */
import { createClock } from '../../src/workers/host/clock.ts';
import { createRandom } from '../../src/workers/host/random.ts';
import { dialWs } from '../../src/workers/host/ws-link.ts';
import { holds, never, valueOf } from './expectation.ts';
import { linkCases } from './links.ts';
import { secureBoth } from './secured.ts';

const clock = createClock();
const random = createRandom();

async function runCase(name: string, linkServer: number): Promise<void> {
	const run = linkCases[name];
	holds(run, `there is a case ${name}`);
	const pair = crypto.randomUUID();
	const url = `ws://127.0.0.1:${linkServer}/link/${pair}`;
	const carriers = await Promise.all([dialWs(url, clock, never), dialWs(url, clock, never)]);
	const [one, two] = await secureBoth([valueOf(carriers[0]), valueOf(carriers[1])], { clock, random, aead: null });
	try {
		const cut = () => void fetch(`http://127.0.0.1:${linkServer}/cut/${pair}`);
		await run({ ends: [one.link, two.link], cut });
	} finally {
		for (const { link } of [one, two]) link.close(0);
	}
}

type Request = { readonly name: string; readonly linkServer: number };

self.onmessage = async ({ data: { name, linkServer } }: MessageEvent<Request>) => {
	try {
		await runCase(name, linkServer);
		self.postMessage(null);
	} catch (error) {
		self.postMessage(error instanceof Error ? `${error.name}: ${error.message}\n${error.stack ?? ''}` : String(error));
	}
};
