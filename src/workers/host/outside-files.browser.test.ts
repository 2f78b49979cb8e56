import { expect, test } from 'vitest';
import type { ClockPort, FilesPort, RootRef } from '#core/ports';
import { never, valueOf } from '../../../tests/conformance/expectation.ts';
import { listed } from '../../../tests/conformance/files.ts';
import type { OutsideFile } from '../session/protocol.ts';
import { createClock } from './clock.ts';
import { createFiles } from './files.ts';
import { OutsideFiles } from './outside-files.ts';

const root = 'outside:test' as RootRef;
const many = 10_000;
/** Nobody is waited for. */
const impatient: ClockPort = { ...createClock(), wait: async () => undefined };
/** Somebody is waited for until they come. */
const patient: ClockPort = {
	...createClock(),
	wait: (_delayMs, signal) => new Promise((resolve) => signal.addEventListener('abort', () => resolve()))
};

function open(clock: ClockPort): readonly [OutsideFiles, FilesPort] {
	const outside = new OutsideFiles(clock);
	return [outside, outside.over(createFiles())];
}

const trip: readonly OutsideFile[] = [
	{ path: ['0', 'Trip'], file: null },
	{ path: ['0', 'Trip', 'plan.txt'], file: new File(['to the sea'], 'plan.txt', { lastModified: 1_000 }) },
	{ path: ['0', 'Trip', 'none'], file: null }
];

async function textAt(files: FilesPort, ...path: readonly string[]): Promise<string> {
	const file = valueOf(await files.open(root, path, never));
	const bytes = new Uint8Array(file.sizeBytes);
	expect(valueOf(await file.read(0, bytes, never))).toBe(file.sizeBytes);
	expect(valueOf(await file.isUnchanged(never))).toBe(true);
	return new TextDecoder().decode(bytes);
}

test('what a page holds is listed, looked at and read, and is gone when it is let go of', async () => {
	const [outside, files] = open(impatient);
	outside.hold(root, trip);
	outside.complete(root);
	const { entries } = await listed(files, root, ['0', 'Trip']);
	expect(entries).toEqual([
		{ name: 'plan.txt', kind: 'file', sizeBytes: 10, modifiedMs: 1_000, inode: null },
		{ name: 'none', kind: 'directory', sizeBytes: 0, modifiedMs: null, inode: null }
	]);
	expect(await textAt(files, '0', 'Trip', 'plan.txt')).toBe('to the sea');
	expect(valueOf(await files.look(root, ['0', 'nothing'], never))).toBeNull();
	expect(await files.open(root, ['0', 'Trip'], never)).toMatchObject({ failure: { type: 'NotAFile' } });
	outside.release(root);
	expect(await files.rootName(root, never)).toMatchObject({ failure: { type: 'FolderMissing' } });
	expect(await files.open(root, ['0', 'Trip', 'plan.txt'], never)).toMatchObject({ failure: { type: 'FileMissing' } });
});

test('a core that has moved waits until the page has said all of what it has, and not for ever', async () => {
	const [outside, files] = open(patient);
	const reading = textAt(files, '0', 'Trip', 'plan.txt');
	outside.hold(root, trip.slice(0, 1));
	outside.hold(root, trip.slice(1));
	outside.complete(root);
	expect(await reading).toBe('to the sea');

	const [late, without] = open(impatient);
	expect(await without.rootName(root, never)).toMatchObject({ failure: { type: 'FolderMissing' } });
	late.hold(root, trip);
	late.complete(root);
	expect(await textAt(without, '0', 'Trip', 'plan.txt')).toBe('to the sea');
});

test(`F30: ${many} files are held at once`, async () => {
	const [outside, files] = open(impatient);
	const beganMs = performance.now();
	outside.hold(
		root,
		Array.from({ length: many }, (_, at) => ({ path: ['0', 'Many', `${at}.txt`], file: new File([`${at}`], `${at}`) }))
	);
	outside.complete(root);
	expect((await listed(files, root, ['0', 'Many'])).entries).toHaveLength(many);
	expect(await textAt(files, '0', 'Many', '9999.txt')).toBe('9999');
	console.log(`${many} files held and listed in ${Math.round(performance.now() - beganMs)} ms`);
});
