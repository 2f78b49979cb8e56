import { afterAll, beforeAll, expect, test } from 'vitest';
import { act, bytesOf, createTag, prepared } from './metadata-world.ts';

type Prepared = Awaited<ReturnType<typeof prepared>>;

const names = [
	'report.pdf',
	'Annual Report.pdf',
	'reporting.txt',
	'foo-bar.ts',
	'foobar.ts',
	'C++.md',
	'Learning C++ in 21 days.epub',
	'C.txt',
	"it's here.txt",
	'its there.txt',
	'it\u2019s bent.txt',
	'hello world.txt',
	'world.txt',
	'IMG_2024_beach.jpg',
	'Beaches of Wales.docx',
	'2024-05 invoice.pdf',
	'say "yes".txt',
	'holiday (draft).txt',
	'all*stars.txt',
	'12:30 call.m4a',
	'AND so on.txt',
	'OR else.txt',
	'band.txt',
	'party \u{1f389}.jpg',
	'日本語の本.txt',
	'日記.txt',
	// What a Mac's disk has, and what one types.
	'Cafe\u0301 menu.pdf',
	'Caf\u00e9 bill.pdf',
	'stra\u00dfe.txt',
	'100% sure_thing.txt',
	'a\\b.txt',
	'.env',
	'photoFinalVersion.psd'
];

let world: Prepared;
beforeAll(async () => {
	const tree = Object.fromEntries(names.map((name, at) => [name, bytesOf(`${at} ${name}`)]));
	world = await prepared({ ...tree, 2024: { '05': { 'harbour.jpg': 5 }, '06': { 'lake.jpg': 6 } } });
});
afterAll(() => world.driver.core.close());

async function found(text: string): Promise<string[]> {
	const { found: rows } = await world.driver.value('search.first', { text, limit: 100 });
	return rows.map(({ name }) => name);
}

/** What is typed, and all that it finds: the best first. */
test.each<[typed: string, finds: readonly string[]]>([
	['report.pdf', ['report.pdf', 'Annual Report.pdf']],
	['foo-bar', ['foo-bar.ts']],
	['C++', ['C++.md', 'Learning C++ in 21 days.epub']],
	['c++', ['C++.md', 'Learning C++ in 21 days.epub']],
	["it's", ['it\u2019s bent.txt', "it's here.txt"]],
	['it\u2019s', ['it\u2019s bent.txt', "it's here.txt"]],
	['2024/05', ['05', '2024-05 invoice.pdf', 'harbour.jpg']],
	['hello world?', ['hello world.txt']],
	['world hello', ['hello world.txt']],
	['"hello world"', ['hello world.txt']],
	['"world hello"', []],
	['beach', ['Beaches of Wales.docx', 'IMG_2024_beach.jpg']],
	['"', ['say "yes".txt']],
	['"yes"', ['say "yes".txt']],
	['(', ['holiday (draft).txt']],
	['(draft)', ['holiday (draft).txt']],
	['*', ['all*stars.txt']],
	[':', ['12:30 call.m4a']],
	['12:30', ['12:30 call.m4a']],
	['AND', ['AND so on.txt', 'band.txt']],
	['OR', ['OR else.txt', 'Annual Report.pdf', 'report.pdf', 'reporting.txt', 'hello world.txt', 'world.txt']],
	['\u{1f389}', ['party \u{1f389}.jpg']],
	['日本語', ['日本語の本.txt']],
	['日', ['日本語の本.txt', '日記.txt']],
	['caf\u00e9', ['Caf\u00e9 bill.pdf', 'Cafe\u0301 menu.pdf']],
	['cafe\u0301', ['Caf\u00e9 bill.pdf', 'Cafe\u0301 menu.pdf']],
	['CAFE', ['Caf\u00e9 bill.pdf', 'Cafe\u0301 menu.pdf']],
	['stra\u00dfe', ['stra\u00dfe.txt']],
	['100%', ['100% sure_thing.txt']],
	['sure_thing', ['100% sure_thing.txt']],
	['a\\b', ['a\\b.txt']],
	['.env', ['.env']],
	['final', ['photoFinalVersion.psd']],
	['beach OR lake', ['lake.jpg', 'Beaches of Wales.docx', 'IMG_2024_beach.jpg']],
	['report -annual', ['report.pdf', 'reporting.txt']],
	['ext:pdf report', ['report.pdf', 'Annual Report.pdf']],
	['in:2024/06', ['lake.jpg']],
	['kind:folder', ['05', '06', '2024', 'tree']],
	["'; DROP TABLE entry; --", []],
	['   ', []]
])('%s', async (typed, finds) => {
	const all = await found(typed);
	// Which of those that fit as well comes first is said by `sort-found`.
	expect(all.toSorted()).toEqual(finds.toSorted());
	expect(all[0]).toBe(finds[0]);
});

test('what matches is named for each', async () => {
	const marked = async (text: string) => {
		const { ids } = await world.driver.value('search.find', { text });
		const rows = await world.driver.value('search.rows', { text, entries: [...ids] });
		return rows.map(({ name, why }) => why?.name.map(({ from, to }) => name.slice(from, to)).join('|'));
	};
	expect(await marked('c++')).toEqual(['C++', 'C++']);
	expect(await marked('cafe')).toEqual(['Caf\u00e9', 'Cafe\u0301']);
	expect(await marked('hello world?')).toEqual(['hello|world']);
	expect(await marked('"hello world"')).toEqual(['hello world']);
});

test('tags and notes are found by their words, and say so', async () => {
	const { driver, at } = await prepared({ 'a.pdf': 1, 'b.pdf': 2, 'c.pdf': 3 });
	const tag = await createTag(driver, 'a');
	await act(driver, 'metadata.tag-files', { tag, files: { entries: [await at('a.pdf')] } });
	const value = `Not read yet. ${'It is long. '.repeat(20)}The café by the harbour, of all places.`;
	await act(driver, 'metadata.set-note', { files: { entries: [await at('b.pdf')] }, value });
	const reasons = async (text: string) => {
		const { rows } = await driver.value('search.find', { text, rows: 9 });
		return rows.map(({ name, why }) => {
			const note = why?.note ?? null;
			return [name, why?.tags, note?.spans.map(({ from, to }) => note.text.slice(from, to))];
		});
	};
	expect(await reasons('tag')).toEqual([['a.pdf', ['tag a'], undefined]]);
	expect(await reasons('CAFE')).toEqual([['b.pdf', [], ['café']]]);
	expect(await reasons('note:harbour')).toEqual([['b.pdf', [], ['harbour']]]);
	// Within a word of what people say nothing is looked for: `art` is not to find every `party`.
	expect(await reasons('arbour')).toEqual([]);
	await driver.core.close();
});
