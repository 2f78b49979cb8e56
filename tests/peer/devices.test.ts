import { existsSync, readFileSync, rmSync, statSync } from 'node:fs';
import { expect, test, vi } from 'vitest';
import { isNightly } from '../tier.ts';
import { libraryIn, type Going, type Home } from './home.ts';
import { answer, inTwoHomes, join, listening, meet, type OnBytes, type Pair } from './two-homes.ts';

vi.setConfig({ testTimeout: 120_000 });

const file = 'marker-quartz-lagoon.txt';
const tagName = 'marker-tag-osprey';

/** A's folder with two files in it, one of them tagged. */
async function fill(a: Home): Promise<void> {
	a.write(`docs/${file}`, 'marker-of-the-bytes-inside');
	a.write('docs/plan.txt', 'plan');
	for (let n = 0; n < 12; n++) a.write(`docs/scans/scan${n}.txt`, `scan ${n}`);
	for (const args of [['add', 'docs'], ['index'], ['tags', 'create', tagName], ['tag', tagName, `/docs/${file}`]])
		expect(await a.run(args), args.join(' ')).toMatchObject({ code: 0 });
}

/** A in the background, where its devices find it. */
async function wake(pair: Pair): Promise<Going> {
	pair.a.write('web/index.html', '<!doctype html><title>Atoll</title>');
	const app = ['--port', '0', '--web', pair.a.path('web')];
	const going = pair.a.start(['serve', ...app, ...listening(pair)]);
	await going.until(/awaited on port/);
	return going;
}

async function stop(going: Going): Promise<void> {
	going.child.kill('SIGTERM');
	expect(await going.ended).toMatchObject({ code: 0 });
}

/** The size of a home's database; 0 where there is none, or while it is being written: its journal begins with a zero else. */
function databaseBytes(home: Home): number {
	const database = `${libraryIn(home)}/database.db`;
	const journal = `${database}-journal`;
	const isHot = existsSync(journal) && (readFileSync(journal)[0] ?? 0) !== 0;
	return isHot || !existsSync(database) ? 0 : statSync(database).size;
}

async function said(home: Home, ...args: readonly string[]): Promise<string> {
	const { code, out, err } = await home.run(args);
	expect(code, `${args.join(' ')}: ${err}`).toBe(0);
	return out;
}

test('a second machine joins by a link that is good once, has index and tags, gives its own, and is removed', async () => {
	await inTwoHomes(async (pair) => {
		const { a, b, tap } = pair;
		await fill(a);
		const link = await join(pair);

		// With A gone, B has all of it.
		expect(await said(b, 'ls', '/docs')).toContain(file);
		expect(await said(b, 'find', 'quartz')).toContain(file);
		expect(await said(b, 'tags')).toContain(tagName);
		expect(await said(b, 'tags', 'files', tagName)).toContain(file);
		expect(await said(a, 'devices')).toContain('Laptop');
		await said(b, 'tags', 'create', 'from-the-laptop');
		await said(b, 'tag', 'from-the-laptop', '/docs/plan.txt');
		b.write('photos/marker-kestrel.jpg', '');
		for (const args of [['add', 'photos'], ['index']]) await said(b, ...args);

		rmSync(a.path('docs/scans'), { recursive: true });
		await said(a, 'index');
		const serving = await wake(pair);
		expect(await said(b, 'sync')).toContain('In step');
		// Twelve files that nobody has removed wait for a person.
		expect(await said(b, 'sync', 'status')).toMatch(/1\d of \d+ files gone there, waiting/);
		expect(await said(b, 'find', 'scan')).toContain('scan11.txt');
		const [, one] = JSON.parse(await said(b, 'devices', '--json')) as { readonly id: string }[];
		expect(await said(b, 'sync', 'accept', one?.id ?? '')).toContain('What was held goes.');
		expect(await said(b, 'find', 'scan')).not.toContain('scan11.txt');
		const other = b.path('other.sdlibrary');
		const used = await b.runOnTerminal(['join', ...link, '--library', other]);
		expect(used).toMatchObject({ code: 1, out: expect.stringContaining('was used before') });
		expect(existsSync(other)).toBe(false);
		await stop(serving);
		expect(await said(a, 'tags', 'files', 'from-the-laptop')).toContain('plan.txt');
		expect(await said(a, 'find', 'kestrel')).toContain('/photos');
		for (const marker of ['kestrel', file, tagName, 'from-the-laptop', 'plan.txt'])
			expect(tap.has(marker), marker).toBe(false);

		await said(a, 'devices', 'revoke', 'Laptop', '--yes');
		await said(a, 'tags', 'create', 'after-that');
		const again = await wake(pair);
		const refused = await b.run(['sync']);
		expect(refused).toMatchObject({ code: 1 });
		expect(refused.err).toContain('has removed this one');
		await stop(again);
		expect(await said(b, 'devices')).toContain('this device, removed by another one');
		expect(await said(b, 'tags')).not.toContain('after-that');
	});
});

