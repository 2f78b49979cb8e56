import { err, ok, type Result } from '#core/kernel';
import type { OfferFailure } from './schema.ts';
import type { ShortCode } from './short-code.ts';

/** How long an invitation or code is good for. */
export const offerMs = 5 * 60_000;
/** Codes that may go wrong in that time before there is no new one. */
const triesMax = 3;

/** What two devices have in common before they talk: 128 bits, or a short code. */
export type Door =
	{ readonly type: 'secret'; readonly secret: Uint8Array } | { readonly type: 'code'; readonly code: ShortCode };

/** One invitation, one set of words or one code, as the device that shows it keeps it. */
export type Offer = {
	readonly door: Door;
	readonly expiresAtMs: number;
	/**
	 * Uses it up. Null where it was used before, or where too many codes went wrong just now. Of a code this counts as a
	 * wrong try until `right` is called.
	 */
	use(nowMs: number): { right(): void } | null;
};

/** All that this device offers; made once, so that tries are counted over all of them. Times are `elapsedMs`. */
export type Offers = {
	make(door: Door, nowMs: number): Result<Offer, OfferFailure>;
};

export function createOffers(): Offers {
	let tries: readonly number[] = [];
	const lately = (nowMs: number) => (tries = tries.filter((at) => nowMs - at < offerMs));

	/** Counted when it is tried, so that codes which were kept ready give no more guesses. */
	function tryCode(nowMs: number): { right(): void } | null {
		if (lately(nowMs).length >= triesMax) return null;
		tries = [...tries, nowMs];
		return {
			right() {
				const at = tries.indexOf(nowMs);
				if (at >= 0) tries = tries.toSpliced(at, 1);
			}
		};
	}

	return {
		make(door, nowMs) {
			const [oldest] = door.type === 'code' && lately(nowMs).length >= triesMax ? tries : [];
			if (oldest !== undefined) return err({ type: 'TooManyTries', waitMs: oldest + offerMs - nowMs });
			let isUsed = false;
			return ok({
				door,
				expiresAtMs: nowMs + offerMs,
				use(usedMs) {
					if (isUsed) return null;
					isUsed = true;
					return door.type === 'code' ? tryCode(usedMs) : { right: () => undefined };
				}
			});
		}
	};
}
