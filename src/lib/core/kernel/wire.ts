/** What travels between devices, before it is bytes and after: deterministic CBOR carries exactly these. */
export type WireValue =
	| null
	| boolean
	/** Whole numbers are safe integers; others travel as 64-bit floats. */
	| number
	| string
	| Uint8Array
	| readonly WireValue[]
	| { readonly [key: string]: WireValue };
