/** Does one step of the room `files` on real folders, given as JSON, and is killed meanwhile. */
import { copyTree, moveItem, type FromTo } from '#core/bytes';
import { createClock } from '../../peer/host/clock.ts';
import { createCompute } from '../../peer/host/compute.ts';
import { createFileChanges } from '../../peer/host/file-changes.ts';
import { createFiles } from '../../peer/host/files.ts';

const [kind, given = ''] = process.argv.slice(2);
const step: FromTo = JSON.parse(given);
const deps = { files: createFiles(), changes: createFileChanges(), compute: createCompute(), clock: createClock() };
const never = new AbortController().signal;
const silent = () => undefined;

// The hasher is loaded, so that what is timed from here on is the step.
await deps.compute.blake3();
console.log('begins');
const outcome =
	kind === 'move'
		? await moveItem(deps, step, silent, never)
		: await copyTree(deps, step, { proof: kind === 'proved' }, silent, never);
console.log(JSON.stringify(outcome));
