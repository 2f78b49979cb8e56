import { describe, expect, it } from 'vitest';
import { findByName, TypedWord, type NamedRow, type NameList } from './type-ahead.ts';

function listOf(rows: readonly NamedRow[], byName: NameList['byName'] = 'ascending') {
	const seen = { rows: 0 };
	const read = async (indexes: readonly number[]) => {
		seen.rows += indexes.length;
		return indexes.map((index) => rows[index] ?? null);
	};
	return { list: { length: rows.length, read, byName }, seen };
}

const folder = (name: string): NamedRow => ({ name, isFolder: true });
const file = (name: string): NamedRow => ({ name, isFolder: false });
const mixed = [
	folder('Alps'),
	folder('Mail'),
	folder('Music'),
	file('apples'),
	file('maps 2'),
	file('maps 10'),
	file('Übung')
];

async function nameAt(
	rows: readonly NamedRow[],
	typed: string,
	from: number,
	byName: NameList['byName'] = 'ascending'
) {
	const at = await findByName(listOf(rows, byName).list, typed, from);
	return at === null ? null : rows[at]?.name;
}

describe('going to a name', () => {
	it('finds the next one from where the keyboard is, folders and files alike, and begins again at the end', async () => {
		expect(await nameAt(mixed, 'm', 0)).toBe('Mail');
		expect(await nameAt(mixed, 'm', 2)).toBe('Music');
		expect(await nameAt(mixed, 'm', 3)).toBe('maps 2');
		expect(await nameAt(mixed, 'm', 6)).toBe('Mail');
		expect(await nameAt(mixed, 'maps 1', 0)).toBe('maps 10');
		expect(await nameAt(mixed, 'ub', 0)).toBe('Übung');
		expect(await nameAt(mixed, 'x', 0)).toBeNull();
		expect(await nameAt([], 'x', 0)).toBeNull();
	});

	it('does so in the other direction and in any order', async () => {
		const backwards = [...mixed.slice(0, 3).toReversed(), ...mixed.slice(3).toReversed()];
		expect(await nameAt(backwards, 'm', 0, 'descending')).toBe('Music');
		expect(await nameAt(backwards, 'a', 1, 'descending')).toBe('Alps');
		expect(await nameAt(backwards, 'maps', 3, 'descending')).toBe('maps 10');
		expect(await nameAt([file('c'), file('a'), file('b')], 'b', 0, null)).toBe('b');
	});

	it('reads little of 100,000 rows, numbers and all', async () => {
		const rows = Array.from({ length: 100_000 }, (_, at) => file(`${String(at + 1).padStart(7, '0')} paper`));
		rows.push(file('zebra'));
		const { list, seen } = listOf(rows);
		expect(await findByName(list, 'z', 3)).toBe(100_000);
		expect(seen.rows).toBeLessThan(100);
		expect(await findByName(list, '0099998', 3)).toBe(99_997);
		expect(seen.rows).toBeLessThan(250);
	});

	it('finds a number by its first digits', async () => {
		const rows = Array.from({ length: 5000 }, (_, at) => file(`${at + 1}`));
		const { list } = listOf(rows.filter(({ name }) => name !== '42'));
		expect(await findByName(list, '42', 0)).toBe(rows.findIndex(({ name }) => name === '420') - 1);
	});
});

describe('what is typed', () => {
	it('is one word while letters come soon, and the same letter goes on to the next', () => {
		const word = new TypedWord(500);
		expect(word.type('m', 0)).toEqual({ words: 'm', staysIfFits: false });
		expect(word.type('a', 400)).toEqual({ words: 'ma', staysIfFits: true });
		expect(word.isGoing(800)).toBe(true);
		expect(word.isGoing(901)).toBe(false);
		expect(word.type('b', 1000)).toEqual({ words: 'b', staysIfFits: false });
		expect(word.type('b', 1100)).toEqual({ words: 'b', staysIfFits: false });
	});
});
