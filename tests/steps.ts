/**
 * Runs every test of the project, says one line for each step and what failed in full; the last line is
 * `N passed, N failed`. `--nightly` sets ATOLL_TIER=nightly: longer random walks, larger trees.
 */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isBuilt, markBuilt, onWindows } from '../peer/ready.mjs';
import { chromiumPath } from './chromium.ts';

type Counts = { readonly passed: number; readonly failed: number; readonly skipped: number };
type Environment = Readonly<Record<string, string>>;
type Step = {
	readonly title: string;
	readonly command: readonly string[];
	readonly env?: Environment;
	/** Reads the step's own report once it has ended; a step without one counts as a single test. */
	readonly count?: () => Counts | null;
};

const reports = mkdtempSync(join(tmpdir(), 'atoll-test-'));
/** What is said here is kept and shown later: whether in colours is for the terminal at the end to tell. */
const colours: Environment = process.stdout.isTTY ? { FORCE_COLOR: '1' } : { NO_COLOR: '1' };
const total = { passed: 0, failed: 0 };
let running: ChildProcess | null = null;

function run(command: readonly string[], env: Environment = {}): Promise<{ ok: boolean; output: string }> {
	const [program = '', ...rest] = command;
	return new Promise((resolve) => {
		const child = spawn(program, rest, {
			env: { ...process.env, ...colours, ...env },
			stdio: ['ignore', 'pipe', 'pipe'],
			shell: onWindows
		});
		running = child;
		const said: Buffer[] = [];
		for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => said.push(chunk));
		child.on('error', (error) => resolve({ ok: false, output: `${error.message}\n` }));
		child.on('close', (code) => resolve({ ok: code === 0, output: Buffer.concat(said).toString() }));
	});
}

/** Runs one step, and tells whether all of it passed. A step that ends badly without a failed test to name fails all the same. */
async function runStep({ title, command, env = {}, count = () => null }: Step): Promise<boolean> {
	const startMs = Date.now();
	const { ok, output } = await run(command, env);
	const { passed, failed, skipped } = count() ?? { passed: ok ? 1 : 0, failed: 0, skipped: 0 };
	const failures = ok ? failed : Math.max(1, failed);
	if (failures > 0) console.log(output);
	const seconds = ((Date.now() - startMs) / 1000).toFixed(1);
	const left = skipped > 0 ? `, ${skipped} skipped` : '';
	console.log(
		`${failures > 0 ? 'FAILED' : 'ok    '} ${title}: ${passed} passed, ${failures} failed${left}, ${seconds} s`
	);
	total.passed += passed;
	total.failed += failures;
	return failures === 0;
}

type VitestReport = {
	readonly numPassedTests: number;
	readonly numFailedTests: number;
	readonly numPendingTests: number;
	readonly testResults: readonly { readonly status: string; readonly assertionResults: readonly unknown[] }[];
};

function vitestStep(title: string, project: string): Step {
	const file = join(reports, `${project}.json`);
	const reporters = ['--reporter=dot', '--reporter=json', `--outputFile.json=${file}`];
	return {
		title,
		command: ['vitest', 'run', '--project', project, ...reporters],
		count() {
			if (!existsSync(file)) return null;
			const report: VitestReport = JSON.parse(readFileSync(file, 'utf8'));
			// A file that does not even load has no test that failed.
			const broken = report.testResults.filter((one) => one.status === 'failed' && one.assertionResults.length === 0);
			return {
				passed: report.numPassedTests,
				failed: report.numFailedTests + broken.length,
				skipped: report.numPendingTests
			};
		}
	};
}

type PlaywrightReport = {
	readonly stats: {
		readonly expected: number;
		readonly unexpected: number;
		readonly flaky: number;
		readonly skipped: number;
	};
};

function playwrightStep(title: string, port: number): Step {
	const file = join(reports, 'playwright.json');
	return {
		title,
		command: ['playwright', 'test', '--reporter=line,json'],
		env: { PORT: String(port), PLAYWRIGHT_JSON_OUTPUT_NAME: file },
		count() {
			if (!existsSync(file)) return null;
			const { stats }: PlaywrightReport = JSON.parse(readFileSync(file, 'utf8'));
			return { passed: stats.expected, failed: stats.unexpected + stats.flaky, skipped: stats.skipped };
		}
	};
}

function freePort(): Promise<number> {
	return new Promise((resolve, reject) => {
		const server = createServer();
		server.on('error', reject);
		server.listen(0, '127.0.0.1', () => {
			const address = server.address();
			server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
		});
	});
}

function succeeds(program: string, ...rest: readonly string[]): boolean {
	return spawnSync(program, rest, { stdio: 'ignore' }).status === 0;
}

/** Finds a Chromium that starts, or brings one: Debian's where there is apt and the right to use it, else Playwright's own. */
async function bringChromium(): Promise<void> {
	const works = () => {
		const path = chromiumPath();
		return path !== undefined && succeeds(path, '--version');
	};
	if (works()) return;
	if (process.env['CHROMIUM']) console.log(`CHROMIUM names ${process.env['CHROMIUM']}, which does not start`);
	delete process.env['CHROMIUM'];
	if (works()) return;
	const asRoot = process.getuid?.() === 0;
	const asSudo = !asRoot && succeeds('sudo', '-n', 'true');
	const said: string[] = [];
	if ((asRoot || asSudo) && succeeds('apt-get', '--version')) {
		console.log('no Chromium here yet: installing Debian’s');
		const apt = [...(asSudo ? ['sudo', '-n'] : []), 'env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', '-qq'];
		said.push((await run([...apt, 'update'])).output);
		said.push((await run([...apt, 'install', '-y', '--no-install-recommends', 'chromium', 'fonts-liberation'])).output);
		if (works()) return;
	}
	console.log('no Chromium here yet: installing Playwright’s');
	process.env['CHROMIUM'] = '';
	const playwright = await run(['playwright', 'install', ...(asRoot || asSudo ? ['--with-deps'] : []), 'chromium']);
	if (!playwright.ok) console.log(`${said.join('')}${playwright.output}no Chromium to be had: name one in CHROMIUM`);
}

async function runAll(): Promise<void> {
	await bringChromium();
	await runStep({ title: 'types', command: ['npm', 'run', '-s', 'types'] });
	await runStep({ title: 'lint and format', command: ['npm', 'run', '-s', 'lint'] });
	await runStep(vitestStep('gates', 'gates'));
	await runStep(vitestStep('unit and conformance, Node', 'node'));
	await runStep(vitestStep('unit and conformance, Chromium', 'browser'));
	const built = isBuilt() || (await runStep({ title: 'build', command: ['npm', 'run', '-s', 'build'] }));
	if (!built) return console.log('the app in Chromium: not run, as it is not built');
	markBuilt();
	await runStep(playwrightStep('the app in Chromium', await freePort()));
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
	process.on(signal, () => {
		running?.kill(signal);
		process.exit(1);
	});
process.on('exit', () => rmSync(reports, { recursive: true, force: true }));
delete process.env['INIT_CWD']; // it says where `npm test` was typed, which is no business of the programs under test
if (process.argv.includes('--nightly')) process.env['ATOLL_TIER'] = 'nightly';
await runAll();
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed > 0 ? 1 : 0;
