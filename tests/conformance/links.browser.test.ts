import { afterAll, describe, expect, inject, test } from 'vitest';
import { linkCases } from './links.ts';
import { lendConnections } from '../../src/lib/client/lend-connections.ts';
import type { Check, Way } from './links.worker.ts';

const worker = new Worker(new URL('./links.worker.ts', import.meta.url), { type: 'module' });
const connections = lendConnections(worker, () => undefined);
afterAll(() => {
	connections.close();
	worker.terminate();
});

/** What went wrong in the worker, or null. */
function ask(asked: { readonly name: string; readonly way: Way } | { readonly name: Check; readonly way: null }) {
	return new Promise<unknown>((resolve, reject) => {
		worker.onmessage = ({ data }: MessageEvent<{ readonly done?: unknown }>) => 'done' in data && resolve(data.done);
		worker.onerror = ({ message }) => reject(new Error(message));
		worker.postMessage({ ...asked, linkServer: inject('linkServer'), directServer: inject('directServer') });
	});
}

const outcome = (name: string, way: Way) => ask({ name, way });

describe('secured links over the WebSockets of Chromium, with a peer between them', () => {
	for (const name of Object.keys(linkCases))
		test(name, async () => expect(await outcome(name, 'web-socket')).toBeNull());
});

describe('links through a relay over the WebSockets of Chromium, both ends in it', () => {
	for (const name of Object.keys(linkCases)) test(name, async () => expect(await outcome(name, 'relay')).toBeNull());
});

describe('links over direct dial between Chromium and a peer, secured from end to end over two of them', () => {
	for (const name of Object.keys(linkCases))
		test(name, async () => expect(await outcome(name, 'direct-dial')).toBeNull());

	test('both ends know the same certificates, and with another one swapped in nobody answers', async () =>
		expect(await ask({ name: 'bind', way: null })).toBeNull());

	test('where another certificate answers, it is told as another device', async () =>
		expect(await ask({ name: 'dial-other', way: null })).toBeNull());
});
