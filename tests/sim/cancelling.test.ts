import { expect, test } from 'vitest';
import type { EntryId } from '#core/kernel';
import { addLocation, dump, drive, type Driver } from '../conformance/core-driver.ts';
import { walk } from './moving-world.ts';
import { testSeed } from './host/random.ts';
import { createSimHost, type SimHost } from './host/sim-host.ts';
import { createSimWorld } from './world.ts';
import { isNightly } from '../tier.ts';

const bytes = (length: number, seed: number) => Uint8Array.from({ length }, (_, at) => (at * 31 + seed * 7) % 251);

/** Folders in folders, files, a link, and an empty folder; no two files are alike. */
const tree = {
	box: { 'a.txt': bytes(90, 1), deep: { 'b.txt': bytes(150, 2), 'c.txt': bytes(10, 3) }, empty: {} },
	case: { inner: { 'd.txt': bytes(70, 4) } },
	'e.txt': bytes(120, 5),
	'f.txt': bytes(20, 6),
	link: 'nowhere'
};

/** What a host does: the peer renames folders and tells inodes, a browser neither. */
const hosts = { peer: true, browser: false } as const;
type HostName = keyof typeof hosts;

type Device = {
	readonly host: SimHost;
	readonly driver: Driver;
	readonly all: readonly EntryId[];
	readonly target: EntryId;
	readonly home: EntryId;
};

/** Lets time go by until `work` has ended: who reads what was written just now waits for the clock. */
async function inTime<T>({ clock }: SimHost, work: Promise<T>): Promise<T> {
	let isOver = false;
	const over = work.finally(() => void (isOver = true));
	over.catch(() => undefined);
	while (!isOver) await clock.advance(3_000);
	return over;
}

async function prepare(seed: number, isPeer: boolean): Promise<Device> {
	const host = createSimHost(seed);
	host.files.hasInodes = isPeer;
	host.changes.renamesFolders = isPeer;
	host.changes.keepsTimes = isPeer;
	host.changes.disks.push('/a', '/b');
	// A browser has no links.
	const { link, ...rest } = tree;
	const roots = [host.files.put('/a/home', isPeer ? { ...rest, link } : rest), host.files.put('/b/other', { in: {} })];
	const driver = drive(createSimWorld(seed, host), 1, { runsJobs: 'asked' });
	await driver.value('library.create', { name: 'Home', password: null });
	for (const root of roots) {
		const location = await addLocation(driver, { root, name: null });
		await driver.value('index.run', { location: location.id, acceptEmpty: false });
	}
	const id = async (path: string) => (await driver.value('entries.resolve', { path, from: null })).id;
	const all: EntryId[] = [];
	for (const name of Object.keys(isPeer ? tree : rest)) all.push(await id(`/home/${name}`));
	return { host, driver, all, target: await id('/other/in'), home: await id('/home') };
}

async function begin({ driver }: Device, action: string, input: unknown) {
	const plan = await driver.value('actions.preview', { action, input });
	return driver.value('actions.commit', { action, input, plan: plan.id });
}

async function doAll(device: Device, action: string, input: unknown) {
	const { id } = await begin(device, action, input);
	return inTime(device.host, device.driver.value('actions.end', { action: id }));
}

type Work = {
	readonly name: string;
	readonly before?: (device: Device) => Promise<unknown>;
	readonly action: string;
	readonly input: (device: Device) => unknown;
};

const works: readonly Work[] = [
	{
		name: 'copy to another disk',
		action: 'files.copy',
		input: ({ all, target }) => ({ entries: all, folder: target })
	},
	{
		name: 'move to another disk',
		action: 'files.move',
		input: ({ all, target }) => ({ entries: all, folder: target })
	},
	{
		name: 'move on one disk',
		action: 'files.move',
		input: ({ all }) => ({ entries: all.slice(1), folder: all[0] })
	},
	{ name: 'trash', action: 'files.trash', input: ({ all }) => ({ entries: all }) },
	{
		name: 'restore',
		before: (device) => doAll(device, 'files.trash', { entries: device.all }),
		action: 'files.restore',
		input: ({ all }) => ({ entries: all })
	}
];

/** All that is on the two disks but for the bins: paths with what is there. */
function onDisks({ host }: Device): string[] {
	return ['/a/home', '/b/other'].flatMap((root) =>
		walk(host.files.at(root))
			.filter(([path]) => !path.startsWith('.atoll-trash'))
			.map(([path, { kind, bytes: held, text }]) => `${root}/${path} ${kind} ${held?.join(' ') ?? ''}${text}`)
			.toSorted()
	);
}

/** The entries of the library with the folders that hold them. */
async function inIndex({ driver, home }: Device): Promise<readonly string[]> {
	const other = await driver.value('entries.resolve', { path: '/other', from: null });
	return Object.keys({ ...(await dump(driver, home, '/a/home')), ...(await dump(driver, other.id, '/b/other')) });
}

/** What is not as it must be after an action has come to an end, or was broken off. */
async function faultsOf(device: Device): Promise<string[]> {
	const { driver } = device;
	const disk = onDisks(device).map((line) => / (?:file|directory|symlink) /[Symbol.split](line)[0] ?? '');
	const index = await inIndex(device);
	const { flaws } = await driver.value('library.verify', {});
	return [
		...disk.filter((path) => !index.includes(path)).map((path) => `${path} is not in the index`),
		...index.filter((path) => !disk.includes(path)).map((path) => `${path} is not on the disk`),
		...disk.filter((path) => path.includes('.atoll-')).map((path) => `${path} was left`),
		...flaws.map((flaw) => JSON.stringify(flaw))
	];
}

