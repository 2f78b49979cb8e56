/** Bytes of a content's identity or proof as people and scripts read them. */
export function contentHex(bytes: Uint8Array): string {
	return Buffer.from(bytes).toString('hex');
}
