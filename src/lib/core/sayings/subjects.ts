import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import { collectionId, tagId, type CollectionId, type TagId } from '#core/kernel';
import { markNames, type MarkName } from '#core/metadata';

/** What facts are about: its kind in the first byte, then which one. */
const letters = { tag: 0x74, collection: 0x63, mark: 0x6d, ties: 0x72 } as const;
const idBytes = 16;

export type Subject =
	| { readonly is: 'tag'; readonly tag: TagId }
	| { readonly is: 'collection'; readonly collection: CollectionId }
	| { readonly is: 'mark'; readonly mark: MarkName }
	| { readonly is: 'ties' };

export const tiesSubject = Uint8Array.of(letters.ties);

export function tagSubject(tag: string): Uint8Array {
	return Uint8Array.of(letters.tag, ...hexToBytes(tag));
}

export function collectionSubject(collection: string): Uint8Array {
	return Uint8Array.of(letters.collection, ...hexToBytes(collection));
}

export function markSubject(mark: MarkName): Uint8Array {
	return Uint8Array.of(letters.mark, markNames.indexOf(mark));
}

/** What a subject means; null where this version knows none of the kind. */
export function toSubject(bytes: Uint8Array): Subject | null {
	const [letter] = bytes;
	const rest = bytes.subarray(1);
	if (letter === letters.ties && rest.length === 0) return { is: 'ties' };
	if (letter === letters.mark && rest.length === 1) {
		const mark = markNames[rest[0] ?? markNames.length];
		return mark === undefined ? null : { is: 'mark', mark };
	}
	if (rest.length !== idBytes) return null;
	if (letter === letters.tag) return { is: 'tag', tag: tagId(bytesToHex(rest)) };
	return letter === letters.collection ? { is: 'collection', collection: collectionId(bytesToHex(rest)) } : null;
}
