import { describe, expect, it } from 'vitest';
import { endedWords, heldWords, syncLine } from './sync.ts';

const level = { type: 'level' } as const;
const progress = null;

describe('how far two devices are in step', () => {
	it('says so where both have the same', () =>
		expect(syncLine({ pull: level, give: level, progress })).toEqual({ tone: 'good', text: 'In step', canAsk: false }));

	it('tells what goes on', () =>
		expect(syncLine({ pull: { type: 'behind', merged: 12 }, give: level, progress })).toMatchObject({
			tone: 'busy',
			text: 'Fetching what is new there: 12 parts so far'
		}));

	it('tells of how much has come, where that is known', () => {
		const pull = { type: 'behind', merged: 12 } as const;
		const line = syncLine({ pull, give: level, progress: { done: 12_000, total: 100_000 } });
		expect(line.text).toBe('Fetching what is new there: 12,000 of 100,000');
	});

	it('tells what stands in the way before what goes on, with the facts and what to do', () => {
		const why = { type: 'BatchDeletesMuch', deleted: 1200, of: 1500 } as const;
		const line = syncLine({ pull: { type: 'refused', why }, give: { type: 'behind', merged: 0 }, progress });
		// It is answered, not asked for again.
		expect(line).toMatchObject({ tone: 'warn', canAsk: false });
		expect(line.text).toMatch(/1,200 of 1,500 items.*Nothing was taken away here.*waits/);
	});

	it('says of what waits for a person what each answer does', () => {
		const much = { deleted: 1_200, of: 1_500, folders: [] } as const;
		const files = heldWords({ domain: 'index', ...much, isDeclined: false });
		expect(files).toMatchObject({ yes: 'Take them out here', no: 'Keep them here' });
		expect(files.text).toContain('1,200 items of 1,500');
		expect(heldWords({ domain: 'index', ...much, isDeclined: true }).no).toBeNull();
		const said = heldWords({ domain: 'metadata', ...much, isDeclined: false });
		expect(said.no).toBe('Put them back everywhere');
		// The rest comes once that is answered.
		expect(said.text).toMatch(/^At least 1,200 tags and marks/);
	});

	it('offers to ask again only where it is this device that asks', () =>
		expect(syncLine({ pull: level, give: { type: 'refused', code: 'future' }, progress })).toMatchObject({
			tone: 'warn',
			canAsk: false
		}));

	it('F51: says whose disk is full, and what to do; and where that is done in this app', () => {
		const other = { name: '“NAS”', fullDisk: 'volume1: 12 MB free of 4.0 TB' };
		expect(endedWords({ type: 'PeerEnded', code: 'storage' }, other)).toMatchObject({
			text: expect.stringMatching(/^Disk full on “NAS” \(volume1: 12 MB free of 4\.0 TB\)\. Free some space there/),
			help: null
		});
		expect(endedWords({ type: 'PeerEnded', code: 'storage' }, { name: '“NAS”', fullDisk: null })?.text).toMatch(
			/^The disk of “NAS” is full or broken/
		);
		const full = { type: 'DiskFull', where: 'here', retry: 'soon' } as const;
		expect(endedWords({ type: 'StorageFailed', why: full }, other)?.help).toEqual({
			title: 'Look at storage',
			path: '/settings#storage'
		});
		expect(endedWords({ type: 'Closed' }, other)).toBeNull();
	});

	it('F51: of versions that do not understand each other says which is the older one', () => {
		const other = { name: '“NAS”', fullDisk: null };
		expect(endedWords({ type: 'OtherVersion', from: 7, to: 9 }, other)?.text).toContain('“NAS” runs a newer Atoll');
		expect(endedWords({ type: 'OtherVersion', from: 0, to: 0 }, other)?.text).toContain('“NAS” runs an older Atoll');
	});
});
