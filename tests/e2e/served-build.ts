import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What tells of a build rather than belonging to it: always asked of the server. */
export const aboutTheBuild: readonly string[] = ['/service-worker.js', '/precache.json', '/_app/version.json'];

/** A copy of the built app, served by the shipped peer on a port of its own: it may be changed, stopped and started again. */
export class ServedBuild {
	readonly folder = mkdtempSync(join(tmpdir(), 'atoll-build-'));
	#peer: ChildProcess | null = null;
	#port = 0;

	constructor() {
		cpSync('build/web', this.folder, { recursive: true });
	}

	get origin(): string {
		return `http://localhost:${this.#port}`;
	}

	async start(): Promise<void> {
		const args = ['build/peer.js', 'app', '--port', String(this.#port), '--web', this.folder];
		const peer = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
		this.#peer = peer;
		const [line] = await once(peer.stdout, 'data');
		this.#port = Number(/:(\d+)\s*$/.exec(String(line))?.[1]);
	}

	async stop(): Promise<void> {
		if (this.#peer === null) return;
		const ended = once(this.#peer, 'exit');
		this.#peer.kill('SIGTERM');
		await ended;
		this.#peer = null;
	}

	/** Changes a text file of the app while it is not served. */
	change(file: string, from: string | RegExp, to: string): void {
		const path = join(this.folder, file);
		const before = readFileSync(path, 'utf8');
		const after = before.replace(from, to);
		if (after === before) throw new Error(`nothing to change in ${file}`);
		rmSync(path);
		writeFileSync(path, after);
		for (const ending of ['.br', '.gz']) rmSync(path + ending, { force: true });
	}

	/** Adds a text file to the app while it is not served. */
	add(file: string, text: string): void {
		writeFileSync(join(this.folder, file), text);
	}

	/** The paths of everything that belongs to the build, as a browser asks for them. */
	paths(): readonly string[] {
		return readdirSync(this.folder, { recursive: true, withFileTypes: true })
			.filter((entry) => entry.isFile() && !/\.(br|gz|map)$/.test(entry.name))
			.map((entry) => join(entry.parentPath, entry.name).slice(this.folder.length))
			.filter((path) => !aboutTheBuild.includes(path))
			.map((path) => (path === '/index.html' ? '/' : path))
			.toSorted();
	}

	async remove(): Promise<void> {
		await this.stop();
		rmSync(this.folder, { recursive: true, force: true });
	}
}
