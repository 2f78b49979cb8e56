/// <reference types="@sveltejs/kit" />
/**
 * The app's shell, offline: every file of one build lies in one cache, and a page is served wholly from one build.
 * A newer build is fetched beside it and waits; it takes over when the page asks (`activate-update`) or all tabs are closed.
 */
import { base, version } from '$service-worker';

declare const self: ServiceWorkerGlobalScope;

const cacheName = `app-${version}`;
const shell = `${base}/`;

/** Keeps every file of this build, or fails whole: a build that is not complete never serves. */
async function keepBuild(): Promise<void> {
	const list: unknown = await (await fetch(`${base}/precache.json`, { cache: 'no-store' })).json();
	if (!Array.isArray(list)) throw new TypeError('precache.json is not a list');
	const cache = await caches.open(cacheName);
	// Past the HTTP cache: a file kept there from the build before would mix two builds.
	await cache.addAll(list.map((path) => new Request(`${base}${String(path)}`, { cache: 'reload' })));
}

/** Forgets the builds before this one. Only this app's caches: others on the origin keep theirs. */
async function dropOlderBuilds(): Promise<void> {
	const names = await caches.keys();
	await Promise.all(
		names.filter((name) => name.startsWith('app-') && name !== cacheName).map((name) => caches.delete(name))
	);
	await self.clients.claim();
}

async function answer(request: Request, path: string): Promise<Response> {
	const cache = await caches.open(cacheName);
	const kept = await cache.match(request.mode === 'navigate' ? shell : path);
	return kept ?? fetch(request);
}

self.addEventListener('install', (event) => event.waitUntil(keepBuild()));
self.addEventListener('activate', (event) => event.waitUntil(dropOlderBuilds()));
self.addEventListener('fetch', (event) => {
	const url = new URL(event.request.url);
	if (event.request.method !== 'GET' || url.origin !== self.location.origin) return;
	if (url.pathname.startsWith(`${base}/api/`)) return;
	event.respondWith(answer(event.request, url.pathname));
});
self.addEventListener('message', (event) => {
	const message: unknown = event.data;
	if (typeof message !== 'object' || message === null || !('type' in message)) return;
	if (message.type === 'activate-update') event.waitUntil(self.skipWaiting());
});
