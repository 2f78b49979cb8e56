import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

const configured = [
	'package.json',
	'.oxlintrc.json',
	'peer/rolldown.config.js',
	'peer/tsconfig.json',
	'src/file-access.d.ts',
	'src/lib/core/globals.d.ts',
	'src/lib/core/tsconfig.json',
	'src/workers/tsconfig.json'
];

export type PlantedHouse = {
	readonly folder: string;
	/** Runs a program of the checkout in the house; gives all that it said. */
	run(program: string, ...rest: readonly string[]): { readonly code: number; readonly said: string };
	/** Type-checks one project of the house: `path: TSnnnn` for each error. */
	typeErrors(project: string): readonly string[];
	remove(): void;
};

/**
 * Builds a house of `files` alone under this checkout's own configuration, in a temporary folder: what is planted there
 * never stands in the live tree, and what the live tree lacks at the moment does not matter to it.
 */
export function plantHouse(files: Readonly<Record<string, string>>): PlantedHouse {
	const folder = mkdtempSync(join(tmpdir(), 'atoll-house-'));
	const place = (path: string) => {
		mkdirSync(dirname(join(folder, path)), { recursive: true });
		return join(folder, path);
	};
	for (const path of configured) copyFileSync(path, place(path));
	for (const [path, text] of Object.entries(files)) writeFileSync(place(path), text);
	writeFileSync(place('tsconfig.json'), JSON.stringify({ extends: './src/lib/core/tsconfig.json', include: ['src'] }));
	symlinkSync(resolve('node_modules'), join(folder, 'node_modules'), 'junction');

	function run(program: string, ...rest: readonly string[]): { code: number; said: string } {
		const { status, stdout, stderr, error } = spawnSync(program, rest, { cwd: folder, encoding: 'utf8' });
		if (error !== undefined) throw error;
		return { code: status ?? 1, said: `${stdout}${stderr}` };
	}
	return {
		folder,
		run,
		typeErrors(project) {
			const { said } = run(
				process.execPath,
				'node_modules/@typescript/native/bin/tsc',
				'-p',
				project,
				'--pretty',
				'false'
			);
			return [...said.matchAll(/^(\S+)\(\d+,\d+\): error (TS\d+)/gm)].map(([, path, code]) => `${path}: ${code}`);
		},
		remove: () => rmSync(folder, { recursive: true, force: true })
	};
}
