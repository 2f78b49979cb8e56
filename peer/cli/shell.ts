import type { Host } from '#core/ports';
import type { Environment } from '../config.ts';
import type { Terminal } from './terminal.ts';

/** What a command finds around it; made once, in `main.ts`. */
export type Shell = {
	readonly terminal: Terminal;
	readonly env: Environment;
	/** The folder that relative paths are meant from. */
	readonly folder: string;
	/** The folder of the built app. */
	readonly webFolder: string;
	readonly version: string;
	/** Aborts when the process is told to stop. */
	readonly signal: AbortSignal;
	readonly createHost: (input: { readonly secretsFolder: string }) => Host;
};
