import { isStepName } from '#core/actions';
import { stepOf } from '#core/bytes';

/** The folder at the top of a location that holds what was put into the trash; never part of the index. */
export const trashFolderName = '.atoll-trash';

/**
 * Whether Atoll has put there itself what has this name: the trash, in the topmost folder of a location (`isTop`), or
 * what a step has on its way. A person's file is never taken for it, however it begins.
 */
export function isOwnName(name: string, isTop: boolean): boolean {
	if (isTop && name === trashFolderName) return true;
	const step = stepOf(name);
	return step !== null && isStepName(step);
}
