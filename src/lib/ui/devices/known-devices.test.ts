import { expect, test } from 'vitest';
import { deviceId } from '#core/kernel';
import { takeNew } from './known-devices.ts';

class Kept implements Storage {
	readonly #map = new Map<string, string>();
	get length(): number {
		return this.#map.size;
	}
	clear = () => this.#map.clear();
	getItem = (key: string) => this.#map.get(key) ?? null;
	key = () => null;
	removeItem = (key: string) => void this.#map.delete(key);
	setItem = (key: string, value: string) => void this.#map.set(key, value);
}

const row = (digit: string, addedMs: number, more = {}) => ({
	id: deviceId(digit.repeat(32)),
	isThis: false,
	revokedMs: null,
	addedMs,
	...more
});
const own = row('0', 0, { isThis: true });
const late = 3_600_000;

test('T40: a device that came since the last look is new once, also after the app was closed', () => {
	const kept = new Kept();
	expect(takeNew(kept, 'a', [own, row('1', late)])).toEqual([]);
	expect(takeNew(kept, 'a', [own, row('1', late), row('2', late)]).map(({ id }) => id[0])).toEqual(['2']);
	expect(takeNew(kept, 'a', [own, row('1', late), row('2', late)])).toEqual([]);
	// In another library it is not known; removed and let in again, it is new again.
	expect(takeNew(kept, 'b', [own, row('2', late)])).toEqual([]);
	expect(takeNew(kept, 'a', [own, row('1', late), row('2', late, { revokedMs: 5 })])).toEqual([]);
	expect(takeNew(kept, 'a', [own, row('1', late), row('2', late)])).toHaveLength(1);
});

test('those that a new device hears of as it comes were there before it', () => {
	const kept = new Kept();
	takeNew(kept, 'a', [own]);
	expect(takeNew(kept, 'a', [own, row('1', 2_000)])).toEqual([]);
	expect(takeNew(kept, 'a', [own, row('1', 2_000), row('2', late)])).toHaveLength(1);
});
