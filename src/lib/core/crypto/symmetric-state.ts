import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { createCipherState, type CipherState } from './cipher-state.ts';
import { digest, digestBytes, expand, type NoiseSuite } from './noise-suite.ts';

const nothing = new Uint8Array(0);
/** No handshake comes near it. */
const messagesPerHandshakeKey = 1_000;

/** What both sides of a handshake hash and derive alike (Noise revision 34, section 5.2). */
export type SymmetricState = {
	/** The hash of all that was said so far. */
	hash(): Uint8Array;
	hasKey(): boolean;
	mixHash(bytes: Uint8Array): void;
	mixKey(input: Uint8Array): void;
	mixKeyAndHash(input: Uint8Array): void;
	encryptAndHash(plain: Uint8Array): Uint8Array | null;
	decryptAndHash(sealed: Uint8Array): Uint8Array | null;
	/** The keys of what the initiator and what the responder sends from here on. */
	split(): readonly [Uint8Array, Uint8Array];
};

/** The state at the beginning of the protocol of that name (`InitializeSymmetric`). */
export function createSymmetricState(name: string, suite: NoiseSuite): SymmetricState {
	const nameBytes = utf8ToBytes(name);
	const length = digestBytes(suite.hash);
	let hash =
		nameBytes.length <= length
			? concatBytes(nameBytes, new Uint8Array(length - nameBytes.length))
			: digest(suite.hash, nameBytes);
	let chainingKey = hash;
	let cipher: CipherState | null = null;

	const mixHash = (bytes: Uint8Array) => {
		hash = digest(suite.hash, concatBytes(hash, bytes));
	};
	const outputs = (input: Uint8Array, count: number) => {
		const all = expand(suite.hash, chainingKey, input, count);
		return { first: all[0] ?? nothing, middle: all[1] ?? nothing, last: all.at(-1) ?? nothing };
	};
	const takeKey = (nextChainingKey: Uint8Array, key: Uint8Array) => {
		chainingKey = nextChainingKey;
		cipher = createCipherState(suite.cipher, key, messagesPerHandshakeKey);
	};
	return {
		hash: () => hash.slice(),
		hasKey: () => cipher !== null,
		mixHash,
		mixKey(input) {
			const { first, last } = outputs(input, 2);
			takeKey(first, last);
		},
		mixKeyAndHash(input) {
			const { first, middle, last } = outputs(input, 3);
			mixHash(middle);
			takeKey(first, last);
		},
		encryptAndHash(plain) {
			const sealed = cipher === null ? plain : cipher.encrypt(hash, plain);
			if (sealed !== null) mixHash(sealed);
			return sealed;
		},
		decryptAndHash(sealed) {
			const plain = cipher === null ? sealed.slice() : cipher.decrypt(hash, sealed);
			if (plain !== null) mixHash(sealed);
			return plain;
		},
		split() {
			const { first, last } = outputs(nothing, 2);
			return [first, last];
		}
	};
}
