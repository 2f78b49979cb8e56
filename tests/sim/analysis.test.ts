import { expect, test } from 'vitest';
import type { AnalysisKind, AnalysisPolicy } from '#core/analysis';
import { act, addIndexed, drive, type Driver } from '../conformance/core-driver.ts';
import { createSimRandom, testSeed } from './host/random.ts';
import type { SimTree } from './host/files.ts';
import { createSimHost, type SimHost } from './host/sim-host.ts';
import { createSimWorld } from './world.ts';

const png = (fill: number, length = 40) =>
	Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, ...Array<number>(length).fill(fill)]);
const text = (words: string) => new TextEncoder().encode(words);

async function prepared(host: SimHost, trees: Record<string, SimTree>) {
	const driver = drive(createSimWorld(1, host), 1, { runsJobs: 'asked' });
	await driver.value('library.create', { name: 'Home', password: null });
	const locations = new Map<string, Awaited<ReturnType<typeof addIndexed>>>();
	for (const [name, tree] of Object.entries(trees)) {
		const location = await addIndexed(driver, host.files.put(`/files/${name}`, tree), name);
		await driver.value('content.identify', { location: location.id });
		locations.set(name, location);
	}
	const at = (name: string) => locations.get(name)?.id ?? expect.unreachable();
	const reread = async (name: string) => {
		await driver.value('index.run', { location: at(name), acceptEmpty: true });
		await driver.value('content.identify', { location: at(name) });
	};
	return { driver, at, reread };
}

/** `kind policy` → contents. */
async function queued(driver: Driver): Promise<Record<string, number>> {
	const { counts } = await driver.value('analysis.queue', {});
	return Object.fromEntries(counts.map(({ kind, policy, contents }) => [`${kind} ${policy}`, contents]));
}

function say(driver: Driver, kind: AnalysisKind, policy: AnalysisPolicy | null, location: number | null = null) {
	return act(driver, 'analysis.set-policy', { location: location as never, kind, policy });
}

test('a deep location queues what fits the kind of each content, once for all copies; a shallow or plain one nothing', async () => {
	const host = createSimHost(1);
	const tree = {
		a: png(1),
		'copy of a.png': png(1),
		b: png(2),
		'song.mp3': Uint8Array.of(0x49, 0x44, 0x33, 3, 0, 0, 0, 0, 0, 9),
		note: text('a note'),
		empty: text('')
	};
	const { driver, at } = await prepared(host, { one: tree });
	expect(await queued(driver)).toEqual({});
	await act(driver, 'locations.set-mode', { location: at('one'), mode: 'deep' });
	const all = {
		'thumbnail now': 2,
		'facts now': 3,
		'ocr idle': 2,
		'embedding idle': 3,
		'text now': 1,
		'transcript idle': 1
	};
	expect(await queued(driver)).toEqual(all);
	const { counts } = await driver.value('analysis.queue', {});
	expect(counts.find(({ kind }) => kind === 'thumbnail')?.bytes).toBe(2 * 48);
	for (const mode of ['content', 'shallow'] as const) {
		await act(driver, 'locations.set-mode', { location: at('one'), mode });
		expect(await queued(driver)).toEqual({});
		await act(driver, 'locations.set-mode', { location: at('one'), mode: 'deep' });
		expect(await queued(driver)).toEqual(all);
	}
	await driver.core.close();
});

test('what comes to a deep location is queued with its content, and goes with the last copy in a deep one', async () => {
	const host = createSimHost(1);
	const { driver, at, reread } = await prepared(host, { deep: {}, plain: { 'a.png': png(1) } });
	await act(driver, 'locations.set-mode', { location: at('deep'), mode: 'deep' });
	host.files.put('/files/deep', { 'a.png': png(1), 'b.png': png(2) });
	await reread('deep');
	expect((await queued(driver))['thumbnail now']).toBe(2);
	host.files.overwrite('/files/deep/b.png', png(3));
	await reread('deep');
	expect((await queued(driver))['thumbnail now'], 'a changed file is another content').toBe(2);
	host.files.remove('/files/deep/b.png');
	await reread('deep');
	expect((await queued(driver))['thumbnail now']).toBe(1);
	host.files.remove('/files/deep/a.png');
	await reread('deep');
	expect(await queued(driver), 'the copy that is left lies where nothing is wanted').toEqual({});
	await driver.core.close();
});

