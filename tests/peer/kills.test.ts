import { expect, test } from 'vitest';
import { listingsMax } from '../../peer/host/files.ts';
import { buildProgram } from './program.ts';
import { killSeries, treeShape } from './kills.ts';
import { isNightly } from '../tier.ts';
import { testSeed } from '../sim/host/random.ts';

const kills = isNightly ? 50 : 4;
const seed = testSeed('kills');
/** Rows of one batch, in directories, and those that are listed ahead of it. */
const wastedLimit = Math.ceil(4_000 / treeShape.files) + listingsMax;
/** Rollback journals in memory, which die with the process. */
const noJournal = { file: 'schema/prelude.ts', changes: { 'journal_mode = DELETE': 'journal_mode = MEMORY' } };

test(
	`T01: ${kills} kills in the middle of an index run lose no acknowledged row, and the run goes on`,
	{ timeout: kills * 20_000 },
	async () => {
		const programs = { atoll: await buildProgram(), acks: await buildProgram('tests/peer/acks.ts') };
		const toll = await killSeries(programs, kills, seed);
		const { midIndex, midCommit, wastedMax, openMsMax } = toll;
		console.log(
			`seed ${seed}: ${kills} kills, ${midIndex} mid-index, ${midCommit} mid-commit; 0 lost is wanted, ${toll.lost} lost; ` +
				`${wastedMax} directories read for nothing at most; opened again in ${openMsMax} ms at most`
		);
		expect(toll.faults, `seed ${seed}`).toEqual([]);
		expect(toll.lost).toBe(0);
		if (isNightly) expect(midIndex, 'kills that hit a run').toBeGreaterThan(kills / 4);
		expect(midCommit, 'kills that hit a commit').toBeGreaterThan(0);
		expect(wastedMax, 'work done again').toBeLessThanOrEqual(wastedLimit);
	}
);

test.runIf(isNightly)(
	'T01, control: without a journal on disk the same series finds a broken library',
	{ timeout: 300_000 },
	async () => {
		const programs = {
			atoll: await buildProgram('peer/main.ts', noJournal),
			acks: await buildProgram('tests/peer/acks.ts', noJournal)
		};
		const toll = await killSeries(programs, 40, seed, (faults) => faults.length === 0);
		expect(toll.faults, `seed ${seed}`).not.toEqual([]);
	}
);
