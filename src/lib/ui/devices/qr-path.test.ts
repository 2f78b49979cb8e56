import decodeQr from 'qr/decode.js';
import { expect, test } from 'vitest';
import { drawQr } from './qr-path.ts';

const scale = 4;

/** The drawing as a camera would see it. */
function pixelsOf({ path, size }: ReturnType<typeof drawQr>) {
	const width = size * scale;
	const data = new Uint8ClampedArray(width * width * 4).fill(255);
	for (const [, x, y, length] of path.matchAll(/M(\d+) (\d+)h(\d+)v1h-\d+z/g))
		for (let row = Number(y) * scale; row < (Number(y) + 1) * scale; row++)
			for (let column = Number(x) * scale; column < (Number(x) + Number(length)) * scale; column++)
				data.fill(0, (row * width + column) * 4, (row * width + column) * 4 + 3);
	return { width, height: width, data };
}

test.each(['7-orbit-violin', `https://nas.local:4173/#pair=1.${'Ab3-_9'.repeat(30)}`])(
	'what is drawn is read back: %s',
	(text) => expect(decodeQr(pixelsOf(drawQr(text)))).toBe(text)
);

test('a code has its clear edge', () => {
	const { path, size } = drawQr('atoll');
	const places = [...path.matchAll(/M(\d+) (\d+)h(\d+)/g)].map(([, x, y, width]) => [
		Number(x),
		Number(y),
		Number(x) + Number(width)
	]);
	expect(Math.min(...places.flatMap(([x = 0, y = 0]) => [x, y]))).toBe(4);
	expect(Math.max(...places.map(([, , end = 0]) => end))).toBe(size - 4);
});
