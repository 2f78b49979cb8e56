import { build } from '../../../peer/ready.mjs';
import { AppScreen } from '../../e2e/support/app.ts';
import { ServedBuild } from '../../e2e/served-build.ts';
import { backupOf, locationName, password } from '../node/backup.ts';
import { withBrowser } from './site.ts';
import { addWatch } from './watch.ts';

/** The built app, served by the shipped peer, gone after `work`. */
export async function withServedApp<T>(work: (served: ServedBuild) => Promise<T>): Promise<T> {
	build();
	const served = new ServedBuild();
	try {
		await served.start();
		return await work(served);
	} finally {
		await served.remove();
	}
}

/** The app in a browser, at the folder that holds `Large` with `entries` files and `Small`. */
export function withLargeFolder<T>(
	entries: number,
	options: { readonly deviceScaleFactor?: number },
	work: (app: AppScreen) => Promise<T>
): Promise<T> {
	return withServedApp(async ({ origin }) => {
		const backup = await backupOf(entries);
		return withBrowser({ ...options, baseURL: origin }, async (context) => {
			const page = await context.newPage();
			await addWatch(page);
			const app = new AppScreen(page);
			await app.restore(backup, password);
			await page
				.getByRole('link', { name: new RegExp(locationName) })
				.last()
				.click();
			await app.row('Large').waitFor();
			return work(app);
		});
	});
}
