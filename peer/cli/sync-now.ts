import { err, ok, type Result } from '#core/kernel';
import type { AnyFailure } from './failure.ts';
import type { CoreSession } from './open-library.ts';
import { printName } from './print.ts';
import type { Shell } from './shell.ts';
import { printFailure } from './words.ts';

/** Meets all devices once, and says how it went with each. */
export async function syncNow({ commands, context }: CoreSession, shell: Shell): Promise<Result<null, AnyFailure>> {
	const synced = await commands['sync.run']({}, context());
	if (!synced.ok) return synced;
	const [one, ...more] = synced.value;
	for (const { name, failure } of synced.value)
		if (failure === null) shell.terminal.out(`In step with ${printName(name)}.\n`);
		else if (more.length > 0) shell.terminal.say(`${printName(name)}: ${printFailure(failure)}`);
	const { length } = synced.value.filter(({ failure }) => failure !== null);
	if (one === undefined) shell.terminal.out('There is no other device: atoll pair.\n');
	if (length === 0) return ok(null);
	return err(
		more.length === 0 && one?.failure
			? one.failure
			: { type: 'DevicesNotReached', failed: length, of: synced.value.length }
	);
}
