import { expect, test } from 'vitest';
import { drive } from '../conformance/core-driver.ts';
import { createSimHost } from './host/sim-host.ts';
import { createSimWorld } from './world.ts';

const pageBytes = 4096;

test('a library that is told to be damaged is not left open', async () => {
	const host = createSimHost(1);
	const driver = drive(createSimWorld(1, host), 1);
	await driver.value('library.create', { name: 'Home', password: null });
	await driver.value('library.lock', {});
	const path = [...host.disk.contents().keys()].find((name) => name.endsWith('database.db')) ?? '';
	const pages = (host.disk.contents().get(path)?.length ?? 0) / pageBytes;
	let refused = 0;
	for (let page = 0; page < pages; page++) {
		const flip = (bytes: Uint8Array<ArrayBuffer>) => {
			const at = page * pageBytes + 1_850;
			bytes[at] = (bytes[at] ?? 0) ^ 8;
			return bytes;
		};
		host.disk.tamper(path, flip);
		const { ok } = await driver.core.commands['library.unlock'](
			{ by: 'device' },
			{ signal: new AbortController().signal, command: 'f'.repeat(32) as never }
		);
		if (!ok) {
			refused++;
			expect((await driver.failure('locations.list', {})).type, `page ${page}`).toBe('LibraryLocked');
		}
		await driver.value('library.lock', {});
		host.disk.tamper(path, flip);
	}
	expect(refused).toBeGreaterThan(1);
	expect((await driver.value('library.unlock', { by: 'device' })).state).toBe('open');
});