test('control: what passes in the clear is found in what was recorded', async () => {
	await inTwoHomes(async ({ a, tap, port }) => {
		a.write('web/index.html', `<!doctype html><title>${file}</title>`);
		const serving = a.start(['serve', '--port', String(port), '--web', a.path('web')]);
		await serving.until(/Atoll is at/);
		await (await fetch(`http://127.0.0.1:${tap.port}/`, { headers: { host: 'localhost' } })).text();
		expect(tap.has('GET / HTTP')).toBe(true);
		await stop(serving);
	});
});

/** Nothing came of it: A knows of no other device, B has no library. */
async function expectNothing({ a, b }: Pair): Promise<void> {
	const listed: unknown = JSON.parse(await said(a, 'devices', '--json'));
	expect(listed).toEqual([expect.objectContaining({ isThis: true })]);
	expect(existsSync(libraryIn(b))).toBe(false);
}

test.for([
	['on the device that has the library', 'n', 'y', 'called off here', 'said no on the other'],
	['on the new device', 'y', 'n', 'said no on the other', 'called off here']
] as const)('T39: a no %s leaves nothing on either', async ([, onA, onB, toldA, toldB]) => {
	await inTwoHomes(async (pair) => {
		const meeting = await meet(pair);
		await answer(meeting, onA, onB);
		const [pairing, joining] = await Promise.all([meeting.pairing.ended, meeting.joining.ended]);
		expect(pairing).toMatchObject({ code: 1, out: expect.stringContaining(toldA) });
		expect(joining).toMatchObject({ code: 1, out: expect.stringContaining(toldB) });
		await expectNothing(pair);
	});
});

test('T39: a wrong code is one guess, and both sides are told', async () => {
	await inTwoHomes(async (pair) => {
		const { pairing, joining } = await meet(pair, ['--code'], ([code = '', ...rest]) => [
			code.replace(/-.*$/, '-zoo-zoo'),
			...rest
		]);
		const [onA, onB] = await Promise.all([pairing.ended, joining.ended]);
		expect(onA).toMatchObject({ code: 1, out: expect.stringContaining('The code was wrong') });
		expect(onB).toMatchObject({ code: 1, out: expect.stringContaining('The code was wrong') });
		await expectNothing(pair);
	});
});

test.runIf(isNightly)('T39: a code leads in as well', async () => {
	await inTwoHomes((pair) => join(pair, ['--code']));
});

test('T06: killed in the middle of the first sync, a device that joined by words goes on where it was', async () => {
	const names = Array.from({ length: 12_000 }, (_, at) => `a file with a long name, number ${at}.txt`);
	let onBytes: OnBytes = () => undefined;
	await inTwoHomes(
		async (pair) => {
			const { a, b, tap } = pair;
			const emptyBytes = databaseBytes(a);
			for (const name of names) a.write(`docs/${name}`, '');
			for (const args of [['add', 'docs'], ['index']]) expect(await a.run(args)).toMatchObject({ code: 0 });
			const meeting = await meet(pair, ['--words']);
			// More than a batch has come to B and less than all, and it has kept what came.
			onBytes = (_from, bytes) => {
				if (bytes > 400_000) tap.hold(true);
			};
			await answer(meeting, 'y', 'y');
			await vi.waitFor(() => expect(databaseBytes(b)).toBeGreaterThan(emptyBytes + 400_000), { timeout: 60_000 });
			meeting.joining.child.kill('SIGKILL');
			expect((await meeting.joining.ended).code).not.toBe(0);
			onBytes = () => undefined;
			tap.hold(false);
			const kept: { readonly entries: number } = JSON.parse(await said(b, 'verify', '--json'));
			const passed = tap.bytes;
			expect(kept.entries).toBeGreaterThan(0);
			expect(kept.entries).toBeLessThan(names.length);
			// A has waited.
			expect(await said(b, 'sync')).toContain('In step');
			expect(await meeting.pairing.ended).toMatchObject({ code: 0 });
			expect((await said(b, 'ls', '/docs')).trim().split('\n')).toHaveLength(names.length);
			// What it had is not sent again.
			expect(tap.bytes - passed).toBeLessThan(passed);
		},
		(from, bytes) => onBytes(from, bytes)
	);
});
