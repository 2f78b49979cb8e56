// Checks every type: the components and the app in one program, then each room with only the names it may know.
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';

const tsc = 'node_modules/@typescript/native/bin/tsc'; // .bin/tsc belongs to whichever of the two compilers came last
rmSync('.svelte-kit/.svelte-check', { recursive: true, force: true }); // it remembers errors of deleted components

const steps = [
	['svelte-kit', ['sync']],
	['svelte-check', ['--tsgo', '--fail-on-warnings', '--output', 'human']],
	...['src/lib/core', 'src/workers', 'src/workers/tsconfig.service-worker.json', 'peer'].map((project) => [
		'node',
		[tsc, '-p', project]
	])
];
const failed = steps.filter(
	([command, args]) => spawnSync(command, args, { stdio: 'inherit', shell: process.platform === 'win32' }).status !== 0
);
process.exitCode = failed.length ? 1 : 0;
