import { pbkdf2 } from 'node:crypto';
import { promisify } from 'node:util';
import { err, ok } from '#core/kernel';
import type { SecretsPort } from '#core/ports';

const derive = promisify(pbkdf2);

/** Secrets of a simulated device, kept for as long as the object; `broken` makes the store fail. */
export type SimSecrets = SecretsPort & { broken: boolean };

export function createSimSecrets(): SimSecrets {
	const kept = new Map<string, Uint8Array>();
	const failed = err({ type: 'SecretStoreFailed', code: 'Simulated', retry: 'soon' });
	return {
		broken: false,
		async stretch(password, salt, rounds, signal) {
			signal.throwIfAborted();
			const key = await derive(password, salt, rounds, 32, 'sha512');
			signal.throwIfAborted();
			return new Uint8Array(key);
		},
		async keep(name, secret, signal) {
			signal.throwIfAborted();
			if (this.broken) return failed;
			kept.set(name, secret.slice());
			return ok(undefined);
		},
		async recall(name, signal) {
			signal.throwIfAborted();
			return this.broken ? failed : ok(kept.get(name)?.slice() ?? null);
		},
		async forget(name, signal) {
			signal.throwIfAborted();
			if (this.broken) return failed;
			kept.delete(name);
			return ok(undefined);
		}
	};
}
