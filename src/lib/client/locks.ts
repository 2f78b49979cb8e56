/** Takes the lock `name` and keeps it until `signal` aborts or this page goes. Resolves when it is held. */
export function holdLock(name: string, signal: AbortSignal): Promise<void> {
	const held = Promise.withResolvers<void>();
	const request = navigator.locks.request(name, { signal }, () => {
		held.resolve();
		return new Promise<void>((release) => {
			signal.addEventListener('abort', () => release(), { once: true });
		});
	});
	request.catch(held.reject);
	return held.promise;
}

/** Resolves true when nobody holds `name` any more, false when `signal` aborts first. */
export async function whenFree(name: string, signal: AbortSignal): Promise<boolean> {
	try {
		return await navigator.locks.request(name, { mode: 'shared', signal }, () => true);
	} catch (defect) {
		if (signal.aborted) return false;
		throw defect;
	}
}
