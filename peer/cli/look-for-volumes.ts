import type { Result } from '#core/kernel';
import type { AnyFailure } from './failure.ts';
import type { OpenLibrary } from './open-library.ts';

/** Finds out which disks are here, so that what is told of them is true now. */
export function lookForVolumes({ commands, context }: OpenLibrary): Promise<Result<boolean, AnyFailure>> {
	return commands['volumes.look']({}, context());
}
