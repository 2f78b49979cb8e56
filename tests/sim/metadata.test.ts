import { expect, test } from 'vitest';
import { act, bytesOf, createCollection, createTag, prepared, saidOf, tagged, tagsOf, undo } from './metadata-world.ts';

const dayMs = 24 * 60 * 60 * 1000;

test('a tag hangs on the file, then on its bytes: every copy shows it, but no other empty file', async () => {
	const { driver, at, identify } = await prepared({ a: bytesOf('x'), b: bytesOf('x'), c: 0, d: 0 });
	const tag = await createTag(driver, 'a');
	const [a, b, c, d] = [await at('a'), await at('b'), await at('c'), await at('d')];
	await act(driver, 'metadata.tag-files', { tag, files: { entries: [a, c] } });
	expect([await tagsOf(driver, a), await tagsOf(driver, b)]).toEqual([['tag a'], []]);
	await identify();
	expect([await tagsOf(driver, a), await tagsOf(driver, b)]).toEqual([['tag a*'], ['tag a*']]);
	expect([await tagsOf(driver, c), await tagsOf(driver, d)]).toEqual([['tag a'], []]);
	expect(await tagged(driver, tag)).toEqual([a, b, c]);
	expect((await driver.value('metadata.tags', {}))[0]).toMatchObject({ name: 'tag a', entries: 3 });
	expect(await undo(driver)).toEqual([]);
	expect(await tagged(driver, tag), 'what was tagged as an entry is taken back from its bytes').toEqual([]);
	await driver.core.close();
});

test('what was said of a file stays with it when its bytes change, and with its copies when they do not', async () => {
	const { driver, host, root, at, index, identify } = await prepared({ a: bytesOf('x'), b: bytesOf('x') });
	await identify();
	const tag = await createTag(driver, 'a');
	const [a, b] = [await at('a'), await at('b')];
	await act(driver, 'metadata.tag-files', { tag, files: { entries: [a] } });
	await act(driver, 'metadata.set-note', { files: { entries: [a] }, value: 'of x' });
	host.files.overwrite(`${root}/a`, bytesOf('another'));
	await index();
	expect(await tagsOf(driver, a)).toEqual(['tag a']);
	await identify();
	expect([await tagsOf(driver, a), await tagsOf(driver, b)]).toEqual([['tag a*'], ['tag a*']]);
	await act(driver, 'metadata.set-note', { files: { entries: [a] }, value: 'of another' });
	expect([(await saidOf(driver, a))?.note, (await saidOf(driver, b))?.note]).toEqual(['of another', 'of x']);
	// The two become copies of each other again: of two notes none is lost.
	host.files.overwrite(`${root}/a`, bytesOf('x'));
	await index();
	await identify();
	expect((await saidOf(driver, b))?.note).toBe('of x\n\nof another');
	expect(await driver.value('library.verify', {})).toMatchObject({ flaws: [] });
	await driver.core.close();
});

test('what is said survives renaming and moving', async () => {
	const { driver, host, root, at, index } = await prepared({ a: bytesOf('x'), f: { g: { h: bytesOf('y') } }, k: {} });
	const tag = await createTag(driver, 'a');
	await act(driver, 'metadata.tag-files', {
		tag,
		files: { entries: [await at('a'), await at('f'), await at('f/g/h')] }
	});
	host.files.move(`${root}/a`, `${root}/k/b`);
	host.files.move(`${root}/f`, `${root}/k/f2`);
	await index();
	expect(await tagged(driver, tag)).toEqual([await at('k/f2'), await at('k/b'), await at('k/f2/g/h')]);
	await driver.core.close();
});

test('what goes and comes back within 30 days has what was said of it; after that it is forgotten', async () => {
	const { driver, host, root, at, index, identify } = await prepared({ f: { g: {} }, a: bytesOf('x'), k: {}, rest: 1 });
	await identify();
	const tag = await createTag(driver, 'a');
	await act(driver, 'metadata.tag-files', { tag, files: { entries: [await at('f/g'), await at('a')] } });
	const again = async (days: number) => {
		host.files.remove(`${root}/f`);
		host.files.remove(`${root}/a`);
		await index();
		expect(await tagged(driver, tag)).toEqual([]);
		host.clock.setNow(host.clock.nowMs() + days * dayMs);
		await index();
		host.files.put(`${root}/f`, { g: {} });
		host.files.put(root, { a: bytesOf('x') });
		await index();
		await identify();
		return Promise.all([at('f/g'), at('a')]);
	};
	const [g, a] = await again(29);
	expect(await tagged(driver, tag)).toEqual([g, a]);
	expect([await tagsOf(driver, g), await tagsOf(driver, a)]).toEqual([['tag a'], ['tag a*']]);
	// Having been gone before does not count.
	const [g2, a2] = await again(29);
	expect(await tagged(driver, tag)).toEqual([g2, a2]);
	await again(31);
	expect(await tagged(driver, tag)).toEqual([]);
	expect(await driver.value('library.verify', {})).toMatchObject({ flaws: [] });
	await driver.core.close();
});

