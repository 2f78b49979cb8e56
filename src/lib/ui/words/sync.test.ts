import { describe, expect, it } from 'vitest';
import { heldWords, syncLine } from './sync.ts';

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
		const much = { deleted: 1_200, of: 1_500 } as const;
		const files = heldWords({ domain: 'index', ...much, isDeclined: false });
		expect(files).toMatchObject({ yes: 'Take them out here', no: 'Keep them here' });
		expect(files.text).toContain('1,200 items of 1,500');
		expect(heldWords({ domain: 'index', ...much, isDeclined: true }).no).toBeNull();
		expect(heldWords({ domain: 'metadata', ...much, isDeclined: false }).no).toBe('Put them back everywhere');
	});

	it('offers to ask again only where it is this device that asks', () =>
		expect(syncLine({ pull: level, give: { type: 'refused', code: 'future' }, progress })).toMatchObject({
			tone: 'warn',
			canAsk: false
		}));
});
