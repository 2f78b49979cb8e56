import { afterAll, describe, expect, test } from 'vitest';
import { plantHouse } from './planted-house.ts';

const foreignToCore: Readonly<Record<string, string>> = {
	window: `export const planted = window.name;`,
	document: `export const planted = document.title;`,
	navigator: `export const planted = navigator.userAgent;`,
	fetch: `export const planted = fetch('/');`,
	'set-timeout': `setTimeout(() => {}, 1); export {};`,
	'queue-microtask': `queueMicrotask(() => {}); export {};`,
	performance: `export const planted = performance.now();`,
	crypto: `export const planted = crypto.randomUUID();`,
	console: `console.log('planted'); export {};`,
	process: `export const planted = process.env;`,
	buffer: `export const planted = Buffer.alloc(1);`,
	url: `export const planted = new URL('a:b');`,
	'node-fs': `import { readFileSync } from 'node:fs'; export const planted = readFileSync;`,
	'dom-type': `export type Planted = FileSystemDirectoryHandle;`
};

const house = plantHouse({
	...Object.fromEntries(Object.entries(foreignToCore).map(([name, text]) => [`src/lib/core/kernel/${name}.ts`, text])),
	'src/lib/core/kernel/lent.ts': `
		export async function lent(signal: AbortSignal, input: Uint8Array): Promise<string> {
			signal.throwIfAborted();
			const own = new AbortController();
			signal.addEventListener('abort', () => own.abort(signal.reason), { once: true });
			const text = new TextDecoder('utf-8', { fatal: true }).decode(new TextEncoder().encode('a'));
			return structuredClone({ text, input, both: AbortSignal.any([signal, own.signal]).aborted }).text;
		}`,
	'src/workers/document.ts': `export const planted = document.title;`,
	'src/workers/window.ts': `export const planted = window.name;`,
	'src/workers/process.ts': `export const planted = process.env;`,
	'src/workers/lent.ts': `
		export async function lent(handle: FileSystemFileHandle): Promise<number> {
			const access = await handle.createSyncAccessHandle();
			self.postMessage(import.meta.env.DEV);
			return access.getSize();
		}`,
	'peer/document.ts': `export const planted = document.title;`,
	'peer/window.ts': `export const planted = window.name;`,
	'peer/lent.ts': `import { readFileSync } from 'node:fs'; export const lent = () => readFileSync(process.cwd());`
});
afterAll(() => house.remove());

function refused(project: string): readonly string[] {
	return [...new Set(house.typeErrors(project).map((error) => error.replace(/: TS\d+$/, '')))].toSorted();
}

describe('what a host has does not compile where it is not', () => {
	test('the core knows the language and five names more', () => {
		const planted = Object.keys(foreignToCore).map((name) => `src/lib/core/kernel/${name}.ts`);
		expect(refused('src/lib/core')).toEqual(planted.toSorted());
	});

	test('a worker has neither page nor Node', () => {
		expect(refused('src/workers')).toEqual(['document', 'process', 'window'].map((name) => `src/workers/${name}.ts`));
	});

	test('the peer has no page', () => {
		expect(refused('peer')).toEqual(['peer/document.ts', 'peer/window.ts']);
	});
});