test('a file that comes back elsewhere is known by its bytes, a folder is not', async () => {
	const { driver, host, root, at, index, identify } = await prepared({ f: {}, a: bytesOf('x'), k: {}, rest: 1 });
	await identify();
	const tag = await createTag(driver, 'a');
	await act(driver, 'metadata.tag-files', { tag, files: { entries: [await at('f'), await at('a')] } });
	host.files.remove(`${root}/f`);
	host.files.remove(`${root}/a`);
	await index();
	host.files.put(`${root}/k`, { b: bytesOf('x'), f: {} });
	await index();
	await identify();
	expect(await tagged(driver, tag)).toEqual([await at('k/b')]);
	await driver.core.close();
});

test('a tag finds the files of its children and synonyms, and of theirs; no tag comes to lie below itself', async () => {
	const { driver, at } = await prepared({ a: 1, b: 2, c: 3, d: 4 });
	const [places, france, paris] = [
		await createTag(driver, '1'),
		await createTag(driver, '2', { parents: ['1'.repeat(32)] }),
		await createTag(driver, '3', { parents: ['2'.repeat(32)] })
	];
	const gallia = await createTag(driver, '4');
	await act(driver, 'metadata.relate-tags', { relation: 'synonym', tag: gallia, other: france });
	const [a, b, c, d] = [await at('a'), await at('b'), await at('c'), await at('d')];
	for (const [tag, entry] of [
		[places, a],
		[france, b],
		[paris, c],
		[gallia, d]
	] as const)
		await act(driver, 'metadata.tag-files', { tag, files: { entries: [entry] } });
	expect(await tagged(driver, places)).toEqual([a, b, c, d]);
	expect(await tagged(driver, gallia)).toEqual([b, c, d]);
	expect(await tagged(driver, paris)).toEqual([c]);
	const cyclic = async (relation: string, tag: string, other: string) =>
		(
			await driver.value('actions.preview', { action: 'metadata.relate-tags', input: { relation, tag, other } })
		).blocked.map(({ why }) => why.type);
	expect(await cyclic('parent', places, paris)).toEqual(['TagCycle']);
	expect(await cyclic('parent', places, places)).toEqual(['TagCycle']);
	expect(await cyclic('synonym', paris, places)).toEqual(['TagCycle']);
	expect(await cyclic('parent', gallia, places)).toEqual([]);
	// One of the two names is enough: what it finds stays found, and its parent is the other's.
	await act(driver, 'metadata.merge-tags', { tag: france, into: gallia });
	expect(await tagged(driver, places)).toEqual([a, b, c, d]);
	expect((await driver.value('metadata.tags', {})).map(({ name }) => name)).toEqual(['tag 1', 'tag 3', 'tag 4']);
	expect(await undo(driver)).toEqual([]);
	expect(await tagged(driver, france)).toEqual([b, c, d]);
	await driver.core.close();
});

test('a name may stand twice, which is told; two tags are told apart by their parents', async () => {
	const { driver } = await prepared({ a: 1 });
	await createTag(driver, '1', { name: 'Python' });
	const twin = { id: '2'.repeat(32), name: 'Python', parents: ['1'.repeat(32)] };
	const plan = await driver.value('actions.preview', { action: 'metadata.create-tag', input: twin });
	expect(plan.warnings).toEqual([{ type: 'TagNameTaken', name: 'Python' }]);
	await driver.value('actions.commit', { action: 'metadata.create-tag', input: twin, plan: plan.id });
	expect((await driver.value('metadata.tags', {})).map(({ name, parents }) => [name, parents.length])).toEqual([
		['Python', 0],
		['Python', 1]
	]);
	await driver.core.close();
});

