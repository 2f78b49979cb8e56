import { existsSync } from 'node:fs';

const places = [
	'/usr/bin/chromium',
	'/usr/bin/chromium-browser',
	'/usr/bin/google-chrome',
	'/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'
];

/** Gives the Chromium that tests run in: `CHROMIUM`, else the system's. None (or an empty `CHROMIUM`) means Playwright's own. */
export function chromiumPath(): string | undefined {
	const named = process.env['CHROMIUM'];
	if (named !== undefined) return named === '' ? undefined : named;
	return places.find((place) => existsSync(place));
}

/** Gives Playwright's launch options, the same for every test: no phoning home, no sandbox (containers run as root). */
export function chromiumLaunch(): { executablePath?: string; args: string[] } {
	const path = chromiumPath();
	return {
		...(path === undefined ? {} : { executablePath: path }),
		args: [
			'--no-sandbox',
			'--disable-gpu',
			'--disable-quic',
			'--no-first-run',
			'--disable-background-networking',
			'--disable-component-update',
			'--disable-sync'
		]
	};
}
