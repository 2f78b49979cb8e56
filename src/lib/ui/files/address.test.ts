import { describe, expect, it } from 'vitest';
import type { EntryId } from '#core/kernel';
import { addressPath, folderPath, parseAddress } from './address.ts';

const folder = 12 as EntryId;
const parse = (path: string) => parseAddress(new URL(path, 'https://atoll.example'));

describe('the address of a folder', () => {
	it('goes there and back', () => {
		const address = { folder, row: 50_000, at: 77, order: { by: 'size', descending: true }, isMap: false } as const;
		expect(addressPath(address)).toBe('/files/12?row=50000&at=77&sort=size-desc');
		expect(parse(addressPath(address))).toEqual(address);
		expect(addressPath({ ...address, isMap: true })).toBe('/files/12?row=50000&at=77&sort=size-desc&view=sizes');
		expect(parse('/files/12?view=sizes')).toMatchObject({ folder, isMap: true });
	});

	it('leaves out what is usual', () => {
		expect(folderPath(folder)).toBe('/files/12');
		expect(addressPath({ folder, row: 0, at: null, order: { by: 'name', descending: false }, isMap: false })).toBe(
			'/files/12'
		);
	});

	it.each(['/files/0', '/files/abc', '/files/1e3', '/files/', '/settings', '/files/9999999999999999'])(
		'%s stands for none',
		(path) => {
			expect(parse(path)).toBeNull();
		}
	);

	it('ignores what it does not know', () => {
		expect(parse('/files/12?row=-1&at=x&sort=colour-desc')).toEqual({
			folder,
			row: null,
			at: null,
			order: null,
			isMap: false
		});
	});
});