test('deleting a tag asks; undone, all of its files have it again', async () => {
	const { driver, at } = await prepared({ a: 1, b: 2 });
	const tag = await createTag(driver, '1');
	await act(driver, 'metadata.tag-files', { tag, files: { entries: [await at('a'), await at('b')] } });
	const request = { action: 'metadata.delete-tag', input: { tag } };
	expect(await driver.failure('actions.commit', { ...request, plan: null })).toMatchObject({ type: 'PlanUnseen' });
	const plan = await driver.value('actions.preview', request);
	expect(plan).toMatchObject({ asks: true, warnings: [{ type: 'TagInUse', tag, targets: 2 }], cost: { items: 2 } });
	await driver.value('actions.commit', { ...request, plan: plan.id });
	expect(await tagsOf(driver, await at('a'))).toEqual([]);
	expect(await undo(driver)).toEqual([]);
	expect(await tagged(driver, tag)).toEqual([await at('a'), await at('b')]);
	await driver.core.close();
});

test('a plan is stale when a file was tagged meanwhile', async () => {
	const { driver, at } = await prepared({ a: 1, b: 2 });
	const tag = await createTag(driver, '1');
	const [a, b] = [await at('a'), await at('b')];
	const request = { action: 'metadata.tag-files', input: { tag, files: { entries: [a, b] } } };
	const plan = await driver.value('actions.preview', request);
	await act(driver, 'metadata.tag-files', { tag, files: { entries: [a] } });
	const stale = await driver.failure('actions.commit', { ...request, plan: plan.id });
	expect(stale).toMatchObject({ type: 'PlanStale', plan: { operations: [{ entries: [b] }] } });
	await driver.core.close();
});

test('undoing leaves alone what was changed since, and says so', async () => {
	const { driver, host, root, at, index } = await prepared({ a: 1, b: 2, c: 3, d: 4 });
	const entries = [await at('a'), await at('b'), await at('c')];
	const { id: painted } = await act(driver, 'metadata.set-colour', { files: { entries }, value: 'red' });
	await act(driver, 'metadata.set-colour', { files: { entries: [await at('b')] }, value: 'blue' });
	host.files.remove(`${root}/c`);
	await index();
	const request = { action: 'actions.undo', input: { action: painted } };
	const plan = await driver.value('actions.preview', request);
	expect(plan.blocked.map(({ why }) => why)).toEqual([
		{ type: 'EntriesGone', entries: 1 },
		{ type: 'MarkChanged', mark: 'colour', entries: 1 }
	]);
	await driver.value('actions.commit', { ...request, plan: plan.id });
	const colours = [await at('a'), await at('b')].map(async (entry) => (await saidOf(driver, entry))?.colour);
	expect(await Promise.all(colours)).toEqual([null, 'blue']);
	await driver.core.close();
});

test('a collection keeps its order, also when something is taken out and that is undone', async () => {
	const { driver, at } = await prepared({ a: 1, b: 2, c: 3 });
	const collection = await createCollection(driver, '1');
	const [a, b, c] = [await at('a'), await at('b'), await at('c')];
	const members = async () => [...(await driver.value('metadata.collected', { collection }))];
	await act(driver, 'metadata.add-to-collection', { collection, files: { entries: [c, a] } });
	await act(driver, 'metadata.add-to-collection', { collection, files: { entries: [a, b] } });
	expect(await members()).toEqual([c, a, b]);
	await act(driver, 'metadata.remove-from-collection', { collection, files: { entries: [a] } });
	expect(await members()).toEqual([c, b]);
	await undo(driver);
	expect(await members()).toEqual([c, a, b]);
	await act(driver, 'metadata.rename-collection', { collection, name: 'Best' });
	await act(driver, 'metadata.delete-collection', { collection });
	expect(await driver.value('metadata.collections', {})).toEqual([]);
	await undo(driver);
	expect(await driver.value('metadata.collections', {})).toEqual([{ id: collection, name: 'Best', entries: 3 }]);
	expect((await saidOf(driver, a))?.collections).toEqual([{ id: collection, name: 'Best' }]);
	await driver.core.close();
});

test('a whole folder but for some is chosen without a list', async () => {
	const { driver, at } = await prepared({ f: { a: 1, b: 2, g: { c: 3 } } });
	const tag = await createTag(driver, '1');
	const files = { folder: await at('f'), except: [await at('f/b')] };
	await act(driver, 'metadata.tag-files', { tag, files });
	expect(await tagged(driver, tag)).toEqual([await at('f/g'), await at('f/a')]);
	await act(driver, 'metadata.set-favourite', { files, value: 1 });
	expect([...(await driver.value('metadata.favourites', {}))]).toEqual([await at('f/g'), await at('f/a')]);
	await driver.core.close();
});

