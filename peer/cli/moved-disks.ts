import { ok, type Result } from '#core/kernel';
import type { Location } from '#core/volumes';
import type { AnyFailure } from './failure.ts';
import type { OpenLibrary } from './open-library.ts';
import { printName } from './print.ts';
import type { Terminal } from './terminal.ts';

/** `now at NAS`, of a folder whose disk another device has now that was elsewhere before; null of all others. */
export function movedToText({ problem, hasMoved }: Pick<Location, 'problem' | 'hasMoved'>): string | null {
	if (problem?.type !== 'NotOnThisDevice' || !hasMoved) return null;
	return `now at ${problem.device === '' ? 'another device' : printName(problem.device)}`;
}

/** Says which folders of other devices lie on disks that are here now, and how one goes on with them here. */
export async function sayArrived(
	{ commands, context }: OpenLibrary,
	terminal: Terminal
): Promise<Result<null, AnyFailure>> {
	const arrived = await commands['volumes.arrived']({}, context());
	if (!arrived.ok) return arrived;
	for (const { name, device, root } of arrived.value) {
		const whose = device === '' ? 'another device' : printName(device);
		terminal.say(
			`The disk with /${printName(name)} of ${whose} is here. To go on with it here: atoll add ${printName(root)}`
		);
	}
	return ok(null);
}
