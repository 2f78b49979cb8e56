import { collectionId, tagId } from '#core/kernel';
import { addIndexed, drive, type Driver } from './core-driver.ts';
import { holds, same, type Case, type World } from './core-world.ts';

const tag = tagId('a'.repeat(32));
const child = tagId('b'.repeat(32));
const best = collectionId('c'.repeat(32));

async function commit(driver: Driver, action: string, input: unknown) {
	const { id: plan } = await driver.value('actions.preview', { action, input });
	return driver.value('actions.commit', { action, input, plan });
}

/** A library with a folder of two copies and another file. */
async function withFiles(world: World, work: (driver: Driver, at: Readonly<Record<string, number>>) => Promise<void>) {
	const driver = drive(world, 1, { runsJobs: 'asked' });
	await driver.value('library.create', { name: 'Home', password: null });
	const folder = await world.makeFolder();
	await folder.write(['f', 'a'], new Uint8Array([1, 2, 3]));
	await folder.write(['f', 'copy of a'], new Uint8Array([1, 2, 3]));
	await folder.write(['b'], new Uint8Array([4]));
	const location = await addIndexed(driver, folder.root, 'Here');
	await driver.value('content.identify', { location: location.id });
	const at: Record<string, number> = {};
	for (const path of ['f', 'f/a', 'f/copy of a', 'b'])
		at[path] = (await driver.value('entries.resolve', { path: `/Here/${path}`, from: null })).id;
	try {
		await work(driver, at);
		same((await driver.value('library.verify', {})).flaws, [], 'flaws at the end');
	} finally {
		await driver.core.close();
	}
}

export const metadataCases: readonly Case[] = [
	{
		title: 'files are tagged, found by a tag above theirs and by their copies, and all of it is taken back',
		run: (world) =>
			withFiles(world, async (driver, at) => {
				let events = 0;
				driver.core.subscribe(({ type }) => void (events += type === 'metadata-changed' ? 1 : 0));
				await commit(driver, 'metadata.create-tag', { id: tag, name: 'Places', colour: 'green', icon: 'place' });
				await commit(driver, 'metadata.create-tag', { id: child, name: 'Paris', parents: [tag] });
				const tagging = await commit(driver, 'metadata.tag-files', { tag: child, files: { entries: [at['f/a']] } });
				same(events, 3, 'events');
				const found = async () => [...(await driver.value('metadata.tagged', { tag }))];
				same(await found(), [at['f/a'], at['f/copy of a']], 'found by the tag above');
				const [place, paris] = (await driver.value('metadata.tags', {})).toReversed();
				same([place?.name, place?.entries, place?.children], ['Places', 0, [child]], 'the tag above');
				same([paris?.name, paris?.entries, paris?.parents], ['Paris', 2, [tag]], 'the tag below');
				const entries = [at['f/a'] ?? 0, at['f/copy of a'] ?? 0, at['b'] ?? 0, 1e9];
				const counted = await driver.value('metadata.tag-counts', { entries });
				same(counted, { there: 3, counts: [{ tag: child, entries: 2 }] }, 'of these, tagged');
				await commit(driver, 'actions.undo', { action: tagging.id });
				same(await found(), [], 'taken back');
			})
	},
	{
		title: 'a folder is favoured, coloured, rated and described, and put into a collection',
		run: (world) =>
			withFiles(world, async (driver, at) => {
				const files = { folder: at['f'], except: [] };
				await commit(driver, 'metadata.set-favourite', { files, value: 1 });
				await commit(driver, 'metadata.set-colour', { files, value: 'red' });
				await commit(driver, 'metadata.set-rating', { files, value: 4 });
				await commit(driver, 'metadata.set-note', { files: { entries: [at['b']] }, value: 'größer “als” 100 %' });
				await commit(driver, 'metadata.create-collection', {
					id: best,
					name: 'Best of',
					files: { entries: [at['b'], at['f/a']] }
				});
				const spread = await driver.value('metadata.mark-counts', { entries: [at['f/a'] ?? 0, at['b'] ?? 0, 1e9] });
				same([spread.there, spread.favourites], [2, 1], 'of these, favourites');
				same(spread.collections, [{ collection: best, entries: 2 }], 'of these, collected');
				same(
					spread.ratings.toSorted((a, b) => a.rating - b.rating),
					[
						{ rating: 0, entries: 1 },
						{ rating: 4, entries: 1 }
					],
					'stars'
				);
				const [a, b] = await driver.value('metadata.of', { entries: [at['f/a'] ?? 0, at['b'] ?? 0] });
				same([a?.favourite, a?.colour, a?.rating, a?.note], [true, 'red', 4, ''], 'of the one');
				same([b?.favourite, b?.colour, b?.rating, b?.note], [false, null, 0, 'größer “als” 100 %'], 'of the other');
				same([...(await driver.value('metadata.favourites', {}))], [at['f/a'], at['f/copy of a']], 'favourites');
				same(a?.collections, [{ id: best, name: 'Best of' }], 'its collection');
				same([...(await driver.value('metadata.collected', { collection: best }))], [at['b'], at['f/a']], 'in order');
				same(await driver.value('metadata.collections', {}), [{ id: best, name: 'Best of', entries: 2 }], 'all');
			})
	},
	{
		title: 'what cannot be done of an action is told, and a deletion is not done unseen',
		run: (world) =>
			withFiles(world, async (driver, at) => {
				const files = { entries: [at['b'], 999_999] };
				const request = { action: 'metadata.tag-files', input: { tag, files } };
				const missing = await driver.value('actions.preview', request);
				same([missing.operations.length, missing.blocked[0]?.why], [0, { type: 'TagMissing', tag }], 'no such tag');
				await commit(driver, 'metadata.create-tag', { id: tag, name: 'Places' });
				const plan = await driver.value('actions.preview', request);
				same([plan.cost.items, plan.blocked[0]?.why], [1, { type: 'EntriesGone', entries: 1 }], 'one is gone');
				await driver.value('actions.commit', { ...request, plan: plan.id });
				const deletion = { action: 'metadata.delete-tag', input: { tag } };
				same((await driver.failure('actions.commit', { ...deletion, plan: null })).type, 'PlanUnseen', 'unseen');
				const wrong = await driver.failure('actions.preview', {
					action: 'metadata.set-rating',
					input: { files, value: 6 }
				});
				holds(wrong.type === 'ActionInputInvalid' && wrong.field === 'value', JSON.stringify(wrong));
			})
	}
];
