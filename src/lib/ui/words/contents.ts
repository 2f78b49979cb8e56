/** What is known of the bytes of a file, in words. */
import type { FileContent } from '#core/index';

/** Files up to this size are known by all of their bytes; see the room `content`. */
const wholeBytesMax = 100 * 1024;

/** By how much of a file it is told from others: `By all of its bytes`. */
export function identityWords({ content, proven }: Pick<FileContent, 'content' | 'proven'>): string | null {
	if (content === null) return null;
	if (proven || content.sizeBytes <= wholeBytesMax) return 'Known by all of its bytes';
	return 'Known by its length and six parts of it';
}

/** Whether every byte of a file was read and found the same as in what is taken for its copies. */
export function proofWords({ content, proven, copiesCount }: FileContent): string | null {
	if (content === null) return null;
	if (proven) return copiesCount > 0 ? 'Proven: every byte was read' : 'Every byte was read';
	return copiesCount > 0 ? 'Not proven: “Check every byte” under Duplicates reads all of it' : null;
}

/** The beginning of an identity, as many letters as tell files apart at a glance. */
export function identitySign(identity: Uint8Array): string {
	return [...identity.subarray(0, 8)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
