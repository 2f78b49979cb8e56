import { expect, test } from 'vitest';
import { parseSize } from './parse-size.ts';

test.each([
	['0', 0],
	['900', 900],
	['2GB', 2_000_000_000],
	['1.5 MiB', 1_572_864],
	[' 10k ', 10_000],
	['', null],
	['GB', null],
	['-1', null],
	['1e3', null],
	['2 apples', null],
	['99999999 TB', null]
])('%j is %s bytes', (text, sizeBytes) => expect(parseSize(text)).toBe(sizeBytes));
