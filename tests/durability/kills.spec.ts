import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { seeded } from '../tabs/random.ts';
import { tamper } from './database.ts';
import { isNightly } from '../tier.ts';
import { expect, newSeed, test } from './durability.ts';
import { describe, killSeries, Siege } from './kills.ts';
import { lanes } from './page/lanes.ts';
import { Profile } from './profile.ts';
import { serveSite } from './site.ts';

const kills = isNightly ? 200 : 6;
const readyMsMax = 2_000;
/** What the lying core still commits, so that there is a library to open. */
const honestCommits = 16;

// A disk that does not flush is not found out here: a kill loses nothing that was written, only a loss of power does.
// tests/storage/power-loss.node.test.ts takes the power away and has that control.
test(
	`${kills} kills of the whole browser lose no acknowledged write and no acknowledged entry`,
	{ tag: '@timed' },
	async ({ profile }) => {
		test.setTimeout(kills * 30_000 + 60_000);
		const toll = await killSeries(profile, kills, newSeed(), { folders: 100, files: 60 });
		console.log(describe(toll));
		expect(toll.flaws).toEqual([]);
		expect(toll.failures).toEqual([]);
		expect(toll.wrongRuns).toEqual([]);
		expect(toll.shown).toEqual(toll.planted);
		// So few as in other runs may all fall between commits.
		if (isNightly) expect(toll.midCommit).toBeGreaterThan(0);
		expect(Math.max(...toll.readyMs)).toBeLessThan(readyMsMax);
	}
);

test('control: a core that answers before its write is on the disk is found out', { tag: '@nightly' }, async () => {
	test.setTimeout(120_000);
	const site = await serveSite({
		file: 'schema/database.ts',
		edits: {
			[`invariant(!connection.inTransaction, 'transactions do not nest');`]: 'if (!connection.inTransaction)',
			[`connection.exec('COMMIT');`]: `globalThis.commits = (globalThis.commits ?? 0) + 1;
				if (globalThis.commits <= ${honestCommits} || globalThis.commits % 50 === 0) connection.exec('COMMIT');`
		}
	});
	const profile = new Profile(site);
	try {
		const toll = await killSeries(profile, 3, 1, { folders: 10, files: 20 });
		console.log(describe(toll));
		expect(toll.flaws.join('\n')).toMatch(/was acknowledged|were acknowledged|LibraryDamaged/);
	} finally {
		await profile.end();
		await site.close();
	}
});

test(
	'control: a database that forgot what was acknowledged, or was changed, is found out',
	{ tag: '@nightly' },
	async ({ profile }) => {
		test.setTimeout(120_000);
		const siege = new Siege(profile, seeded(1), { folders: 10, files: 20 });
		const first = await siege.begin();
		await siege.finish(first);
		await profile.stop();
		const older = join(profile.folder, 'older.db');
		copyFileSync(siege.files.database, older);

		const second = await siege.open();
		expect(await siege.check(second)).toEqual({ structure: [], lost: [], twice: [] });
		const { acknowledged } = siege.ledger;
		await siege.storm(second);
		await expect.poll(() => siege.ledger.acknowledged).toBeGreaterThan(acknowledged + 20);
		await second.evaluate(() => window.probe.storm?.stop());
		await profile.kill();
		siege.putBack(older);
		const forgetful = await siege.check(await siege.open());
		expect(forgetful.structure).toEqual([]);
		for (const lane of lanes) expect(forgetful.lost.join('\n')).toContain(`${lane}: turn`);

		const [row] = siege.ledger.rows.keys();
		await profile.stop();
		tamper(
			siege.files.database,
			siege.rawKey,
			`DELETE FROM entry WHERE id = ${row}`,
			'UPDATE directory SET files = files - 1 WHERE files > 0',
			`UPDATE setting SET value = '{"lockAfterMinutes":3}' WHERE name = 'settings'`,
			'DELETE FROM command'
		);
		const changed = await siege.check(await siege.open());
		expect(changed.lost.join('\n')).toMatch(/entries were acknowledged/);
		expect(changed.lost.join('\n')).toMatch(new RegExp(`entry ${row} was .* and is undefined`));
		expect(changed.twice.join('\n')).toContain('library.change-setting');
		expect(changed.structure.join('\n')).toContain('name-index');
		expect(changed.structure.join('\n')).toContain('sums differ');
	}
);
