import { expect, test, vi } from 'vitest';
import { isNightly } from '../tier.ts';
import { inLibrary, type Going, type Home } from './home.ts';
import { searchMemory } from './process-memory.ts';
import { answer, createTap, freePort, inTwoHomes, join, type Pair, type Tap } from './two-homes.ts';

vi.setConfig({ testTimeout: 120_000 });

const file = 'marker-quartz-lagoon.txt';
const later = 'marker-basalt-heron.txt';
const tagName = 'marker-tag-osprey';
const markers = [file, later, tagName];

type Relayed = Pair & {
	/** The relay, as those who may keep a place there name it, by way of `way`. */
	readonly relay: string;
	readonly way: Tap;
	readonly process: Going;
};

async function said(home: Home, ...args: readonly string[]): Promise<string> {
	const { code, out, err } = await home.run(args);
	expect(code, `${args.join(' ')}: ${err}`).toBe(0);
	return out;
}

async function stop(going: Going): Promise<void> {
	going.child.kill('SIGTERM');
	expect(await going.ended).toMatchObject({ code: 0 });
}

function withApp(home: Home): readonly string[] {
	home.write('web/index.html', '<!doctype html><title>Atoll</title>');
	return ['--web', home.path('web')];
}

/** Two machines that reach nobody but a third one, which has another library and is a relay. */
function inThreeHomes<T>(use: (relayed: Relayed) => Promise<T>): Promise<T> {
	return inTwoHomes((pair) =>
		inLibrary(async (c) => {
			const port = await freePort();
			const way = await createTap(port);
			const process = c.start(['serve', '--relay', '--port', String(port), ...withApp(c)]);
			try {
				const [, name = ''] = await process.until(/Devices meet at (\S+)/);
				return await use({ ...pair, way, process, relay: name.replace(`localhost:${port}`, `127.0.0.1:${way.port}`) });
			} finally {
				await way.close();
			}
		})
	);
}

/** A says what B types, both through the relay. */
async function joinThrough({ a, b, relay }: Relayed, ...options: readonly string[]): Promise<void> {
	const pairing = a.startOnTerminal(['pair', '--relay-at', relay, ...options]);
	const [, line = ''] = await pairing.until(/atoll join ([^\r\n]+)\r?\n/);
	const args = line.split(' ').map((part) => part.replaceAll("'", ''));
	const joining = b.startOnTerminal(['join', ...args, '--name', 'Laptop']);
	const [onA, onB] = await answer({ pairing, joining }, 'y', 'y');
	expect(onA).toBe(onB);
	const [paired, joined] = await Promise.all([pairing.ended, joining.ended]);
	expect([paired.code, joined.code], `${paired.out}\n---\n${joined.out}`).toEqual([0, 0]);
}

