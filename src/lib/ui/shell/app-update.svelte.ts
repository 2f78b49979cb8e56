/** Tells when a newer version of the app waits to be used, and changes over when the person says so. */
export class AppUpdate {
	/** A newer version is here and waits. */
	ready: boolean = $state(false);
	#waiting: ServiceWorker | null = null;
	#asked = false;

	/** Registers the service worker that makes the app work offline, and watches for its successor. */
	async watch(): Promise<void> {
		if (!('serviceWorker' in navigator)) return;
		const hadController = navigator.serviceWorker.controller !== null;
		navigator.serviceWorker.addEventListener('controllerchange', () => {
			// the first worker takes an open page over without a word: only a change that was asked for reloads
			if (this.#asked && hadController) location.reload();
		});
		try {
			const registration = await navigator.serviceWorker.register('/service-worker.js', {
				type: 'module',
				updateViaCache: 'none'
			});
			this.#note(registration.waiting);
			registration.addEventListener('updatefound', () => {
				const coming = registration.installing;
				coming?.addEventListener('statechange', () => {
					if (coming.state === 'installed' && navigator.serviceWorker.controller !== null) this.#note(coming);
				});
			});
		} catch {
			// without it the app works as long as its server is reachable; the settings say so
		}
	}

	#note(worker: ServiceWorker | null): void {
		if (worker === null) return;
		this.#waiting = worker;
		this.ready = true;
	}

	/** Changes over to the waiting version; the page loads again when it has taken over. */
	apply(): void {
		this.#asked = true;
		this.#waiting?.postMessage({ type: 'activate-update' });
	}
}
