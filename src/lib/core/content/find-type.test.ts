import { describe, expect, test } from 'vitest';
import { fileKinds, fileTypes } from './file-types.ts';
import { findType, looksLikeText, typeById, typeOfCopy, typeOfName } from './find-type.ts';
import { signatures } from './signatures.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const hex = (text: string) => Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));

describe('the table of file types', () => {
	test('is as large as people’s files are varied', () => {
		const extensions = new Set(fileTypes.flatMap(({ extensions: all }) => all.split(' ').filter(Boolean)));
		expect(extensions.size).toBeGreaterThanOrEqual(200);
		expect(signatures.length).toBeGreaterThanOrEqual(50);
		expect(new Set(fileTypes.map(({ kind }) => kind))).toEqual(new Set(fileKinds));
	});

	test('names each type once, and every other type that a row speaks of', () => {
		const ids = fileTypes.map(({ id }) => id);
		expect(ids.filter((id, at) => ids.indexOf(id) !== at)).toEqual([]);
		expect(fileTypes.filter(({ inside }) => inside !== undefined && typeById(inside) === null)).toEqual([]);
		expect(signatures.filter(([id]) => typeById(id) === null)).toEqual([]);
		expect(signatures.filter(([, , pattern]) => !/^([0-9a-f]{2}|\.\.)+$/.test(pattern))).toEqual([]);
	});

	test('keeps the number of each kind, as libraries hold it', () => {
		expect(fileKinds.join(' ')).toBe(
			'other image video audio document book mail sheet slides text code archive disk font model database program'
		);
	});
});

describe('the type of a file', () => {
	test.each([
		['photo.JPG', hex('ffd8ffe000104a464946'), 'jpeg', 100],
		['photo', hex('ffd8ffe000104a464946'), 'jpeg', 90],
		['photo.txt', hex('ffd8ffe000104a464946'), 'jpeg', 70],
		['film.mov', hex('00000014667479707174202000000000'), 'quicktime', 100],
		['film.mp4', hex('00000014667479706d70343200000000'), 'mp4', 100],
		['voice.m4a', hex('00000014667479704d34412000000000'), 'm4a', 100],
		['picture.webp', hex('524946461000000057454250'), 'webp', 100],
		['sound.wav', hex('524946461000000057415645'), 'wav', 100],
		['letter.docx', hex('504b030414000600'), 'docx', 95],
		['app.jar', hex('504b030414000600'), 'jar', 95],
		['raw.NEF', hex('4d4d002a00000008'), 'raw', 95],
		['old.doc', hex('d0cf11e0a1b11ae1'), 'doc', 95],
		['stream.ts', Uint8Array.from({ length: 600 }, (_, at) => (at % 188 === 0 ? 0x47 : 0x1f)), 'mpeg-ts', 100],
		['code.ts', bytes('export const x = 1;\n'), 'typescript', 85],
		['MZ.txt', bytes('MZ is how it begins\n'), 'text', 85],
		['ID3 notes', bytes('ID3 tags are text\n'), 'text', 80],
		['setup.exe', hex('4d5a90000300000004000000'), 'windows', 100],
		['data.json', hex('0001020304'), 'binary', 20],
		['raw.img', hex('0001020304'), 'img', 60],
		['no idea', hex('0001020304'), 'binary', 20],
		['empty.png', new Uint8Array(0), 'binary', 0],
		['empty', new Uint8Array(0), 'binary', 0]
	])('%s', (name, first, id, confidence) => {
		const found = findType(name, first);
		expect([found.type.id, found.confidence]).toEqual([id, confidence]);
	});

	test.each([
		['a.md', 5, 'text', 'markdown'],
		['a', 5, 'markdown', 'markdown'],
		['a.txt', 5, 'jpeg', 'jpeg'],
		['a.jpg', 5, 'text', 'text'],
		['a.md', 0, 'binary', 'markdown'],
		['a.md', 5, null, 'markdown'],
		['a', 0, 'binary', undefined]
	])('of a copy called %s of %i bytes that show %s is %s', (name, sizeBytes, seen, id) => {
		expect(typeOfCopy(name, sizeBytes, seen)?.id).toBe(id);
	});

	test('by its name alone is the likeliest', () => {
		expect(typeOfName('a.ts')?.id).toBe('typescript');
		expect(typeOfName('a.constructor')).toBeNull();
		expect(typeOfName('README')).toBeNull();
	});
});

describe('text', () => {
	test.each([
		['plain', bytes('plain\n'), true],
		['with letters of any script', bytes('日本語 café'), true],
		['cut in the middle of a letter', new Uint8Array([...bytes('a'.repeat(4_095)), 0xe6, 0x97]), true],
		['UTF-16 by its mark', hex('fffe61006200'), true],
		['with a zero', hex('610062'), false],
		['that is not UTF-8', hex('61ff62'), false],
		['a file that ends in half a letter', hex('61e697'), false]
	])('%s', (_, first, isText) => expect(looksLikeText(first)).toBe(isText));
});