test('what lies in the trash is not found by its tags, and has them when it comes out', async () => {
	const { driver, at, identify } = await prepared({ f: { a: bytesOf('x') }, b: bytesOf('y'), rest: 1 });
	await identify();
	const tag = await createTag(driver, 'a');
	const entries = [await at('f'), await at('f/a'), await at('b')];
	await act(driver, 'metadata.tag-files', { tag, files: { entries } });
	const done = async (action: string, input: unknown) => {
		const { id } = await act(driver, action, input);
		expect(await driver.value('actions.end', { action: id })).toMatchObject({ state: 'done' });
	};
	await done('files.trash', { entries: [await at('f'), await at('b')] });
	expect(await tagged(driver, tag)).toEqual([]);
	expect((await driver.value('metadata.tags', {}))[0]?.entries).toBe(0);
	await done('files.restore', { entries: [entries[0], entries[2]] });
	expect(await tagged(driver, tag)).toEqual(entries);
	expect((await driver.value('library.verify', {})).flaws).toEqual([]);
	await driver.core.close();
});

test('a file that is away loses nothing when the last of its copies is changed', async () => {
	const { driver, host, root, at, index, identify } = await prepared({ a: bytesOf('x'), b: bytesOf('x'), rest: 1 });
	await identify();
	const tag = await createTag(driver, 'a');
	await act(driver, 'metadata.tag-files', { tag, files: { entries: [await at('a')] } });
	host.files.remove(`${root}/a`);
	await index();
	host.files.overwrite(`${root}/b`, bytesOf('another'));
	await index();
	await identify();
	host.files.put(root, { a: bytesOf('x') });
	await index();
	await identify();
	expect([await tagsOf(driver, await at('a')), await tagsOf(driver, await at('b'))]).toEqual([['tag a*'], ['tag a*']]);
	expect((await driver.value('library.verify', {})).flaws).toEqual([]);
	await driver.core.close();
});

test('a tag that was merged into its synonym comes back with all of its ties', async () => {
	const { driver } = await prepared({ a: 1 });
	const [one, two, three] = [await createTag(driver, '1'), await createTag(driver, '2'), await createTag(driver, '3')];
	for (const other of [two, three]) await act(driver, 'metadata.relate-tags', { relation: 'synonym', tag: one, other });
	const before = await driver.value('metadata.tags', {});
	await act(driver, 'metadata.merge-tags', { tag: one, into: two });
	expect(await undo(driver)).toEqual([]);
	expect(await driver.value('metadata.tags', {})).toEqual(before);
	await driver.core.close();
});

test('a tag is made and given to files in one action, which one undo takes back and one redo does again', async () => {
	const { driver, at } = await prepared({ a: 1, b: 2, c: 3 });
	const [a, b] = [await at('a'), await at('b')];
	const parent = await createTag(driver, '1');
	const tag = await createTag(driver, '2', { parents: [parent], files: { entries: [a, b] } });
	const [latest] = await driver.value('actions.history', { before: null });
	expect(latest).toMatchObject({ action: 'metadata.create-tag', operations: 2, items: 2 });
	expect(await tagged(driver, parent), 'found by the tag above').toEqual([a, b]);
	const request = { action: 'actions.undo', input: { action: latest?.id } };
	expect((await driver.value('actions.preview', request)).operations).toMatchObject([
		{ kind: 'metadata.untag-entries', entries: [a, b] },
		{ kind: 'metadata.delete-tag', targets: 0 }
	]);
	expect(await undo(driver)).toEqual([]);
	expect((await driver.value('metadata.tags', {})).map(({ id }) => id)).toEqual([parent]);
	expect(await undo(driver, true)).toEqual([]);
	expect(await tagged(driver, tag)).toEqual([a, b]);
	// Who has given it to more since loses that with it, and has it back.
	await act(driver, 'metadata.tag-files', { tag, files: { entries: [await at('c')] } });
	const [, redone] = await driver.value('actions.history', { before: null });
	const again = { action: 'actions.undo', input: { action: redone?.id } };
	const plan = await driver.value('actions.preview', again);
	expect(plan.operations[1]).toMatchObject({ kind: 'metadata.delete-tag', targets: 1 });
	await driver.value('actions.commit', { ...again, plan: plan.id });
	expect((await driver.value('metadata.tags', {})).map(({ id }) => id)).toEqual([parent]);
	expect(await undo(driver, true)).toEqual([]);
	expect(await tagged(driver, tag)).toEqual([a, b, await at('c')]);
	await driver.core.close();
});

