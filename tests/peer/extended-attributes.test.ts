import { chmodSync, lstatSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type * as xattr from '@napi-rs/xattr';
import { copyTree, type FilesDeps } from '#core/bytes';
import type { DiskPlace, RootRef } from '#core/ports';
import { createClock } from '../../peer/host/clock.ts';
import { createCompute } from '../../peer/host/compute.ts';
import { createFileChanges } from '../../peer/host/file-changes.ts';
import { createFiles } from '../../peer/host/files.ts';

const never = new AbortController().signal;
const deps: FilesDeps = {
	files: createFiles(),
	changes: createFileChanges(),
	compute: createCompute(),
	clock: createClock()
};
const accessList = 'system.posix_acl_access';

/** acl(5) as Linux keeps it: the owner and user 1234 may read and write, the group and others nothing. */
function listFor1234(): Buffer {
	const entries = [
		[0x01, 6, 0xffff_ffff],
		[0x02, 6, 1_234],
		[0x04, 0, 0xffff_ffff],
		[0x10, 6, 0xffff_ffff],
		[0x20, 0, 0xffff_ffff]
	] as const;
	const list = Buffer.alloc(4 + entries.length * 8);
	list.writeUInt32LE(2);
	for (const [at, [tag, rights, id]] of entries.entries()) {
		list.writeUInt16LE(tag, 4 + at * 8);
		list.writeUInt16LE(rights, 6 + at * 8);
		list.writeUInt32LE(id, 8 + at * 8);
	}
	return list;
}

describe.runIf(process.platform === 'linux')('what a copy keeps beside bytes, rights and times', () => {
	const { listAttributesSync, getAttributeSync, setAttributeSync } = createRequire(import.meta.url)(
		'@napi-rs/xattr'
	) as typeof xattr;
	let base = '';
	beforeEach(() => {
		// On a real disk: memory does not keep them on every system.
		base = mkdtempSync(join(tmpdir(), 'atoll-attributes-'));
		mkdirSync(join(base, 'from/closed'), { recursive: true });
	});
	afterEach(() => rmSync(base, { recursive: true, force: true }));

	const at = (...path: readonly string[]): DiskPlace => ({ root: base as RootRef, path });
	async function copy(to: DiskPlace): Promise<void> {
		const seen = await deps.files.look(base as RootRef, ['from'], never);
		if (!seen.ok || seen.value === null) throw new Error('nothing to copy');
		const step = { step: 'one', from: at('from'), expected: seen.value, to };
		expect(await copyTree(deps, step, { proof: true }, () => undefined, never)).toMatchObject({ ok: true });
	}

	test('extended attributes of files and folders, also of those that are closed to writing', async () => {
		for (const [path, value] of [
			['from', 'of a folder'],
			['from/file', 'of a file'],
			['from/closed', ''],
			['from/closed/large', Buffer.alloc(3_000, 0xa7)]
		] as const) {
			if (path.includes('/') && !path.endsWith('closed')) writeFileSync(join(base, path), 'bytes');
			setAttributeSync(join(base, path), 'user.atoll.test', Buffer.from(value));
		}
		writeFileSync(join(base, 'from/bare'), 'bytes');
		chmodSync(join(base, 'from/closed/large'), 0o400);
		chmodSync(join(base, 'from/closed'), 0o500);
		await copy(at('to'));
		for (const path of ['', 'file', 'closed', 'closed/large']) {
			const [from, to] = [join(base, 'from', path), join(base, 'to', path)];
			expect(listAttributesSync(to), path).toEqual(['user.atoll.test']);
			expect(getAttributeSync(to, 'user.atoll.test'), path).toEqual(getAttributeSync(from, 'user.atoll.test'));
			expect([lstatSync(to).mode, lstatSync(to).mtimeMs], path).toEqual([
				lstatSync(from).mode,
				expect.closeTo(lstatSync(from).mtimeMs, 0)
			]);
		}
		expect(listAttributesSync(join(base, 'to/bare'))).toEqual([]);
		chmodSync(join(base, 'from/closed'), 0o700);
		chmodSync(join(base, 'to/closed'), 0o700);
	});

	test('the access list; where it cannot be kept, the group gets nothing that only the list would hold back', async () => {
		writeFileSync(join(base, 'from/file'), 'bytes');
		writeFileSync(join(base, 'from/usual'), 'bytes');
		chmodSync(join(base, 'from/usual'), 0o640);
		setAttributeSync(join(base, 'from/file'), accessList, listFor1234());
		// What its mode says of the group is the most that anybody in the list may.
		expect(lstatSync(join(base, 'from/file')).mode & 0o777).toBe(0o660);
		await copy(at('to'));
		expect(getAttributeSync(join(base, 'to/file'), accessList)).toEqual(listFor1234());
		expect(lstatSync(join(base, 'to/file')).mode & 0o777).toBe(0o660);

		// What lies in a folder whose name is not UTF-8 cannot be given attributes.
		const odd = Buffer.concat([Buffer.from(`${base}/o`), Buffer.from([0xff])]);
		mkdirSync(odd);
		const [name = ''] = await namesIn(base, (one) => one !== 'from' && one !== 'to');
		await copy(at(name, 'again'));
		const copied = (file: string) => lstatSync(Buffer.concat([odd, Buffer.from(`/again/${file}`)])).mode & 0o777;
		expect([copied('file'), copied('usual')]).toEqual([0o600, 0o640]);
	});

	async function namesIn(root: string, isWanted: (name: string) => boolean): Promise<string[]> {
		const names: string[] = [];
		for await (const page of deps.files.list(root as RootRef, [], never))
			if (page.ok) names.push(...page.value.entries.map((entry) => entry.name).filter(isWanted));
		return names;
	}
});
