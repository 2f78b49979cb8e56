/** What travels between devices, before it is bytes and after: deterministic CBOR carries exactly these. */
export type WireValue =
	| null
	| boolean
	/** Whole numbers are safe integers; others travel as the shortest float that is exact. */
	| number
	/** Without lone surrogates. A name on a disk has none: its bytes that are no text have code points of their own. */
	| string
	| Uint8Array
	| readonly WireValue[]
	| { readonly [key: string]: WireValue };
