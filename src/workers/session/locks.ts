/** Takes the lock `name` and keeps it until this worker ends, however it ends. Resolves when it is held. */
export function holdForLife(name: string): Promise<void> {
	const held = Promise.withResolvers<void>();
	const request = navigator.locks.request(name, () => {
		held.resolve();
		return new Promise<never>(() => {});
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

/** What follows `prefix` in the names of the locks that are held now, in any tab or worker of this origin. */
export async function heldAfter(prefix: string): Promise<string[]> {
	const { held } = await navigator.locks.query();
	return (held ?? []).flatMap(({ name }) => (name?.startsWith(prefix) ? [name.slice(prefix.length)] : []));
}
