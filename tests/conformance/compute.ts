import { chacha20poly1305 } from '@noble/ciphers/chacha.js';
import type { ComputePort } from '#core/ports';
import { blake3Vectors, patternBytes, toHex } from '../vectors/blake3.ts';
import { equal, type Cases } from './expectation.ts';

export type ComputeWorld = { readonly port: ComputePort };

export const computeCases: Cases<ComputeWorld> = {
	'hashes as the official vectors of BLAKE3 say, with one hasher for all': async ({ port }) => {
		const hasher = await port.blake3();
		for (const [length, hash] of blake3Vectors) {
			hasher.update(patternBytes(length));
			equal(toHex(hasher.digest()), hash, `${length} bytes`);
		}
	},
	'hashes the same in pieces of any length': async ({ port }) => {
		const hasher = await port.blake3();
		for (const pieceBytes of [1, 63, 64, 1_000, 1_024, 4_097]) {
			for (const [length, hash] of blake3Vectors.filter(([bytes]) => bytes <= 8_193)) {
				const whole = patternBytes(length);
				for (let at = 0; at < length; at += pieceBytes) hasher.update(whole.subarray(at, at + pieceBytes));
				equal(toHex(hasher.digest()), hash, `${length} bytes in pieces of ${pieceBytes}`);
			}
		}
	},
	'does not mix two hashers, nor keep the bytes that it was given': async ({ port }) => {
		const [one, two] = [await port.blake3(), await port.blake3()];
		const piece = new Uint8Array(100);
		for (let at = 0; at < 1_024; at += 100) {
			const part = piece.subarray(0, Math.min(100, 1_024 - at));
			part.set(patternBytes(part.length, at));
			one.update(part);
			part.fill(7);
			two.update(part);
		}
		equal(toHex(one.digest()), '42214739f095a406f3fc83deb889744ac00df831c10daa55189b5d121c855af7');
		two.digest();
		equal(toHex(two.digest()), blake3Vectors[0]?.[1], 'nothing fed');
	},
	'seals as the code that takes its place does, where it is lent, and opens nothing else': async ({
		port: { aead }
	}) => {
		if (aead === null) return;
		const [key, nonce] = [patternBytes(32), patternBytes(12)];
		for (const length of [0, 1, 15, 16, 17, 64, 1_000, 65_519]) {
			const plain = patternBytes(length);
			const sealed = chacha20poly1305(key, nonce).encrypt(plain);
			equal(aead.seal(key, nonce, plain), sealed, `${length} bytes sealed`);
			equal(aead.open(key, nonce, sealed), plain, `${length} bytes opened`);
			equal(
				aead.open(
					key,
					Uint8Array.from(nonce, (byte) => byte + 1),
					sealed
				),
				null,
				'another nonce'
			);
			equal(aead.open(patternBytes(32, 1), nonce, sealed), null, 'another key');
			for (const at of [0, length, length + 15]) {
				const changed = Uint8Array.from(sealed);
				changed[at] = (changed[at] ?? 0) ^ 1;
				equal(aead.open(key, nonce, changed), null, `byte ${at} changed`);
			}
			equal(aead.open(key, nonce, sealed.subarray(1)), null, 'cut short');
		}
		equal(aead.open(key, nonce, new Uint8Array(15)), null, 'shorter than a tag');
	}
};
