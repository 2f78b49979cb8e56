import { expect, test } from 'vitest';
import type { Link, LinkReceiver } from '#core/net';
import { Unmet } from '../conformance/expectation.ts';
import { linkCases } from '../conformance/links.ts';
import { createSimClock } from './host/clock.ts';
import { createSimLink } from './host/network.ts';
import { createSimRandom } from './host/random.ts';

type Fault = (link: Link, receiver: LinkReceiver) => Partial<LinkReceiver>;

/** A link that does `fault` to what it tells. */
function withFault(link: Link, fault: Fault): Link {
	return {
		messageBytesMax: link.messageBytesMax,
		send: (message) => link.send(message),
		close: (code) => link.close(code),
		start: (receiver) => link.start({ ...receiver, ...fault(link, receiver) })
	};
}

/** The names of the cases, of those that begin so, which a pair of such links does not meet. */
async function unmetBy(breakLink: (link: Link) => Link, begins = ''): Promise<readonly string[]> {
	const unmet: string[] = [];
	for (const [name, run] of Object.entries(linkCases)) {
		if (!name.startsWith(begins)) continue;
		const clock = createSimClock();
		const { ends, cut } = createSimLink(clock, createSimRandom(1), { delayMs: [0, 9] });
		const broken = [breakLink(ends[0]), breakLink(ends[1])] as const;
		try {
			await run({ ends: broken, cut, pass: () => clock.advance(1_000) });
		} catch (error) {
			if (!(error instanceof Unmet)) throw error;
			unmet.push(name);
		}
	}
	return unmet;
}

test('the suite of links finds nothing wrong with one that is not broken', async () => {
	expect(await unmetBy((link) => link)).toEqual([]);
});

/** Calls `tell` with every message but acts on each third in another way. */
const eachThird = (other: (message: Uint8Array, tell: (message: Uint8Array) => void) => void): Fault => {
	return (_, { onMessage }) => {
		let count = 0;
		return { onMessage: (message) => (++count % 3 === 0 ? other(message, onMessage) : onMessage(message)) };
	};
};

test.each<readonly [string, string, (link: Link) => Link]>([
	[
		'loses messages',
		'carries messages',
		(link) =>
			withFault(
				link,
				eachThird(() => undefined)
			)
	],
	[
		'repeats messages',
		'carries messages',
		(link) =>
			withFault(
				link,
				eachThird((message, tell) => [message, message].forEach(tell))
			)
	],
	[
		'cuts messages in two',
		'carries messages',
		(link) =>
			withFault(
				link,
				eachThird((message, tell) => [message.subarray(0, 9), message.subarray(9)].forEach(tell))
			)
	],
	[
		'lets messages overtake one another',
		'carries messages',
		(link) => {
			let held: Uint8Array | null = null;
			return withFault(link, (_, { onMessage }) => ({
				onMessage: (message) => {
					if (held !== null) onMessage(message);
					if (held !== null) onMessage(held);
					held = held === null ? message : null;
				}
			}));
		}
	],
	[
		'tells its end twice',
		'closed, tells both sides once',
		(link) => withFault(link, (_, { onEnd }) => ({ onEnd: (end) => [end, end].forEach(onEnd) }))
	],
	['never tells its end', 'cut in the middle', (link) => withFault(link, () => ({ onEnd: () => undefined }))],
	['never has room again', 'says when it is full', (link) => withFault(link, () => ({ onReady: () => undefined }))],
	['is never full', 'says when it is full', (link) => ({ ...withFault(link, () => ({})), send: () => true })],
	[
		'takes any length',
		'takes no message that is too long',
		(link) => ({
			...withFault(link, () => ({})),
			send: (message) => message.length > link.messageBytesMax || link.send(message)
		})
	]
])('a link that %s is found out (control)', async (_, name, breakLink) => {
	expect(await unmetBy(breakLink, name)).toHaveLength(1);
});
