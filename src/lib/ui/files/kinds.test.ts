import { describe, expect, it } from 'vitest';
import { kindOf } from './kinds.ts';

describe('kinds', () => {
	it.each([
		['directory', 'Photos.jpg', 'folder', 'Folder'],
		['symlink', 'a.txt', 'link', 'Link'],
		['other', 'pipe', 'other', 'Special file'],
		['file', 'IMG_1.JPG', 'image', 'JPEG image'],
		['file', 'README', 'other', 'File'],
		['file', '.profile', 'other', 'File'],
		['file', 'data.xyz', 'other', 'XYZ file'],
		['file', 'a.constructor', 'other', 'File'],
		['file', 'x.toString', 'other', 'File']
	] as const)('%s %s', (kind, name, group, words) => {
		expect(kindOf(kind, name)).toEqual({ group, words });
	});
});
