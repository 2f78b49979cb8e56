/** Synchronous calls are three times as fast as promised ones; other work of this thread waits no longer than this. */
const holdMsMax = 8;

/** Gives what to wait for so that other work of this thread has its turn; null while it has not waited long. */
export function createTurns(): () => Promise<void> | null {
	let heldSinceMs = performance.now();
	const rest = async () => {
		await new Promise((resolve) => setImmediate(resolve));
		heldSinceMs = performance.now();
	};
	return () => (performance.now() - heldSinceMs >= holdMsMax ? rest() : null);
}
