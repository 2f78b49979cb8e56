import { expect, test } from 'vitest';
import { createSimRandom, testSeed } from './host/random.ts';
import { createSimHost } from './host/sim-host.ts';
import { act, bytesOf, createTag, prepared, tagsOf } from './metadata-world.ts';
import { isNightly } from '../tier.ts';

const files = 6;

test('whatever becomes of files on the disk, each keeps the tag that a person gave it', async () => {
	const seed = testSeed('tags carried');
	for (let round = 0; round < (isNightly ? 30 : 3); round++) {
		const random = createSimRandom(seed + round);
		const tree = {
			f: {},
			g: {},
			rest: 1,
			...Object.fromEntries([0, 1, 2, 3, 4, 5].map((n) => [`${n}`, bytesOf(`of ${n}`)]))
		};
		const { driver, host, root, index, identify, at } = await prepared(tree, createSimHost(random.seed));
		/** Where each file lies now; null while it is away, with the bytes that it went with. */
		const places = Array.from({ length: files }, (_, n) => `${n}`);
		const bytes = Array.from({ length: files }, (_, n) => bytesOf(`of ${n}`));
		const away = new Set<number>();
		if (random.chance(0.5)) await identify();
		for (let n = 0; n < files; n++) {
			const tag = await createTag(driver, `${n}`);
			await act(driver, 'metadata.tag-files', { tag, files: { entries: [await at(`${n}`)] } });
		}
		let texts = 0;
		const change = (n: number) => {
			const place = places[n] ?? '';
			if (away.has(n)) {
				// It comes back where it was.
				const parts = place.split('/');
				const name = parts.pop() ?? '';
				host.files.put([root, ...parts].join('/'), { [name]: bytes[n] ?? new Uint8Array() });
				away.delete(n);
				return;
			}
			switch (random.integer(4)) {
				case 0: {
					// Also to the bytes of another, and to none at all.
					const text = ['', `new ${++texts}`, 'the same'][random.integer(3)] ?? '';
					bytes[n] = bytesOf(text);
					host.files.overwrite(`${root}/${place}`, bytesOf(text));
					return;
				}
				case 1:
				case 2: {
					const to = `${['', 'f/', 'g/'][random.integer(3)] ?? ''}${n} moved ${++texts}`;
					host.files.move(`${root}/${place}`, `${root}/${to}`);
					places[n] = to;
					return;
				}
				default:
					host.files.remove(`${root}/${place}`);
					away.add(n);
			}
		};
		for (let step = 0; step < 25; step++) {
			change(random.integer(files));
			await index();
			if (random.chance(0.5)) await identify();
			for (let n = 0; n < files; n++) {
				if (away.has(n)) continue;
				const has = (await tagsOf(driver, await at(places[n] ?? ''))).map((name) => name.replace('*', ''));
				// What went with its bytes known is known again by them.
				const isKnown = has.includes(`tag ${n}`);
				if (!isKnown) {
					await identify();
					const later = (await tagsOf(driver, await at(places[n] ?? ''))).map((name) => name.replace('*', ''));
					expect(later, `file ${n} in step ${step}`).toContain(`tag ${n}`);
				}
			}
			expect((await driver.value('library.verify', {})).flaws).toEqual([]);
		}
		await driver.core.close();
	}
}, 60_000);
