import { describe, expect, it } from 'vitest';
import type { FileType } from '#core/content';
import { kindOf } from './kinds.ts';

const jpeg: FileType = { id: 'jpeg', kind: 'image', words: 'JPEG image' };
const font: FileType = { id: 'ttf', kind: 'font', words: 'Font' };
const binary: FileType = { id: 'binary', kind: 'other', words: 'Unknown kind' };

describe('kinds', () => {
	it.each([
		['directory', 'Photos.jpg', null, 'folder', 'Folder'],
		['symlink', 'a.txt', null, 'link', 'Link'],
		['other', 'pipe', null, 'other', 'Special file'],
		['file', 'IMG_1.JPG', jpeg, 'image', 'JPEG image'],
		['file', 'lies.txt', jpeg, 'image', 'JPEG image'],
		['file', 'a.ttf', font, 'other', 'Font'],
		['file', 'README', null, 'other', 'File'],
		['file', '.profile', null, 'other', 'File'],
		['file', 'data.xyz', null, 'other', 'XYZ file'],
		['file', 'data.xyz', binary, 'other', 'XYZ file']
	] as const)('%s %s', (kind, name, type, group, words) => {
		expect(kindOf({ kind, name, type })).toEqual({ group, words });
	});
});
