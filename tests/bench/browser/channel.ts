import { printFingerprint } from '#core/net';
import type { Figure } from '../figure.ts';
import { bestOf, type Times } from '../measure.ts';
import { channelFigures, startChannelReceiver } from '../node/channel.ts';
import { onMeasuredPage } from './site.ts';

const sentBytes = 64 * 1_048_576;
const rounds = 5;

/** What streams take of a data channel from Chromium to a peer. */
export function measureChannel(): Promise<Figure[]> {
	return onMeasuredPage(async (page) => {
		const receiver = await startChannelReceiver(sentBytes);
		const run = (kind: 'bare' | 'links') => async (): Promise<Times> => {
			const { fingerprint, ...place } = receiver.places[kind];
			const wanted = { kind, bytes: sentBytes, place: { ...place, fingerprint: printFingerprint(fingerprint) } };
			await page.evaluate(({ place: at, kind: over }) => window.channels.open(over, at), wanted);
			const times = await receiver.timed(() => page.evaluate(({ bytes }) => window.channels.send(bytes), wanted));
			await page.evaluate(() => window.channels.close());
			return times;
		};
		const best = await bestOf(rounds, { bare: run('bare'), link: run('links') });
		receiver.child.disconnect();
		return channelFigures('browser.rtc', sentBytes, best.bare['all'], best.link['all']);
	});
}
