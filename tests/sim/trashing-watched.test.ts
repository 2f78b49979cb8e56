import { expect, test } from 'vitest';
import type { EntryId } from '#core/kernel';
import { prepared, noFlaws } from './moving-world.ts';
import { testSeed } from './host/random.ts';

const tree = { box: { 'a.txt': 10, deep: { 'b.txt': 20 } }, 'other.txt': 5 };

test.each([
	['that tells inodes', true],
	['without inodes', false]
])(
	'a folder that a run misses on its way to the trash of a disk %s is there with all that it holds',
	async (_, hasInodes) => {
		const { host, driver, index, id } = await prepared({ hasInodes, tree, seed: testSeed('watched trash') });
		const [box, leaf] = [await id('box'), await id('box/deep/b.txt')];
		await driver.value('actions.commit', {
			action: 'metadata.set-favourite',
			input: { files: { entries: [leaf] }, value: 1 },
			plan: null
		});
		const favourites = () => driver.value('metadata.favourites', {});
		expect([...(await favourites())]).toEqual([leaf]);
		// The run goes over the folder between its renaming and what the library is told of that.
		const rename = host.changes.rename.bind(host.changes);
		let ran = 0;
		host.changes.rename = async (moves, signal) => {
			const renamed = await rename(moves, signal);
			if (moves.length > 0 && ran++ === 0) await index();
			return renamed;
		};
		const begun = await driver.value('actions.commit', {
			action: 'files.trash',
			input: { entries: [box] },
			plan: (await driver.value('actions.preview', { action: 'files.trash', input: { entries: [box] } })).id
		});
		expect(await driver.value('actions.end', { action: begun.id })).toMatchObject({ state: 'done', failed: 0 });
		expect(ran).toBe(1);
		const [item, ...more] = (await driver.value('files.trash-list', { offset: 0, limit: 9 })).items;
		expect(more).toEqual([]);
		expect(item).toMatchObject({ entry: box, usage: { files: 2, folders: 1, sizeBytes: 30 } });
		await noFlaws(driver);
		const undo = { action: 'actions.undo', input: { action: begun.id } };
		const undoing = await driver.value('actions.commit', { ...undo, plan: null });
		expect(await driver.value('actions.end', { action: undoing.id })).toMatchObject({ state: 'done', failed: 0 });
		expect([await id('box'), await id('box/deep/b.txt')] satisfies EntryId[]).toEqual([box, leaf]);
		expect([...(await favourites())]).toEqual([leaf]);
		await index();
		expect([await id('box'), await id('box/deep/b.txt')]).toEqual([box, leaf]);
		await noFlaws(driver);
	}
);
