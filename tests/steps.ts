/**
 * Runs every test of the project, says one line for each step and what failed in full; the last line is
 * `N passed, N failed`, however the run ends. `--nightly` sets ATOLL_TIER=nightly: longer random walks, larger trees.
 * A step that takes longer than it may is ended and has failed; `ATOLL_MINUTES` is how long all of them may take.
 * `ATOLL_REPORTS` names a folder in which the reports of all steps stay, with the time of every test.
 */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
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
	/** A step that takes longer hangs: several times what it takes on two cores. At night it has twenty times as long. */
	readonly minutesMax: number;
	/** Reads the step's own report once it has ended; a step without one counts as a single test. */
	readonly count?: () => Counts | null;
};

const kept = process.env['ATOLL_REPORTS'];
if (kept !== undefined) mkdirSync(kept, { recursive: true });
const reports = kept ?? mkdtempSync(join(tmpdir(), 'atoll-test-'));
/** What is said here is kept and shown later: whether in colours is for the terminal at the end to tell. */
const colours: Environment = process.stdout.isTTY ? { FORCE_COLOR: '1' } : { NO_COLOR: '1' };
const isNightly = process.argv.includes('--nightly');
const minuteMs = 60_000;
const endMs = Date.now() + Number(process.env['ATOLL_MINUTES'] ?? Infinity) * minuteMs;
/** How long a step that was told to end may take for it: it writes its report then. */
const partingMs = 10_000;
const total = { passed: 0, failed: 0 };
const running = new Set<ChildProcess>();

/** Ends a process and, where there are groups, what it has started in its own. */
function end({ pid }: ChildProcess, signal: NodeJS.Signals): void {
	if (pid === undefined) return;
	try {
		process.kill(onWindows ? pid : -pid, signal);
	} catch {
		// it has ended by itself
	}
}

/** Runs a program to its end, or ends it: first as a person does at a terminal, then for good. */
function run(
	command: readonly string[],
	env: Environment = {},
	limitMs = 10 * minuteMs
): Promise<{ ok: boolean; output: string }> {
	const [program = '', ...rest] = command;
	return new Promise((resolve) => {
		const child = spawn(program, rest, {
			env: { ...process.env, ...colours, ...env },
			stdio: ['ignore', 'pipe', 'pipe'],
			shell: onWindows,
			detached: !onWindows
		});
		running.add(child);
		const said: string[] = [];
		let timer = setTimeout(() => {
			said.push(`\nended, as it had not come to its end within ${(limitMs / minuteMs).toFixed(1)} minutes\n`);
			end(child, 'SIGINT');
			timer = setTimeout(() => {
				end(child, 'SIGKILL');
				settle(false);
			}, partingMs);
		}, limitMs);
		const streams = [child.stdout, child.stderr];
		const settle = (ok: boolean) => {
			clearTimeout(timer);
			running.delete(child);
			for (const stream of streams) stream.destroy(); // one that outlives it may hold them open
			resolve({ ok, output: said.join('') });
		};
		for (const stream of streams) stream.setEncoding('utf8').on('data', (chunk: string) => said.push(chunk));
		child.on('error', (error) => {
			said.push(`${error.message}\n`);
			settle(false);
		});
		child.on('close', (code) => settle(code === 0));
	});
}

/** Runs one step, and tells whether all of it passed. A step that ends badly without a failed test to name fails all the same. */
async function runStep({ title, command, env = {}, minutesMax, count = () => null }: Step): Promise<boolean> {
	const startMs = Date.now();
	const ownMs = minutesMax * minuteMs * (isNightly ? 20 : 1);
	const leftMs = endMs - startMs;
	const { ok, output } =
		leftMs > 0 ? await run(command, env, Math.min(ownMs, leftMs)) : { ok: false, output: 'not run: the time is up' };
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

/** The report that a step wrote, where it came to write one. */
function reportIn<Report>(file: string): Report | null {
	try {
		return JSON.parse(readFileSync(file, 'utf8'));
	} catch {
		return null;
	}
}

type VitestReport = {
	readonly numPassedTests: number;
	readonly numFailedTests: number;
	readonly numPendingTests: number;
	readonly testResults: readonly { readonly status: string; readonly assertionResults: readonly unknown[] }[];
};

function vitestStep(title: string, project: string, minutesMax: number): Step {
	const file = join(reports, `${project}.json`);
	const reporters = ['--reporter=dot', '--reporter=json', `--outputFile.json=${file}`];
	return {
		title,
		minutesMax,
		command: ['vitest', 'run', '--project', project, ...reporters],
		count() {
			const report = reportIn<VitestReport>(file);
			if (report === null) return null;
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

function playwrightStep(title: string, minutesMax: number, port: number, ...options: readonly string[]): Step {
	const file = join(reports, `playwright ${title}.json`);
	return {
		title,
		minutesMax,
		command: ['playwright', 'test', '--reporter=line,json', ...options],
		env: { PORT: String(port), PLAYWRIGHT_JSON_OUTPUT_NAME: file },
		count() {
			const report = reportIn<PlaywrightReport>(file);
			if (report === null) return null;
			const { expected, unexpected, flaky, skipped } = report.stats;
			return { passed: expected, failed: unexpected + flaky, skipped };
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

/** Runs steps one after the other; tells whether the last one passed. */
async function inTurn(...steps: readonly Step[]): Promise<boolean> {
	let passed = true;
	for (const step of steps) passed = await runStep(step);
	return passed;
}

async function runAll(): Promise<void> {
	await bringChromium();
	await run(['svelte-kit', 'sync']); // lint and types both read what it writes
	const types: Step = { title: 'types', minutesMax: 4, command: ['npm', 'run', '-s', 'types'] };
	const build: Step = { title: 'build', minutesMax: 4, command: ['npm', 'run', '-s', 'build'] };
	const lint: Step = { title: 'lint and format', minutesMax: 4, command: ['npm', 'run', '-s', 'lint'] };
	// Each of these has work for one core.
	const [built] = await Promise.all([
		isBuilt() ? runStep(types) : inTurn(types, build),
		inTurn(lint, vitestStep('gates', 'gates', 2))
	]);
	if (built) markBuilt();
	await runStep(vitestStep('unit and conformance, Node', 'node', 9));
	await runStep(vitestStep('unit and conformance, Chromium', 'browser', 4));
	if (!built) return console.log('the app in Chromium: not run, as it is not built');
	const port = await freePort();
	await runStep(playwrightStep('the app in Chromium', 12, port, '--workers=2', '--grep-invert=@timed'));
	await runStep(playwrightStep('the app in Chromium, by the clock', 6, port, '--workers=1', '--grep=@timed'));
}

let isOver = false;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
	process.on(signal, () => {
		for (const child of running) end(child, signal);
		process.exit(1);
	});
process.on('exit', () => {
	if (kept === undefined) rmSync(reports, { recursive: true, force: true });
	if (!isOver) console.log('FAILED the run itself: it was ended before all steps were done');
	console.log(`${total.passed} passed, ${total.failed + (isOver ? 0 : 1)} failed`);
});
delete process.env['INIT_CWD']; // it says where `npm test` was typed, which is no business of the programs under test
if (isNightly) process.env['ATOLL_TIER'] = 'nightly';
await runAll();
isOver = true;
process.exitCode = total.failed > 0 ? 1 : 0;
