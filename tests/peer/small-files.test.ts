import {
	chmodSync,
	existsSync,
	lstatSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	symlinkSync,
	utimesSync,
	writeFileSync
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { copyTree } from '#core/bytes';
import type { DiskPlace, RootRef, SeenEntry, SmallFiles } from '#core/ports';
import { createClock } from '../../peer/host/clock.ts';
import { createCompute } from '../../peer/host/compute.ts';
import { createFileChanges } from '../../peer/host/file-changes.ts';
import { createFiles } from '../../peer/host/files.ts';

const never = new AbortController().signal;
const deps = {
	files: createFiles(),
	changes: createFileChanges(),
	compute: createCompute(),
	clock: createClock()
};

/** In memory where there is such a disk. */
const home = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
let base = '';
beforeEach(() => {
	base = mkdtempSync(join(home, 'atoll-'));
	mkdirSync(join(base, 'from'));
	mkdirSync(join(base, 'to'));
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

function at(...path: readonly string[]): DiskPlace {
	return { root: base as RootRef, path };
}

function small(): SmallFiles {
	if (deps.changes.small === null) throw new Error('this system copies no small files together');
	return deps.changes.small;
}

async function seen(...path: readonly string[]): Promise<SeenEntry> {
	const found = await deps.files.look(base as RootRef, path, never);
	if (!found.ok || found.value === null) throw new Error(`nothing at ${path.join('/')}`);
	return found.value;
}

/** Files of some folders, with rights and times of their own. */
function plant(count: number): void {
	for (let file = 0; file < count; file++) {
		const folder = join(base, 'from', `folder ${file % 7}`);
		mkdirSync(folder, { recursive: true });
		const path = join(folder, `file ${file}`);
		writeFileSync(path, `${file} `.repeat(file % 90));
		chmodSync(path, file % 2 === 0 ? 0o640 : 0o755);
		utimesSync(path, 1_500_000_000, 1_400_000_000.25 + file);
	}
}

function factsBelow(path: string): readonly unknown[] {
	return readdirSync(path, { recursive: true, encoding: 'utf8' })
		.toSorted()
		.map((name) => {
			const stats = lstatSync(join(path, name));
			return [name, stats.mode, stats.mtimeMs, stats.isFile() ? readFileSync(join(path, name), 'utf8') : null];
		});
}

test('many files are copied by threads with their bytes, rights and times', async () => {
	plant(3_000);
	const before = factsBelow(join(base, 'from'));
	const step = { step: 'many', from: at('from'), expected: await seen('from'), to: at('to', 'new') };
	let told = 0;
	const copied = await copyTree(deps, step, { proof: true }, (bytes) => (told += bytes), never);
	if (!copied.ok) throw new Error(copied.failure.type);
	expect(copied.value).toMatchObject({ files: 3_000, folders: 8, sizeBytes: told });
	expect(factsBelow(join(base, 'to', 'new'))).toEqual(before);
});

test('nothing is written any more once many are called off, and what was begun is gone on with', async () => {
	plant(3_000);
	const control = new AbortController();
	const step = { step: 'off', from: at('from'), expected: await seen('from'), to: at('to', 'new') };
	const going = copyTree(deps, step, { proof: true }, () => undefined, control.signal);
	const written = () => readdirSync(join(base, 'to'), { recursive: true }).length;
	while (written() < 300) await new Promise((resolve) => setImmediate(resolve));
	control.abort();
	await expect(going).rejects.toThrow('aborted');
	const left = written();
	expect(left).toBeLessThan(3_000);
	await new Promise((resolve) => setImmediate(resolve));
	expect(written()).toBe(left);
	const again = await copyTree(deps, step, { proof: true }, () => undefined, never);
	expect(again).toMatchObject({ ok: true, value: { files: 3_000 } });
	expect(factsBelow(join(base, 'to', 'new'))).toEqual(factsBelow(join(base, 'from')));
});

test('no link is followed, in a folder or as a file', async () => {
	mkdirSync(join(base, 'secret'));
	writeFileSync(join(base, 'secret', 'file'), 'not to be copied');
	symlinkSync('../secret', join(base, 'from', 'folder'));
	symlinkSync('../secret/file', join(base, 'from', 'file'));
	symlinkSync('../secret', join(base, 'to', 'folder'));
	writeFileSync(join(base, 'from', 'plain'), 'plain');
	const expected = await seen('secret', 'file');
	const plain = { from: at('from', 'plain'), expected: await seen('from', 'plain') };
	const ends = await small().copy(
		[
			{ from: at('from', 'folder', 'file'), expected, to: at('to', 'a') },
			{ from: at('from', 'file'), expected, to: at('to', 'b') },
			{ ...plain, to: at('to', 'folder', 'c') },
			{ ...plain, to: at('to', 'folder') }
		],
		never
	);
	expect(ends.map((end) => (end.failed === null ? null : `${end.failed}: ${end.failure.type}`))).toEqual([
		'from: FileMissing',
		'from: NotAFile',
		'to: NotAFolder',
		'to: NameTaken'
	]);
	expect(readdirSync(join(base, 'to'))).toEqual(['folder']);
	expect(readdirSync(join(base, 'secret'))).toEqual(['file']);
});

test('a file of nothing but zeros takes no room', async () => {
	writeFileSync(join(base, 'from', 'zeros'), new Uint8Array(500_000));
	const copied = await small().copy(
		[{ from: at('from', 'zeros'), expected: await seen('from', 'zeros'), to: at('to', 'zeros') }],
		never
	);
	expect(copied).toMatchObject([{ failed: null }]);
	const made = lstatSync(join(base, 'to', 'zeros'));
	expect([made.size, made.blocks]).toEqual([500_000, 0]);
	expect(readFileSync(join(base, 'to', 'zeros')).every((byte) => byte === 0)).toBe(true);
});
