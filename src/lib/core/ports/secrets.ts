import type { Result } from '#core/kernel';
import type { DatabaseFailure } from './database.ts';

export type SecretsFailure =
	| { readonly type: 'SecretStoreFailed'; readonly code: string; readonly retry: 'never' | 'soon' }
	| Extract<DatabaseFailure, { type: 'DiskFull' }>;

/** Passwords into keys, and the one secret that this device keeps for itself outside any library. */
export interface SecretsPort {
	/** PBKDF2-HMAC-SHA512 (RFC 8018) of `password` to 32 bytes, off the thread that calls where the host can. */
	stretch(password: Uint8Array, salt: Uint8Array, rounds: number, signal: AbortSignal): Promise<Uint8Array>;
	/** Stores `secret` under `name` for this device, replacing; a person's other devices never see it. */
	keep(name: string, secret: Uint8Array, signal: AbortSignal): Promise<Result<void, SecretsFailure>>;
	/** The secret kept under `name`, or null. */
	recall(name: string, signal: AbortSignal): Promise<Result<Uint8Array | null, SecretsFailure>>;
	/** Removes what is kept under `name`; nothing there is fine. */
	forget(name: string, signal: AbortSignal): Promise<Result<void, SecretsFailure>>;
}
