import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';

const program = resolve('build/peer.js');

/**
 * The shipped peer in an empty home of its own, started as a person starts it: it may be stopped and started again. Pages
 * come to it through a door of their own, which counts the links that were asked for.
 */
export class LibraryPeer {
	links = 0;
	readonly #door = createServer((near) => {
		const far = connect(this.#port, '127.0.0.1');
		near.once('data', (head) => (this.links += head.toString('latin1').startsWith('GET /link ') ? 1 : 0));
		near.pipe(far).pipe(near);
		for (const [one, other] of [
			[near, far],
			[far, near]
		] as const)
			one.on('error', () => other.destroy()).on('close', () => other.destroy());
	});
	readonly home = mkdtempSync(join(tmpdir(), 'atoll-peer-'));
	#child: ChildProcess | null = null;
	#written = '';
	#port = 0;

	get #options() {
		return { cwd: this.home, env: { PATH: process.env['PATH'] ?? '', HOME: this.home, TZ: 'UTC' } };
	}

	write(path: string, text: string): void {
		const file = join(this.home, path);
		mkdirSync(dirname(file), { recursive: true });
		writeFileSync(file, text);
	}

	/** Where pages come. */
	get origin(): string {
		const { port } = this.#door.address() as AddressInfo;
		return `http://localhost:${port}`;
	}

	/** Starts it on the port of the time before; gives the address with an invitation that it says, at the door. */
	async start(...folders: readonly string[]): Promise<string> {
		this.#written = '';
		const args = [program, 'start', ...folders, '--port', String(this.#port)];
		const child = spawn(process.execPath, args, { ...this.#options, stdio: ['ignore', 'pipe', 'pipe'] });
		this.#child = child;
		for (const stream of [child.stdout, child.stderr])
			stream.setEncoding('utf8').on('data', (text: string) => (this.#written += text));
		const [address] = await this.until(/http:\/\/localhost:\d+\/#pair=\S+/);
		const url = new URL(address);
		this.#port = Number(url.port);
		if (!this.#door.listening) await once(this.#door.listen(0, '127.0.0.1'), 'listening');
		return `${this.origin}/${url.hash}`;
	}

	/** Resolves once what it has written since it was started matches. */
	async until(pattern: RegExp): Promise<RegExpExecArray> {
		for (;;) {
			const found = pattern.exec(this.#written);
			if (found !== null) return found;
			const { stdout, stderr } = this.#child ?? {};
			if (!stdout || !stderr || this.#child?.exitCode !== null) throw new Error(`ended: ${this.#written}`);
			await Promise.race([once(stdout, 'data'), once(stderr, 'data'), once(this.#child, 'exit')]);
		}
	}

	/**
	 * Asks the running one to let a device in that is given twelve words or a link; gives these, and what says yes at the
	 * terminal once it shows `words`.
	 */
	async pair(
		kind: 'words' | 'link' = 'words'
	): Promise<{ readonly given: string; readonly yes: (words: string) => Promise<void> }> {
		const line = `exec '${process.execPath}' '${program}' pair${kind === 'words' ? ' --words' : ''}`;
		const args = ['--quiet', '--flush', '--return', '--command', line, '/dev/null'];
		const terminal = spawn('script', args, { ...this.#options, stdio: ['pipe', 'pipe', 'inherit'] });
		let shown = '';
		terminal.stdout.setEncoding('utf8').on('data', (text: string) => (shown += text));
		const until = async (pattern: RegExp): Promise<string> => {
			for (let found = pattern.exec(shown); ; found = pattern.exec(shown)) {
				if (found !== null) return found[0];
				if (terminal.exitCode !== null) throw new Error(`ended: ${shown}`);
				await Promise.race([once(terminal.stdout, 'data'), once(terminal, 'exit')]);
			}
		};
		const yes = async (words: string) => {
			await until(new RegExp(`${words}[^]*both screens`));
			terminal.stdin.write('y\r');
			await until(/is a device of this library/);
		};
		const given = kind === 'words' ? /(?:[a-z]+ ){11}[a-z]+(?=\r?\n)/ : /http:\S+#pair=\S+(?=\r?\n)/;
		return { given: await until(given), yes };
	}

	get written(): string {
		return this.#written;
	}

	async stop(): Promise<void> {
		const child = this.#child;
		this.#child = null;
		if (child === null || child.exitCode !== null) return;
		const ended = once(child, 'exit');
		child.kill('SIGTERM');
		await ended;
	}

	/** What a command of the same library answers, while it is stopped. */
	async ask(...args: readonly string[]): Promise<string> {
		const { stdout } = await promisify(execFile)(process.execPath, [program, ...args], this.#options);
		return stdout;
	}

	async remove(): Promise<void> {
		await this.stop();
		this.#door.close();
		rmSync(this.home, { recursive: true, force: true });
	}
}
