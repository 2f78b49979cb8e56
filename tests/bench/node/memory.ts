import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Figure } from '../figure.ts';
import type { MemoryUse } from './memory-process.ts';

const megabyte = 1_000_000;
const asked = { megabytes: 150, bytes: 400 };

/** What 1,000,000 entries take, in a process of its own, where nothing has been measured before. */
export async function measureMemory(): Promise<Figure[]> {
	const child = fork(fileURLToPath(new URL('memory-process.ts', import.meta.url)), { serialization: 'advanced' });
	const told = once(child, 'message');
	const ended = once(child, 'exit').then(([code]) =>
		Promise.reject(new Error(`the measured process ended with ${code}`))
	);
	const [use] = (await Promise.race([told, ended])) as [MemoryUse];
	const { idleBytes, peakBytes, peakAgainBytes, entries, firstMs, againMs, bytes } = use;
	const figure = (what: string, measured: number, unit: Figure['unit'], more: Partial<Figure> = {}): Figure => ({
		name: `node.index.memory.${what}`,
		measured,
		unit,
		...more
	});
	return [
		figure('first-megabytes', (peakBytes - idleBytes) / megabyte, 'count', { asked: asked.megabytes }),
		figure('again-megabytes', (peakAgainBytes - idleBytes) / megabyte, 'count', { asked: asked.megabytes }),
		figure('idle-megabytes', idleBytes / megabyte, 'count'),
		figure('bytes', bytes, 'bytes', { asked: asked.bytes, tolerance: 0.05 }),
		figure('first-rate', (entries * 1_000) / firstMs, 'per second'),
		figure('again-rate', (entries * 1_000) / againMs, 'per second'),
		figure('entries', entries, 'count')
	];
}
