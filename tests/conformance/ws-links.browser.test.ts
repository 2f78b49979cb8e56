import { afterAll, describe, expect, inject, test } from 'vitest';
import { linkCases } from './links.ts';
import type { Way } from './links.worker.ts';

const worker = new Worker(new URL('./links.worker.ts', import.meta.url), { type: 'module' });
afterAll(() => worker.terminate());

/** What went wrong in the worker, or null. */
function outcome(name: string, way: Way): Promise<unknown> {
	return new Promise((resolve, reject) => {
		worker.onmessage = ({ data }: MessageEvent<unknown>) => resolve(data);
		worker.onerror = ({ message }) => reject(new Error(message));
		worker.postMessage({ name, way, linkServer: inject('linkServer') });
	});
}

describe('secured links over the WebSockets of Chromium, with a peer between them', () => {
	for (const name of Object.keys(linkCases))
		test(name, async () => expect(await outcome(name, 'web-socket')).toBeNull());
});

describe('links through a relay over the WebSockets of Chromium, both ends in it', () => {
	for (const name of Object.keys(linkCases)) test(name, async () => expect(await outcome(name, 'relay')).toBeNull());
});
