import type { Result } from '#core/kernel';
import type { FilesFailure, RootRef, VolumePlace, VolumesPort } from '#core/ports';

/** What is known of where a location's folder lies. */
export type Known = { readonly identity: string; readonly isOwnIdentity: boolean; readonly path: readonly string[] };

/** Where a location's folder is now. */
export type Whereabouts =
	| { readonly type: 'here'; readonly place: VolumePlace }
	/** Its volume is mounted elsewhere: there the folder is `root`. */
	| { readonly type: 'moved'; readonly root: RootRef; readonly place: VolumePlace }
	/** Its path leads to another volume, and its own is not here: what lies there is not the location's. */
	| { readonly type: 'replaced' }
	| { readonly type: 'away'; readonly failure: FilesFailure };

function isSamePath(a: readonly string[], b: readonly string[]): boolean {
	return a.length === b.length && a.every((name, at) => name === b[at]);
}

function whereIs(seen: Result<VolumePlace, FilesFailure>, known: Known | null): Whereabouts {
	if (!seen.ok) return { type: 'away', failure: seen.failure };
	const isAnother = known !== null && known.isOwnIdentity && seen.value.volume.identity !== known.identity;
	return isAnother ? { type: 'replaced' } : { type: 'here', place: seen.value };
}

/**
 * Finds the folder of a location by its volume and its path there, wherever the volume is mounted; `root` is where it
 * was last. A volume without an identity of its own is taken for the one that is found at `root`.
 */
export async function followVolume(
	port: VolumesPort,
	root: RootRef,
	known: Known | null,
	signal: AbortSignal
): Promise<Whereabouts> {
	const seen = await port.placeOf(root, signal);
	const isWhereItWas =
		known !== null &&
		seen.ok &&
		seen.value.volume.identity === known.identity &&
		isSamePath(seen.value.path, known.path);
	if (known === null || !known.isOwnIdentity || isWhereItWas) return whereIs(seen, known);
	const found = await port.findRoot(known.identity, known.path, signal);
	const place = found === null || found === root ? null : await port.placeOf(found, signal);
	if (found !== null && place?.ok === true) return { type: 'moved', root: found, place: place.value };
	return whereIs(seen, known);
}
