import { describe, expect, it } from 'vitest';
import type { EntryId } from '#core/kernel';
import { folderPath } from './address.ts';
import { defaultOrder } from './orders.ts';
import { panesPath, parsePanes } from './pane-address.ts';

const [left, right] = [12 as EntryId, 34 as EntryId];
const parse = (path: string) => parsePanes(new URL(path, 'https://atoll.example'));
const first = { folder: left, row: 7, at: 70, order: { by: 'size', descending: true }, isMap: false } as const;
const beside = { folder: right, row: 90_000, at: null, order: defaultOrder, isMap: true } as const;

describe('the address of two folders', () => {
	it('goes there and back, with the place, the order and the keyboard of each', () => {
		for (const isBeside of [true, false]) {
			const path = panesPath({ first, beside, isBeside });
			expect(parse(path)).toEqual({ first, beside, isBeside });
		}
		expect(panesPath({ first, beside, isBeside: true })).toBe(
			'/files/12?row=7&at=70&sort=size-desc&beside=34&beside-row=90000&beside-view=sizes&keyboard=beside'
		);
	});

	it('one folder shown twice keeps two orders', () => {
		const path = panesPath({ first, beside: { ...beside, folder: left }, isBeside: false });
		expect([parse(path)?.first.order?.by, parse(path)?.beside?.order?.by]).toEqual(['size', 'name']);
	});

	it('is the plain address where there is one folder', () => {
		expect(parse(folderPath(left))).toMatchObject({ first: { folder: left, order: null }, beside: null });
		expect(panesPath({ first, beside: null, isBeside: false })).toBe('/files/12?row=7&at=70&sort=size-desc');
	});

	it.each(['0', '../settings', 'x', '12/34', ''])('what is beside is no folder: %s', (text) => {
		expect(parse(`/files/12?beside=${encodeURIComponent(text)}&keyboard=beside`)).toMatchObject({
			beside: null,
			isBeside: false
		});
	});

	it('what is no folder is none', () => {
		expect(parse('/settings?beside=34')).toBeNull();
	});
});