type Outcome = { readonly came: boolean; readonly midway: boolean; readonly faults: readonly string[] };

/** How it is broken off: while it goes on, while it is paused, or while it goes on and the program ends with it. */
const manners = ['cancelled', 'paused first', 'closed at once'] as const;
type Manner = (typeof manners)[number];

async function breakOff({ driver }: Device, manner: Manner): Promise<void> {
	const jobs = await driver.value('jobs.list', {});
	const job = jobs.find(({ kind, endedMs }) => kind === 'action' && endedMs === null);
	if (job === undefined) return;
	if (manner === 'paused first') await driver.refusal('jobs.pause', { job: job.id });
	const cancelled = driver.refusal('jobs.cancel', { job: job.id });
	if (manner === 'closed at once') await driver.core.close();
	await cancelled;
}

/** The library once more, and all that was left to be done when it was closed. */
async function reopen(device: Device): Promise<Device> {
	const driver = drive(createSimWorld(1, device.host), 1, { runsJobs: 'asked' });
	const { promise, resolve } = Promise.withResolvers<void>();
	const look = async () => {
		const [latest] = await driver.value('actions.history', { before: null });
		if (latest !== undefined && latest.state !== 'running') resolve();
	};
	await driver.value('library.unlock', { by: 'device' });
	driver.core.subscribe(({ type }) => void (type === 'actions-changed' && look()));
	await look();
	await inTime(device.host, promise);
	return { ...device, driver };
}

/** Cancels the work before its change number `at`, and takes back what was done. */
async function cancelAt(seed: number, isPeer: boolean, work: Work, at: number, manner: Manner): Promise<Outcome> {
	let device = await prepare(seed, isPeer);
	const { host } = device;
	await work.before?.(device);
	const before = onDisks(device);
	const cancelled: Promise<unknown>[] = [];
	let left = at;
	host.changes.beforeChange = () => {
		if (left-- !== 0) return;
		cancelled.push(breakOff(device, manner));
	};
	const begun = await begin(device, work.action, work.input(device));
	await inTime(host, device.driver.value('actions.end', { action: begun.id }));
	host.changes.beforeChange = () => undefined;
	await inTime(host, Promise.all(cancelled));
	if (manner === 'closed at once' && cancelled.length > 0) device = await reopen(device);
	const { driver } = device;
	const [ended] = await driver.value('actions.history', { before: null });
	const faults = [...(await faultsOf(device))];
	if (ended === undefined || ended.state === 'running') return { came: true, midway: false, faults: ['it goes on'] };
	const { state, done, operations, failed } = ended;
	if (failed > 0) faults.push(`${failed} failed`);
	if ((state === 'done') !== (done === operations)) faults.push(`${state} after ${done} of ${operations}`);
	const steps = await driver.value('actions.steps', { action: ended.id, from: 0 });
	if (steps.some((step) => step.state === 'begun')) faults.push('a step is begun still');
	if (done === 0 && ended.isUndoable) faults.push('nothing was done, and it can be undone');
	if (done > 0) {
		const undone = await doAll(device, 'actions.undo', { action: ended.id });
		if (undone.state !== 'done' || undone.operations !== done)
			faults.push(`undone: ${undone.state}, ${undone.operations} of ${done}`);
		faults.push(...(await faultsOf(device)).map((fault) => `undone: ${fault}`));
	}
	const after = onDisks(device);
	faults.push(...before.filter((line) => !after.includes(line)).map((line) => `gone: ${line}`));
	faults.push(...after.filter((line) => !before.includes(line)).map((line) => `come: ${line}`));
	await driver.core.close();
	return { came: cancelled.length > 0, midway: state === 'halted' && done > 0, faults };
}

/** How many changes of the disks a work takes. */
async function countChanges(seed: number, isPeer: boolean, { before, action, input }: Work): Promise<number> {
	const device = await prepare(seed, isPeer);
	await before?.(device);
	const first = device.host.changes.operations;
	await doAll(device, action, input(device));
	await device.driver.core.close();
	return device.host.changes.operations - first;
}

for (const name of Object.keys(hosts) as HostName[])
	for (const work of works)
		test(`cancelled at any change, ${work.name} (${name}) leaves the index as the disk and can be taken back`, async () => {
			const seed = testSeed(`cancelled ${work.name} ${name}`);
			const changes = await countChanges(seed, hosts[name], work);
			const stride = isNightly ? 1 : Math.max(1, Math.ceil(changes / 6));
			let [cancels, midway] = [0, 0];
			for (let at = seed % stride; at < changes; at += stride) {
				const manner = manners[(at + seed) % manners.length] ?? 'cancelled';
				const outcome = await cancelAt(seed, hosts[name], work, at, manner);
				expect(outcome.faults, `${work.name}, ${name}, ${manner} at change ${at}, seed ${seed}`).toEqual([]);
				cancels += Number(outcome.came);
				midway += Number(outcome.midway);
			}
			console.info(
				`${work.name} (${name}): ${cancels} cancels at each ${stride}. of ${changes} changes, ${midway} midway`
			);
			expect(cancels).toBeGreaterThan(0);
		});
