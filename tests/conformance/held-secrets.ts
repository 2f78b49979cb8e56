import { ok } from '#core/kernel';
import type { SecretsPort } from '#core/ports';

/** Secrets that are kept as long as the test. */
export function heldSecrets(): Pick<SecretsPort, 'recall' | 'keep'> {
	const kept = new Map<string, Uint8Array>();
	return {
		recall: (name) => Promise.resolve(ok(kept.get(name) ?? null)),
		keep: (name, secret) => {
			kept.set(name, secret.slice());
			return Promise.resolve(ok(undefined));
		}
	};
}
