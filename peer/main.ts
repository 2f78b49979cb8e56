import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';
import manifest from '../package.json' with { type: 'json' };
import { run } from './cli/run.ts';
import type { Shell } from './cli/shell.ts';
import { commandGroups } from './cli/table.ts';
import { createTerminal } from './cli/terminal.ts';
import { createNodeHost } from './host/node-host.ts';

/** npm sends a signal to its whole group and forwards it as well: the echo of a signal is not a second one. */
const signalEchoMs = 1_000;
const brokenPipeCode = 128 + constants.signals.SIGPIPE;

/** Aborts on the first signal, so that what runs can end well; ends the process on a second one. */
function untilSignal(): AbortSignal {
	const controller = new AbortController();
	let firstMs = 0;
	for (const name of ['SIGINT', 'SIGTERM'] as const)
		process.on(name, () => {
			if (!controller.signal.aborted) firstMs = performance.now();
			else if (performance.now() - firstMs > signalEchoMs) process.exit(128 + constants.signals[name]);
			controller.abort();
		});
	return controller.signal;
}

/** The built app lies beside the shipped program, and in `build/` of a checkout. */
function findWebFolder(): string {
	const beside = fileURLToPath(new URL('./web', import.meta.url));
	return existsSync(beside) ? beside : fileURLToPath(new URL('../build/web', import.meta.url));
}

// Whoever reads our output may leave first (`atoll ls | head`).
process.stdout.on('error', () => process.exit(brokenPipeCode));

const shell: Shell = {
	terminal: createTerminal({ input: process.stdin, output: process.stdout, messages: process.stderr }),
	env: process.env,
	folder: process.env['INIT_CWD'] || process.cwd(),
	webFolder: findWebFolder(),
	version: manifest.version,
	signal: untilSignal(),
	createHost: createNodeHost
};
// Not `process.exit`: what was written is still on its way out where output is a pipe.
process.exitCode = await run(commandGroups, process.argv.slice(2), shell);
