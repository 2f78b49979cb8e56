import { err, ok, type Result } from '#core/kernel';
import type { SecretsFailure, SecretsPort } from '#core/ports';
import { forget, keep, keepFirst, recall } from './device-store.ts';
import { browserStorage } from './storage-failure.ts';
import { exceptionName } from './stored-folder.ts';

const keyBits = 256;
/** As AES-GCM wants it (NIST SP 800-38D). */
const ivBytes = 12;
/** No secret has this name, as it is not made of words. */
const deviceKeyName = '#device-key';

type SealedSecret = { readonly iv: Uint8Array<ArrayBuffer>; readonly sealed: ArrayBuffer };

function isSealedSecret(value: unknown): value is SealedSecret {
	if (typeof value !== 'object' || value === null || !('iv' in value) || !('sealed' in value)) return false;
	return value.iv instanceof Uint8Array && value.sealed instanceof ArrayBuffer;
}

/** This device's key. The browser uses it for us and never gives its bytes, so that what is copied out opens nothing. */
async function deviceKey(): Promise<CryptoKey> {
	const known = await recall('secrets', deviceKeyName);
	if (known instanceof CryptoKey) return known;
	const made = await crypto.subtle.generateKey({ name: 'AES-GCM', length: keyBits }, false, ['encrypt', 'decrypt']);
	// Two tabs may get here at once; the first key stays.
	const kept = await keepFirst('secrets', deviceKeyName, made);
	return kept instanceof CryptoKey ? kept : made;
}

/** The name is sealed in, so that one secret cannot be put in the place of another. */
function sealing(name: string, iv: Uint8Array<ArrayBuffer>): AesGcmParams {
	return { name: 'AES-GCM', iv, additionalData: new TextEncoder().encode(name) };
}

async function guarded<T>(
	signal: AbortSignal,
	work: () => Promise<Result<T, SecretsFailure>>
): Promise<Result<T, SecretsFailure>> {
	signal.throwIfAborted();
	try {
		return await work();
	} catch (error) {
		if (signal.aborted) throw error;
		const code = exceptionName(error);
		if (code === 'QuotaExceededError') return err({ type: 'DiskFull', where: browserStorage, retry: 'soon' });
		// Sealed under a key that is gone, or tampered with: no second try will open it.
		const retry = code === 'OperationError' || code === 'SecurityError' ? 'never' : 'soon';
		return err({ type: 'SecretStoreFailed', code, retry });
	}
}

/** Secrets of this browser profile, sealed in IndexedDB. */
export function createSecrets(): SecretsPort {
	return {
		async stretch(password, salt, rounds, signal) {
			signal.throwIfAborted();
			const material = await crypto.subtle.importKey('raw', new Uint8Array(password), 'PBKDF2', false, ['deriveBits']);
			const algorithm = { name: 'PBKDF2', hash: 'SHA-512', salt: new Uint8Array(salt), iterations: rounds };
			const bits = await crypto.subtle.deriveBits(algorithm, material, keyBits);
			signal.throwIfAborted();
			return new Uint8Array(bits);
		},
		keep: (name, secret, signal) =>
			guarded(signal, async () => {
				const iv = crypto.getRandomValues(new Uint8Array(ivBytes));
				const sealed = await crypto.subtle.encrypt(sealing(name, iv), await deviceKey(), new Uint8Array(secret));
				return ok(await keep('secrets', name, { iv, sealed } satisfies SealedSecret));
			}),
		recall: (name, signal) =>
			guarded(signal, async () => {
				const kept = await recall('secrets', name);
				if (kept === undefined) return ok(null);
				if (!isSealedSecret(kept)) return err({ type: 'SecretStoreFailed', code: 'UnknownFormat', retry: 'never' });
				const opened = await crypto.subtle.decrypt(sealing(name, kept.iv), await deviceKey(), kept.sealed);
				return ok(new Uint8Array(opened));
			}),
		forget: (name, signal) => guarded(signal, async () => ok(await forget('secrets', name)))
	};
}
