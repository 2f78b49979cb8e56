import { defineConfig } from '@playwright/test';
import { chromiumLaunch } from './tests/chromium.ts';
import { isNightly } from './tests/tier.ts';

const port = Number(process.env['PORT'] ?? 4173);
const origin = `http://localhost:${port}`;

export default defineConfig({
	testDir: 'tests',
	testMatch: ['e2e/**/*.spec.ts', 'tabs/**/*.spec.ts', 'durability/**/*.spec.ts'],
	outputDir: 'test-results',
	timeout: 60_000,
	workers: 1, // who holds a limit by the clock is tagged @timed; tests/steps.ts runs the others two at a time
	retries: 0,
	forbidOnly: true,
	...(isNightly ? {} : { grepInvert: /@nightly/ }), // long ones, and controls whose tests run in every tier
	reporter: [['line']],
	// no trace: its snapshots of the page would be in every time measured; `--trace on` brings it back
	// no service worker either but in the tests of it: it would fetch the whole app again in every test
	use: { baseURL: origin, serviceWorkers: 'block', launchOptions: chromiumLaunch(), screenshot: 'only-on-failure' },
	webServer: {
		command: `node build/peer.js app --port ${port}`,
		url: `${origin}/healthz`,
		reuseExistingServer: false,
		gracefulShutdown: { signal: 'SIGTERM', timeout: 5_000 }
	}
});
