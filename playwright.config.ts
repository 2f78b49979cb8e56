import { defineConfig } from '@playwright/test';
import { chromiumLaunch } from './tests/chromium.ts';

const port = Number(process.env['PORT'] ?? 4173);
const origin = `http://localhost:${port}`;

export default defineConfig({
	testDir: 'tests',
	testMatch: [
		'e2e/**/*.spec.ts',
		'tabs/**/*.spec.ts',
		...(process.env['ATOLL_TIER'] === 'nightly' ? ['durability/**/*.spec.ts'] : [])
	],
	outputDir: 'test-results',
	timeout: 60_000,
	workers: 1, // the tests measure times, and each has a browser of its own
	retries: 0,
	forbidOnly: true,
	reporter: [['line']],
	use: { baseURL: origin, launchOptions: chromiumLaunch(), trace: 'retain-on-failure' },
	webServer: {
		command: `node build/peer.js app --port ${port}`,
		url: `${origin}/healthz`,
		reuseExistingServer: false,
		gracefulShutdown: { signal: 'SIGTERM', timeout: 5_000 }
	}
});
