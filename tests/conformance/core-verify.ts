import { differences, type DiskReport } from '#core/index';
import { patternBytes } from '../vectors/blake3.ts';
import { addIndexed, drive } from './core-driver.ts';
import { same, type Case } from './core-world.ts';

function told(report: DiskReport): string[] {
	const lines = differences.flatMap((difference) =>
		report[difference].items.map(({ path }) => `${difference} ${path.join('/')}`)
	);
	// Of a folder whose listing has changed some hosts tell another time.
	return lines.filter((line) => !/^stale f\d$/.test(line)).toSorted();
}

export const verifyCases: readonly Case[] = [
	{
		title: 'index and disk are compared, what differs is read again, and every byte is proven',
		run: async (world) => {
			const driver = drive(world, 1);
			await driver.value('library.create', { name: 'Home', password: null });
			const folder = await world.makeFolder();
			for (const at of ['f1', 'f2'])
				for (let n = 0; n < 5; n++) await folder.write([at, `file ${n}`], patternBytes(200 + n, n));
			const location = await addIndexed(driver, folder.root, 'Here');
			await driver.value('content.identify', { location: location.id });
			const verify = () => driver.value('index.verify', { entry: location.entry, content: true });
			const before = await verify();
			same([told(before), before.compared, before.filesRead], [[], 12, 10], 'nothing differs');
			await folder.write(['f1', 'new'], 50);
			await folder.write(['f1', 'file 1'], 999);
			await folder.remove(['f2', 'file 2']);
			await folder.makeDirectory(['empty']);
			const found = await verify();
			same(
				told(found),
				['missing f2/file 2', 'stale f1/file 1', 'unindexed empty', 'unindexed f1/new'],
				'what differs'
			);
			await driver.value('index.repair', { location: location.id, repair: found.repair });
			same(told(await verify()), [], 'after the repair');
			await driver.value('content.identify', { location: location.id });
			const scrubbed = await driver.value('content.scrub', { location: location.id });
			same([scrubbed.whole, scrubbed.damaged, scrubbed.unread], [10, 0, 0], 'every byte');
			same((await driver.value('library.verify', {})).flaws, [], 'flaws at the end');
			await driver.core.close();
		}
	}
];