test('policies hold for all or for one location; of copies the one that wants it most decides', async () => {
	const host = createSimHost(1);
	const trees = { one: { 'a.png': png(1) }, two: { 'a.png': png(1), 'b.png': png(2) } };
	const { driver, at } = await prepared(host, trees);
	for (const name of ['one', 'two']) await act(driver, 'locations.set-mode', { location: at(name), mode: 'deep' });
	await say(driver, 'thumbnail', 'never');
	expect(await queued(driver)).toMatchObject({ 'facts now': 2 });
	expect(await queued(driver)).not.toHaveProperty('thumbnail now');
	await say(driver, 'thumbnail', 'idle', at('one'));
	expect(await queued(driver)).toMatchObject({ 'thumbnail idle': 1 });
	await say(driver, 'thumbnail', 'now', at('two'));
	expect(await queued(driver)).toMatchObject({ 'thumbnail now': 2 });
	await say(driver, 'thumbnail', null, at('two'));
	expect(await queued(driver)).toMatchObject({ 'thumbnail idle': 1 });
	await say(driver, 'thumbnail', null);
	await say(driver, 'thumbnail', null, at('one'));
	expect(await queued(driver)).toMatchObject({ 'thumbnail now': 2 });
	await act(driver, 'locations.remove', { location: at('two') });
	expect(await queued(driver)).toMatchObject({ 'thumbnail now': 1 });
	expect((await driver.value('library.verify', {})).flaws).toEqual([]);
	await driver.core.close();
});

test('whatever happens to files, modes and policies, the queue is what a fresh look makes of it', async () => {
	const seed = testSeed('the queue at random');
	const random = createSimRandom(seed);
	const host = createSimHost(seed);
	const { driver, at, reread } = await prepared(host, { one: {}, two: {}, three: {} });
	const names = ['one', 'two', 'three'] as const;
	const pick = <T>(all: readonly [T, ...T[]]): T => all[random.integer(all.length)] ?? all[0];
	for (let step = 0; step < 60; step++) {
		const name = pick(names);
		const what = random.integer(6);
		const path = `/files/${name}`;
		const file = `file ${random.integer(5)}`;
		if (what < 2)
			host.files.put(path, {
				[file]: random.chance(0.5) ? png(random.integer(4)) : text(`words ${random.integer(4)}`)
			});
		else if (what === 2) host.files.remove(`${path}/${file}`);
		else if (what === 3) {
			const target = `/files/${pick(names)}/${file}`;
			if (host.files.sizeOf(`${path}/${file}`) > 0) host.files.move(`${path}/${file}`, target);
		} else if (what === 4)
			await act(driver, 'locations.set-mode', { location: at(name), mode: pick(['shallow', 'content', 'deep']) });
		else
			await say(
				driver,
				pick(['thumbnail', 'text', 'ocr']),
				pick<AnalysisPolicy | null>([null, 'now', 'idle', 'never']),
				random.chance(0.5) ? at(name) : null
			);
		for (const one of names) await reread(one);
		for (const { id, state } of await driver.value('jobs.list', {}))
			if (state === 'queued') await driver.value('jobs.run', { job: id });
		const kept = await queued(driver);
		// Saying again what holds makes the whole queue anew.
		await say(driver, 'transcript', null);
		expect(kept, `step ${step}, seed ${seed}`).toEqual(await queued(driver));
	}
	expect((await driver.value('library.verify', {})).flaws).toEqual([]);
	await driver.core.close();
});
