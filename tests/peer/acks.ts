/**
 * Indexes the only location of a library and tells, the moment it is committed, how many rows it holds: one `rows N`
 * line for each batch, one `listed` line for each directory read, `done` at the end. To be killed meanwhile.
 */
import { randomBytes } from 'node:crypto';
import { writeSync } from 'node:fs';
import { createCore } from '#core';
import { commandId } from '#core/kernel';
import type { Host } from '#core/ports';
import { createNodeHost } from '../../peer/host/node-host.ts';

const [library = '', secretsFolder = ''] = process.argv.slice(2);
const { signal } = new AbortController();

function say(line: string): void {
	writeSync(1, `${line}\n`);
}

function tellingListings(host: Host): Host {
	return {
		...host,
		files: {
			...host.files,
			async *list(...given) {
				let pages = 0;
				for await (const page of host.files.list(...given)) {
					// Others are being listed ahead of the run, which has not read them.
					if (pages++ === 0) say('listed');
					yield page;
				}
			}
		}
	};
}

const core = createCore(tellingListings(createNodeHost({ secretsFolder })), library);
const context = () => ({ signal, command: commandId(randomBytes(16).toString('hex')) });
const opened = await core.commands['library.unlock']({ by: 'device' }, context());
if (!opened.ok) throw new Error(opened.failure.type);
const listed = await core.commands['locations.list']({}, context());
const [location] = listed.ok ? listed.value : [];
if (location === undefined) throw new Error('no location');
const { entry: top } = location;

const told: Promise<void>[] = [];
async function tellRows(): Promise<void> {
	const usage = await core.commands['entries.usage']({ entry: top }, context());
	if (usage.ok) say(`rows ${usage.value.files + usage.value.folders}`);
}
core.subscribe((event) => {
	if (event.type === 'entries-changed') told.push(tellRows());
});
const outcome = await core.commands['index.run']({ location: location.id, acceptEmpty: false }, context());
await Promise.all(told);
say(outcome.ok ? 'done' : outcome.failure.type);
await core.close();
