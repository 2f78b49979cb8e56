import { expect, test } from 'vitest';
import { tagId } from '#core/kernel';
import { act } from '../conformance/core-driver.ts';
import { once, photo, withLinkedPair } from './linked-pair.ts';

test('what is tagged on one device is seen on the other, over a WebSocket that nobody reads on the way', async () => {
	await withLinkedPair(async ({ one, two, wire }) => {
		const tag = tagId('7'.repeat(32));
		await act(one.driver, 'metadata.create-tag', { id: tag, name: 'a secret garden' });
		const { id } = await one.driver.value('entries.resolve', { path: `/photos/${photo}`, from: null });
		await act(one.driver, 'metadata.tag-files', { tag, files: { entries: [id] } });
		const tagged = await once(
			two,
			() => two.driver.value('metadata.tagged', { tag }),
			(entries) => entries.length > 0
		);
		const [sayings] = await two.driver.value('metadata.of', { entries: [...tagged] });
		expect(sayings?.tags).toMatchObject([{ name: 'a secret garden' }]);

		const passed = wire();
		expect(passed.length).toBeGreaterThan(1_000);
		for (const marker of ['a secret garden', 'orchid', 'photos', 'sync/1', one.identity.id])
			expect(passed.includes(marker), marker).toBe(false);
	});
});
