import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

/** A peer that tells how it was started, and ends as it is told: `code 3`, `die`, or `wait` for a signal. */
const peerProgram = `
	const [how, code] = process.argv.slice(2);
	if (how === 'code') process.exitCode = Number(code);
	if (how === 'wait') {
		for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => { console.log(signal); process.exit(9); });
		setInterval(() => {}, 1000);
	}
	console.log(JSON.stringify({ args: process.argv.slice(2), folder: process.cwd() }));
	if (how === 'die') process.kill(process.pid, 'SIGKILL');`;

/** An npm that notes what it was asked for, and does it. */
const npmProgram = `#!/usr/bin/env node
	const { appendFileSync, copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } = require('node:fs');
	appendFileSync('npm.log', process.argv.slice(2).join(' ') + '\\n');
	console.log('npm is talking');
	if (existsSync('broken')) { console.error('npm is broken'); process.exit(5); }
	if (process.argv[2] === 'ci') copyFileSync('package-lock.json', 'node_modules/.package-lock.json');
	else { mkdirSync('build', { recursive: true }); copyFileSync('peer/main.js', 'build/peer.js'); }`;

let checkout = '';
const put = (path: string, text: string, mode = 0o644): void => {
	mkdirSync(dirname(join(checkout, path)), { recursive: true });
	writeFileSync(join(checkout, path), text, { mode });
};
const lockOf = (version: string): string =>
	JSON.stringify({
		packages: { '': {}, 'node_modules/a': { integrity: version }, 'node_modules/b': { optional: true } }
	});

beforeEach(() => {
	checkout = realpathSync(mkdtempSync(join(tmpdir(), 'atoll-up-')));
	for (const file of ['up.mjs', 'ready.mjs', 'sources.mjs']) {
		mkdirSync(join(checkout, 'peer'), { recursive: true });
		copyFileSync(join(import.meta.dirname, file), join(checkout, 'peer', file));
	}
	put('package.json', '{}');
	put('package-lock.json', lockOf('one'));
	put('node_modules/.package-lock.json', JSON.stringify({ packages: { 'node_modules/a': { integrity: 'one' } } }));
	put('node_modules/.bin/npm', npmProgram, 0o755);
	put('peer/main.js', peerProgram);
	for (const file of ['manifest.webmanifest', 'src/lib/core/a.ts', 'src/a.test.ts', 'static/icon.svg']) put(file, file);
	for (const file of ['svelte.config.js', 'vite.config.ts']) put(file, file);
	mkdirSync(join(checkout, 'some/folder'), { recursive: true });
});
afterEach(() => rmSync(checkout, { recursive: true, force: true }));

type Said = {
	readonly status: number | null;
	readonly signal: string | null;
	readonly out: string;
	readonly err: string;
};

function up(args: readonly string[], cwd = checkout, env: Readonly<Record<string, string>> = {}): Said {
	const program = [
		...(env['NODE_VERSION'] === undefined ? [] : ['--import', './old.mjs']),
		join(checkout, 'peer/up.mjs')
	];
	const { status, signal, stdout, stderr } = spawnSync(process.execPath, [...program, ...args], {
		cwd,
		env: { ...process.env, INIT_CWD: '', ...env },
		encoding: 'utf8'
	});
	return { status, signal, out: stdout, err: stderr };
}
const npmCalls = (): readonly string[] => readFileSync(join(checkout, 'npm.log'), 'utf8').split('\n').filter(Boolean);

test('builds once, silently for who reads the output, and runs the peer with its arguments', () => {
	const first = up(['code', '0', '--json', 'a b']);
	expect(JSON.parse(first.out)).toEqual({ args: ['code', '0', '--json', 'a b'], folder: checkout });
	expect(first.err).toMatch(/^atoll: building … \d+\.\d s\n$/);
	const second = up(['code', '0']);
	expect(second).toMatchObject({ status: 0, err: '' });
	expect(npmCalls()).toEqual(['run -s build']);
});