test('two machines that meet only at a relay pair, keep in step and part, and it has nothing of what they say', async () => {
	await inThreeHomes(async (relayed) => {
		const { a, b, relay, way, process } = relayed;
		a.write(`docs/${file}`, 'bytes');
		for (const args of [['add', 'docs'], ['index'], ['tags', 'create', tagName], ['tag', tagName, `/docs/${file}`]])
			await said(a, ...args);
		await joinThrough(relayed);
		expect(await said(b, 'ls', '/docs')).toContain(file);
		expect(await said(b, 'tags', 'files', tagName)).toContain(file);
		const known: readonly { readonly isThis: boolean; readonly addresses: readonly string[] }[] = JSON.parse(
			await said(b, 'devices', '--json')
		);
		expect(known.find(({ isThis }) => !isThis)?.addresses).toEqual([
			expect.stringMatching(/^ws:\/\/127\.0\.0\.1:\d+\/relay#/)
		]);

		a.write(`docs/${later}`, 'more');
		await said(a, 'index');
		const serving = a.start(['serve', '--port', '0', '--relay-at', relay, ...withApp(a)]);
		await serving.until(/find this one at/);
		expect(await said(b, 'sync')).toContain('In step');
		expect(await said(b, 'ls', '/docs')).toContain(later);

		// While the devices are linked the memory of the relay holds what passes just now.
		const atRelay = searchMemory(process.child.pid ?? 0, markers);
		expect(atRelay).toMatchObject({ found: [] });
		expect(atRelay.bytes).toBeGreaterThan(10_000_000);
		expect(markers.filter((marker) => way.has(marker))).toEqual([]);
		expect(way.bytes).toBeGreaterThan(4_000);
		// Control: they are found where they are.
		expect(searchMemory(serving.child.pid ?? 0, markers).found).toContain(later);
		expect(way.has('GET /relay')).toBe(true);
		await stop(serving);

		await said(a, 'devices', 'revoke', 'Laptop', '--yes');
		const again = a.start(['serve', '--port', '0', '--relay-at', relay, ...withApp(a)]);
		await again.until(/find this one at/);
		const refused = await b.run(['sync']);
		expect(refused).toMatchObject({ code: 1, err: expect.stringContaining('has removed this one') });
		await stop(again);
		const guessed = relay.replace(/#.*$/, `#${'A'.repeat(22)}`);
		const pairing = await a.runOnTerminal(['pair', '--relay-at', guessed]);
		expect(pairing).toMatchObject({ code: 1, out: expect.stringContaining('knows neither this device nor its token') });
		await stop(process);
	});
});

// In every run the suite of links holds over such a connection, and two browsers do the same (tests/e2e/devices).
test.runIf(isNightly)('two machines that meet at a relay are linked directly, and need it no more', async () => {
	await inThreeHomes(async (relayed) => {
		const { a, b, relay, way, process } = relayed;
		a.write(`docs/${file}`, 'bytes');
		for (const args of [['add', 'docs'], ['index']]) await said(a, ...args);
		await joinThrough(relayed);
		const onA = a.start(['serve', '--port', '0', '--relay-at', relay, ...withApp(a)]);
		await onA.until(/find this one at/);
		const onB = b.start(['serve', '--port', '0', ...withApp(b)]);
		for (const going of [onA, onB]) await going.until(/is linked through 127\.0\.0\.1\n[^]*is linked directly/);
		await stop(process);
		const bytes = way.bytes;
		a.write(`docs/${later}`, 'more');
		await expect.poll(() => searchMemory(onB.child.pid ?? 0, [later]).found, { timeout: 30_000 }).toEqual([later]);
		expect(way.bytes).toBe(bytes);
		await Promise.all([stop(onA), stop(onB)]);
		expect(await said(b, 'ls', '/docs')).toContain(later);
	});
});

/** Whether a machine finds a place at `relay`; what it says of it. */
async function sayAt(home: Home, relay: string): Promise<string> {
	const going = home.start(['serve', '--port', '0', '--relay-at', relay, ...withApp(home)]);
	const [said] = await going.until(/find this one at|No place at the relay .*/);
	await stop(going);
	return said;
}

test('a peer relays for its own library without being told to, and for who has its token only where it is', async () => {
	const found = 'find this one at';
	const refused = expect.stringContaining('the relay knows neither this device nor its token');
	await inTwoHomes((pair) =>
		inLibrary(async (stranger) => {
			const { a: own, b: member } = pair;
			await join(pair);
			const port = String(await freePort());
			const told = own.start(['serve', '--relay', '--port', port, ...withApp(own)]);
			const [, name = ''] = await told.until(/Devices meet at (\S+)/);
			const [url = ''] = name.split('#');
			expect(await sayAt(stranger, name)).toBe(found);
			await stop(told);

			const untold = own.start(['serve', '--port', port, ...withApp(own)]);
			await untold.until(/Atoll is at/);
			expect(await sayAt(stranger, name)).toEqual(refused);
			expect(await sayAt(stranger, url)).toEqual(refused);
			expect(await sayAt(member, url)).toBe(found);
			expect(untold.written.out).not.toContain('Devices meet at');
			await stop(untold);

			await said(own, 'devices', 'revoke', 'Laptop', '--yes');
			const after = own.start(['serve', '--port', port, ...withApp(own)]);
			await after.until(/Atoll is at/);
			expect(await sayAt(member, url)).toEqual(refused);
			await stop(after);
		})
	);
});