test('name, colour, parents and synonyms of a tag are changed in one action; no way into a circle is left', async () => {
	const { driver } = await prepared({ a: 1 });
	const [one, two, three] = [await createTag(driver, '1'), await createTag(driver, '2'), await createTag(driver, '3')];
	await act(driver, 'metadata.edit-tag', { tag: one, parents: [two], synonyms: [] });
	const seen = async () =>
		(await driver.value('metadata.tags', {})).map(({ icon, privacy, children, entries, ...tag }) => {
			expect([icon, privacy, entries]).toEqual(['tag', 'normal', 0]);
			return { ...tag, children: children.length };
		});
	const before = await seen();
	const input = { tag: one, name: 'New', colour: 'pink', parents: [three], synonyms: [two] };
	await act(driver, 'metadata.edit-tag', input);
	const { tag: id, ...changed } = input;
	expect((await seen()).find((tag) => tag.id === id)).toEqual({ id, ...changed, children: 0 });
	const after = await seen();
	// What was the tag above is a synonym now, and the other way round again.
	expect(await undo(driver)).toEqual([]);
	expect(await seen()).toEqual(before);
	expect(await undo(driver, true)).toEqual([]);
	expect(await seen()).toEqual(after);
	const why = async (wanted: object) =>
		(await driver.value('actions.preview', { action: 'metadata.edit-tag', input: wanted })).blocked[0]?.why;
	expect(await why({ tag: three, parents: [one] })).toEqual({ type: 'TagCycle', tag: three, other: one });
	expect(await why({ tag: three, parents: [two] }), 'found by its synonym').toMatchObject({ type: 'TagCycle' });
	expect(await why({ tag: one, parents: [three], synonyms: [three] })).toMatchObject({ type: 'TagCycle' });
	expect(await why({ tag: one, parents: [one] })).toMatchObject({ type: 'TagCycle' });
	expect(await why({ tag: one, parents: ['9'.repeat(32)] })).toMatchObject({ type: 'TagMissing' });
	// Somebody puts the one below the other meanwhile: going back would close the circle, and does not.
	await undo(driver);
	await act(driver, 'metadata.edit-tag', { tag: one, parents: [] });
	await act(driver, 'metadata.relate-tags', { relation: 'parent', tag: two, other: one });
	const [, removal] = await driver.value('actions.history', { before: null });
	const back = await driver.value('actions.preview', { action: 'actions.undo', input: { action: removal?.id } });
	expect([back.counts.operations, back.blocked[0]?.why.type]).toEqual([0, 'TagCycle']);
	await driver.core.close();
});

test('a collection is made with files in it in one action; how marks are spread over several files is told', async () => {
	const { driver, at, identify } = await prepared({ a: bytesOf('x'), b: bytesOf('x'), c: bytesOf('y'), d: 0 });
	await identify();
	const [a, b, c, d] = [await at('a'), await at('b'), await at('c'), await at('d')];
	const collection = await createCollection(driver, '1', { files: { entries: [c, a] } });
	expect([...(await driver.value('metadata.collected', { collection }))]).toEqual([c, a]);
	await act(driver, 'metadata.set-rating', { files: { entries: [a] }, value: 4 });
	await act(driver, 'metadata.set-colour', { files: { entries: [c, d] }, value: 'red' });
	await act(driver, 'metadata.set-favourite', { files: { entries: [d] }, value: 1 });
	const counts = await driver.value('metadata.mark-counts', { entries: [a, b, c, d, 1e9] });
	expect(counts).toMatchObject({ there: 4, favourites: 1, collections: [{ collection, entries: 3 }] });
	expect(new Map(counts.ratings.map(({ rating, entries }) => [rating, entries]))).toEqual(
		new Map([
			[0, 2],
			[4, 2]
		])
	);
	expect(new Map(counts.colours.map(({ colour, entries }) => [colour, entries]))).toEqual(
		new Map([
			['', 2],
			['red', 2]
		])
	);
	for (let undone = 0; undone < 4; undone++) expect(await undo(driver)).toEqual([]);
	expect(await driver.value('metadata.collections', {})).toEqual([]);
	expect(await undo(driver, true)).toEqual([]);
	expect([...(await driver.value('metadata.collected', { collection }))]).toEqual([c, a]);
	expect((await driver.value('library.verify', {})).flaws).toEqual([]);
	await driver.core.close();
});