test('builds again when a source has changed, come or gone, and not for a test', () => {
	const builds = (): number => {
		up(['code', '0']);
		return npmCalls().length;
	};
	expect(builds()).toBe(1);
	put('src/a.test.ts', 'another test');
	expect(builds()).toBe(1);
	put('src/lib/core/a.ts', 'changed');
	expect(builds()).toBe(2);
	put('src/lib/core/b.ts', 'new');
	expect(builds()).toBe(3);
	rmSync(join(checkout, 'src/lib/core/b.ts'));
	expect(builds()).toBe(4);
});

test('installs what package-lock.json says when something else lies there', () => {
	up(['code', '0']);
	put('package-lock.json', lockOf('two'));
	expect(up(['code', '0']).err).toContain('atoll: installing its packages … ');
	expect(npmCalls().filter((call) => call.startsWith('ci'))).toHaveLength(1);
	rmSync(join(checkout, 'node_modules/.package-lock.json'));
	up(['code', '0']);
	expect(npmCalls().filter((call) => call.startsWith('ci'))).toHaveLength(2);
});

test('shows what a failed step said, and does not start the peer', () => {
	put('broken', '');
	const { status, out, err } = up(['code', '0']);
	expect({ status, out }).toEqual({ status: 5, out: '' });
	expect(err).toContain('npm is talking\n');
	expect(err).toContain('npm is broken\n');
	rmSync(join(checkout, 'broken'));
	expect(up(['code', '0']).status).toBe(0);
});

test('runs the peer where the person stands', () => {
	const folder = join(checkout, 'some/folder');
	expect(JSON.parse(up(['ls'], folder).out)).toMatchObject({ folder });
	// As npm does: in the package's folder, with the person's folder in INIT_CWD.
	expect(JSON.parse(up(['ls'], checkout, { INIT_CWD: folder }).out)).toMatchObject({ folder });
	// Not npm's doing: left over from a script around this one.
	expect(JSON.parse(up(['ls'], folder, { INIT_CWD: checkout }).out)).toMatchObject({ folder });
});

test('ends with the code or the signal of the peer', () => {
	expect(up(['code', '4'])).toMatchObject({ status: 4, signal: null });
	expect(up(['die'])).toMatchObject({ status: null, signal: 'SIGKILL' });
});

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('passes %s on to the peer', async (signal) => {
	up(['code', '0']);
	const running = spawn(process.execPath, ['peer/up.mjs', 'wait'], {
		cwd: checkout,
		stdio: ['ignore', 'pipe', 'inherit']
	});
	const ended = once(running, 'exit');
	running.stdout.setEncoding('utf8');
	await once(running.stdout, 'data');
	running.kill(signal);
	expect(await once(running.stdout, 'data')).toEqual([`${signal}\n`]);
	expect(await ended).toEqual([9, null]);
});

test('the peer ends with the shell that npm started it in', async () => {
	up(['code', '0']);
	const script = `"${process.execPath}" peer/up.mjs wait; echo never`;
	const shell = spawn('sh', ['-c', script], { cwd: checkout, stdio: ['ignore', 'pipe', 'inherit'] });
	shell.stdout.setEncoding('utf8');
	await once(shell.stdout, 'data');
	const closed = once(shell.stdout, 'close');
	shell.kill('SIGTERM');
	expect(await once(shell.stdout, 'data')).toEqual(['SIGTERM\n']);
	await closed;
});

test('says which Node it needs', () => {
	put('old.mjs', `Object.defineProperty(process.versions, 'node', { value: '20.18.9' });`);
	expect(up(['start'], checkout, { NODE_VERSION: 'old' })).toMatchObject({
		status: 1,
		out: '',
		err: 'atoll: needs Node 20.19 or newer, and this is 20.18.9. Get a newer one from https://nodejs.org and run it again.\n'
	});
	// New enough to install and build, and no pinned Node for this machine to run the peer in.
	put('old.mjs', `Object.defineProperty(process.versions, 'node', { value: '20.19.0' });`);
	const { status, err } = up(['start'], checkout, { NODE_VERSION: 'old' });
	expect(status).toBe(1);
	expect(err).toContain('your own Node, which must be 22.18 or newer; this is 20.19.0');
});
