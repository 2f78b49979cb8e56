import type { Page } from '@playwright/test';
import decodeQr from 'qr/decode.js';

/** What a camera reads off the screen, of the link that a device is added by. */
export async function scanLink(page: Page): Promise<string> {
	const shot = await page.getByRole('img', { name: 'The link as a QR code' }).screenshot();
	const picture = await page.evaluate(async (base64) => {
		const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
		const bitmap = await createImageBitmap(new Blob([bytes]));
		const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
		const context = canvas.getContext('2d');
		context?.drawImage(bitmap, 0, 0);
		const data = context?.getImageData(0, 0, bitmap.width, bitmap.height).data ?? [];
		return { width: bitmap.width, height: bitmap.height, data: [...data] };
	}, shot.toString('base64'));
	return decodeQr({ ...picture, data: Uint8ClampedArray.from(picture.data) });
}
