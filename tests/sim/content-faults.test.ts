import { describe, expect, test } from 'vitest';
import { addIndexed, drive, type Driver } from '../conformance/core-driver.ts';
import { patternBytes, toHex } from '../vectors/blake3.ts';
import { identityVectors } from '../vectors/content-identity.ts';
import { createSimRandom, testSeed } from './host/random.ts';
import { createSimHost, type SimHost } from './host/sim-host.ts';
import { createSimWorld } from './world.ts';
import { isNightly } from '../tier.ts';

const size = 131_072;
const identity = identityVectors.find(([sizeBytes]) => sizeBytes === size)?.[1];

async function opened(seed: number, host: SimHost, tree: Record<string, Uint8Array | number>) {
	const root = host.files.put('/files/tree', tree);
	const driver = drive(createSimWorld(seed, host), 1, { runsJobs: 'asked' });
	await driver.value('library.create', { name: 'Home', password: null });
	return { driver, location: await addIndexed(driver, root, 'Here') };
}

async function identityAt(driver: Driver, name: string): Promise<string | null> {
	const { id } = await driver.value('entries.resolve', { path: `/Here/${name}`, from: null });
	const { content } = await driver.value('content.of', { entry: id, limit: 1 });
	return content === null ? null : toHex(content.identity);
}

/** The last window is read when the file has other bytes than before, of the same length. */
function changeInTheMiddle(host: SimHost, change: () => void): void {
	host.files.beforeRead = (_path, offset) => {
		if (offset > size / 2) change();
	};
}

describe('a file that changes while it is read (T24)', () => {
	test('gets no identity but a note; the next run gives it the one of its new bytes', async () => {
		const host = createSimHost(1);
		const { driver, location } = await opened(1, host, { file: new Uint8Array(size), steady: 5 });
		changeInTheMiddle(host, () => host.files.overwrite('/files/tree/file', patternBytes(size)));
		expect(await driver.value('content.identify', { location: location.id })).toMatchObject({ files: 2, problems: 1 });
		expect(await identityAt(driver, 'file')).toBeNull();
		expect(await identityAt(driver, 'steady')).not.toBeNull();
		const notes = await driver.value('index.problems', { location: location.id });
		expect(notes).toMatchObject([{ name: 'file', reason: 'changing' }]);

		host.files.beforeRead = () => undefined;
		// The index still says what the file was: until it is listed again nothing is made of it.
		await driver.value('content.identify', { location: location.id });
		expect(await identityAt(driver, 'file')).toBeNull();
		await driver.value('index.run', { location: location.id, acceptEmpty: false });
		expect(await driver.value('content.identify', { location: location.id })).toMatchObject({ problems: 0 });
		expect(await identityAt(driver, 'file')).toBe(identity);
		expect(await driver.value('index.problems', { location: location.id })).toEqual([]);
		await driver.core.close();
	});

	test('control: on a disk that hides the change the hash is of two states, so it is the comparison that guards', async () => {
		const host = createSimHost(1);
		const { driver, location } = await opened(1, host, { file: new Uint8Array(size) });
		changeInTheMiddle(host, () => {
			host.files.at('/files/tree/file').bytes = patternBytes(size);
		});
		await driver.value('content.identify', { location: location.id });
		const mixed = await identityAt(driver, 'file');
		expect(mixed).not.toBeNull();
		expect(mixed).not.toBe(identity);
		await driver.core.close();
	});

	test('is not proven by bytes of two states', async () => {
		const host = createSimHost(1);
		const { driver, location } = await opened(1, host, { file: patternBytes(size), copy: patternBytes(size) });
		await driver.value('content.identify', { location: location.id });
		const [group] = (await driver.value('content.duplicates', { folder: null, offset: 0, limit: 1 })).found;
		if (group === undefined) throw new Error('two files are the same');
		host.files.beforeRead = ([name]) => {
			if (name === 'copy') host.files.overwrite('/files/tree/copy', patternBytes(size, 1));
		};
		const proved = await driver.value('content.prove', { content: group.content.id });
		expect(proved).toMatchObject({ proven: 1, split: 0, unread: 1 });
		await driver.core.close();
	});
});

describe('files that cannot be read', () => {
	test('keep a note with its reason, all others are read, and a run later finds them', async () => {
		const host = createSimHost(1);
		const { driver, location } = await opened(1, host, { denied: 3, broken: 4, fine: 5 });
		host.files.at('/files/tree/denied').readFault = 'denied';
		host.files.at('/files/tree/broken').readFault = 'unreadable';
		expect(await driver.value('content.identify', { location: location.id })).toMatchObject({ files: 3, problems: 2 });
		const notes = await driver.value('index.problems', { location: location.id });
		expect(notes.map(({ name, reason }) => [name, reason])).toEqual([
			['broken', 'unreadable'],
			['denied', 'denied']
		]);
		host.files.at('/files/tree/denied').readFault = null;
		host.files.at('/files/tree/broken').readFault = null;
		expect(await driver.value('content.identify', { location: location.id })).toMatchObject({ files: 2, problems: 0 });
		expect(await driver.value('index.problems', { location: location.id })).toEqual([]);
		await driver.core.close();
	});
});

describe('a look at files and the disk under the library', () => {
	test('the power goes at any operation: nothing half is left, and it goes on to the same end', async () => {
		const seed = testSeed('power loss while identifying');
		const random = createSimRandom(seed);
		const points = isNightly ? 200 : 25;
		let lost = 0;
		for (let point = 0; point < points; point++) {
			const host = createSimHost(seed);
			const tree = Object.fromEntries(Array.from({ length: 300 }, (_, n) => [`file ${n}`, n % 100]));
			const { driver, location } = await opened(seed, host, tree);
			// Batches end by time as well, so that there is more than one to be cut off.
			host.files.beforeRead = () => void host.clock.advance(random.integer(30));
			host.disk.powerLossAt = host.disk.operations + random.integer(60);
			const ended = await driver.core.commands['content.identify'](
				{ location: location.id },
				{ signal: new AbortController().signal, command: '0'.repeat(32) as never }
			).then(
				({ ok }) => ok,
				() => false
			);
			if (ended) continue;
			lost++;
			host.disk.kill();
			const restarted = { ...createSimHost(seed, host.disk), files: host.files, secrets: host.secrets };
			host.files.beforeRead = () => undefined;
			const again = drive(createSimWorld(seed, restarted), 1, { runsJobs: 'asked' });
			await again.value('library.unlock', { by: 'device' });
			expect((await again.value('library.verify', {})).flaws, `point ${point}, seed ${seed}`).toEqual([]);
			await again.value('content.identify', { location: location.id });
			const found = await again.value('content.duplicates', { folder: null, offset: 0, limit: 1 });
			expect([found.groups, found.unknown], `point ${point}, seed ${seed}`).toEqual([99, 0]);
			await again.core.close();
		}
		console.info(`${lost} losses of power in ${points} runs`);
		expect(lost).toBeGreaterThan(points / 4);
	});
});
