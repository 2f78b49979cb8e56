import { sha256 } from '@noble/hashes/sha2.js';
import * as v from 'valibot';
import { isSigned, signatureBytes, signStatement, type KeyPair } from '#core/crypto';
import { bytesToWire, cborLimits, wireToBytes, type WireValue } from '#core/kernel';

/** What a device has signed travels as these bytes and no others, through whomever. */
export type Signed = { readonly bytes: Uint8Array; readonly signature: Uint8Array };

const statementKinds = { batch: 'index-batch', introduction: 'device-introduction' } as const;
export type SignedKind = keyof typeof statementKinds;

const bytes = v.custom<Uint8Array>((value) => value instanceof Uint8Array && value.length <= cborLimits.bytesMax);
const signedSchema = v.strictObject({
	kind: v.picklist(['batch', 'introduction']),
	bytes,
	signature: v.custom<Uint8Array>((value) => value instanceof Uint8Array && value.length === signatureBytes)
});

export function sign(signing: KeyPair, kind: SignedKind, said: WireValue): Signed {
	const bytes = wireToBytes(said);
	return { bytes, signature: signStatement(signing, statementKinds[kind], sha256(bytes)) };
}

/** Whether the holder of `key` has signed exactly these bytes as something of that kind. */
export function isSignedBy(key: Uint8Array, kind: SignedKind, { bytes, signature }: Signed): boolean {
	return isSigned(key, statementKinds[kind], sha256(bytes), signature);
}

export function signedToWire(kind: SignedKind, { bytes, signature }: Signed): WireValue {
	return { kind, bytes, signature };
}

export type Told = { readonly kind: SignedKind; readonly signed: Signed; readonly said: WireValue };

/** What has come, with what it says; who has signed it is not looked at. Null where it is nothing of the kind. */
export function wireToSigned(value: unknown): Told | null {
	const parsed = v.safeParse(signedSchema, value);
	if (!parsed.success) return null;
	const { kind, ...signed } = parsed.output;
	const said = bytesToWire(signed.bytes);
	return said.ok ? { kind, signed, said: said.value } : null;
}
