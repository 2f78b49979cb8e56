import { seeded } from '../tabs/random.ts';
import { isNightly } from '../tier.ts';
import { expect, newSeed, test } from './durability.ts';
import { ask, call, type Profile } from './profile.ts';

const kills = isNightly ? 60 : 3;
const afterMsMax = 400;

type Toll = { readonly flaws: readonly string[]; readonly codes: number; readonly decisive: number };

/** Kills the browser while recovery codes are replaced, and looks at what opens the library then. */
async function killSeries(profile: Profile, count: number, random: () => number): Promise<Toll> {
	const flaws: string[] = [];
	let [codes, decisive] = [0, 0];
	/** The code that opens the library; null while another one is being made. */
	let code: string | null = null;
	let onCoded: () => void = () => undefined;
	profile.onTold = (told) => {
		if (told.type === 'asking') code = null;
		else if (told.type === 'coded') {
			[code, codes] = [told.code, codes + 1];
			onCoded();
		} else flaws.push(JSON.stringify(told));
	};
	let page = await (await profile.start()).open();
	await ask(page, 'library.create', { name: 'Home', password: null });
	for (let kill = 1; kill <= count && flaws.length === 0; kill++) {
		await page.evaluate(() => window.probe.recode());
		await new Promise((resolve) => setTimeout(resolve, random() * afterMsMax));
		// Half of them the moment that a code was shown.
		if (kill % 2 === 0) await new Promise<void>((resolve) => (onCoded = resolve));
		await profile.kill();
		const [known] = [code];
		page = await (await profile.start()).open();
		const byDevice = await call(page, 'library.unlock', { by: 'device' });
		if (!byDevice.ok) flaws.push(`kill ${kill}: ${JSON.stringify(byDevice.failure)}`);
		if (known === null || !byDevice.ok) continue;
		decisive++;
		await ask(page, 'library.lock');
		const byCode = await call(page, 'library.unlock', { by: 'recovery-code', recoveryCode: known });
		if (!byCode.ok) flaws.push(`kill ${kill}: the code that was shown: ${JSON.stringify(byCode.failure)}`);
	}
	return { flaws, codes, decisive };
}

/* A kill between two steps is a matter of chance; the control that must fire is the simulator's, which cuts the power at each operation (tests/storage/power-loss.node.test.ts, the header written in place). */
test(
	`${kills} kills while the header is replaced leave a whole one, and the code that was shown`,
	{ tag: '@nightly' },
	async ({ profile }) => {
		test.setTimeout(kills * 10_000 + 30_000);
		const { flaws, codes, decisive } = await killSeries(profile, kills, seeded(newSeed()));
		console.log(`${kills} kills, ${codes} codes shown, the last of ${decisive} tried`);
		expect(flaws).toEqual([]);
		expect(decisive).toBeGreaterThan(0);
	}
);
