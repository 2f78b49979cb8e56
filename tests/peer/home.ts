import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { run } from '../../peer/cli/run.ts';
import { commandGroups } from '../../peer/cli/table.ts';
import { createNodeHost } from '../../peer/host/node-host.ts';
import { peerOptions } from '../../peer/ready.mjs';
import { buildProgram } from './program.ts';

export type Ended = { readonly code: number | null; readonly out: string; readonly err: string };
type Environment = Readonly<Record<string, string>>;

/** A process that is still going. */
export type Going = {
	readonly child: ChildProcess;
	/** What it has written so far. */
	readonly written: { out: string; err: string };
	/** Resolves once its output matches; rejects when it ends before. */
	until(pattern: RegExp): Promise<RegExpExecArray>;
	readonly ended: Promise<Ended>;
};

/** An answer typed when the terminal shows `at`. */
export type Typed = { readonly at: string; readonly keys: string };

/** A person's empty home, and `atoll` run in it. */
export type Home = {
	readonly folder: string;
	path(...names: string[]): string;
	/** Makes a file and the folders above it. */
	write(path: string, text: string | Uint8Array): string;
	run(args: readonly string[], env?: Environment, options?: SpawnOptions): Promise<Ended>;
	/** As `run`, by the same table of commands in this process: for long tables of cases. */
	runHere(args: readonly string[]): Promise<Ended>;
	start(args: readonly string[], env?: Environment, options?: SpawnOptions): Going;
	/** Runs it on a pseudo-terminal; both of its outputs come as one. */
	runOnTerminal(args: readonly string[], typed?: readonly Typed[], env?: Environment): Promise<Ended>;
	startOnTerminal(args: readonly string[], env?: Environment): Going;
	remove(): void;
};

export const password = 'correct horse battery';

let program: Promise<string> | null = null;

/** The program under test, bundled once for each test file. */
export function atollProgram(): Promise<string> {
	return (program ??= buildProgram());
}

export function follow(child: ChildProcess): Going {
	const written = { out: '', err: '' };
	const watchers = new Set<() => void>();
	const append = (to: 'out' | 'err') => (chunk: string) => {
		written[to] += chunk;
		for (const look of watchers) look();
	};
	for (const [stream, to] of [[child.stdout, 'out'] as const, [child.stderr, 'err'] as const])
		stream?.setEncoding('utf8').on('data', append(to));
	const ended = new Promise<Ended>((resolve, reject) => {
		child.on('error', reject);
		child.on('close', (code) => resolve({ code, ...written }));
	});
	const until = (pattern: RegExp) =>
		new Promise<RegExpExecArray>((resolve, reject) => {
			const look = () => {
				const found = pattern.exec(written.out + written.err);
				if (found === null) return;
				watchers.delete(look);
				resolve(found);
			};
			watchers.add(look);
			look();
			ended.then(
				({ code, out, err }) => reject(new Error(`ended with ${code} before ${pattern}:\n${out}${err}`)),
				reject
			);
		});
	return { child, written, until, ended };
}

function quoted(text: string): string {
	return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/** Runs `args` as `main.ts` does, with what is written kept in memory. */
async function runHere(folder: string, args: readonly string[]): Promise<Ended> {
	let [out, err] = ['', ''];
	const terminal = {
		out: (text: string) => void (out += text),
		say: (text: string) => void (err += `${text}\n`),
		hasAnswered: () => out !== '',
		note: () => undefined,
		progress: () => undefined,
		canAsk: false,
		ask: () => Promise.resolve(null)
	};
	const { signal } = new AbortController();
	const shell = { terminal, folder, signal, env: { HOME: folder }, webFolder: join(folder, 'web'), version: '0' };
	const code = await run(commandGroups, args, { ...shell, createHost: createNodeHost });
	return { code, out, err };
}

/** A test that gave up leaves no process behind: none has to live longer. */
const processLifeMs = 300_000;

/** An empty home. `file` is the program to run in it. */
export async function createHome(file?: string): Promise<Home> {
	const built = file ?? (await atollProgram());
	const folder = mkdtempSync(join(tmpdir(), 'atoll-home-'));
	const path = (...names: string[]) => join(folder, ...names);
	const living = new Set<ChildProcess>();
	const keep = (going: Going): Going => {
		living.add(going.child);
		going.child.once('close', () => living.delete(going.child));
		return going;
	};
	const clean = (env: Environment) => ({ PATH: process.env['PATH'] ?? '', HOME: folder, TZ: 'UTC', ...env });
	const start: Home['start'] = (args, env = {}, options = {}) =>
		keep(
			follow(
				spawn(process.execPath, [...peerOptions, built, ...args], {
					cwd: folder,
					env: clean(env),
					stdio: ['ignore', 'pipe', 'pipe'],
					timeout: processLifeMs,
					...options
				})
			)
		);
	const startOnTerminal: Home['startOnTerminal'] = (args, env = {}) => {
		// Without a shell between, whose own answer to Ctrl-C would be taken for ours.
		const line = `exec ${[process.execPath, ...peerOptions, built, ...args].map(quoted).join(' ')}`;
		return keep(
			follow(
				spawn('script', ['--quiet', '--flush', '--return', '--command', line, '/dev/null'], {
					cwd: folder,
					env: clean({ SHELL: '/bin/sh', ...env }),
					stdio: ['pipe', 'pipe', 'pipe'],
					timeout: processLifeMs
				})
			)
		);
	};
	return {
		folder,
		path,
		write(name, text) {
			mkdirSync(dirname(path(name)), { recursive: true });
			writeFileSync(path(name), text);
			return path(name);
		},
		start,
		startOnTerminal,
		run: (args, env, options) => start(args, env, options).ended,
		runHere: (args) => runHere(folder, args),
		async runOnTerminal(args, typed = [], env) {
			const going = startOnTerminal(args, env);
			for (const { at, keys } of typed) {
				await going.until(new RegExp(at.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)));
				going.child.stdin?.write(keys);
			}
			return going.ended;
		},
		remove() {
			for (const child of living) child.kill('SIGKILL');
			rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
		}
	};
}

/** Runs `use` in an empty home that is gone afterwards. */
export async function inHome<T>(use: (home: Home) => Promise<T>): Promise<T> {
	const home = await createHome();
	try {
		return await use(home);
	} finally {
		home.remove();
	}
}

/** A home with a library that opens by itself, and that `run` finds without being told. */
export async function inLibrary<T>(use: (home: Home) => Promise<T>): Promise<T> {
	return inHome(async (home) => {
		const made = await home.run(['init', libraryIn(home), '--no-password']);
		if (made.code !== 0) throw new Error(made.err);
		return use(home);
	});
}

/** Where the library lies when nobody says anything. */
export function libraryIn(home: Home): string {
	return home.path('.local', 'share', 'atoll', 'library.sdlibrary');
}
