/** The browser's offer to install this app, kept until the person asks for it. */
type InstallOffer = Event & { prompt(): Promise<{ outcome: 'accepted' | 'dismissed' }> };

function isInstallOffer(event: Event): event is InstallOffer {
	return 'prompt' in event && typeof event.prompt === 'function';
}

export class Installer {
	#offer: InstallOffer | null = $state.raw(null);
	/** The app runs in a window of its own. */
	installed: boolean = $state(false);

	get available(): boolean {
		return this.#offer !== null;
	}

	/** Listens for the offer; returns what stops listening. */
	watch(): () => void {
		this.installed = matchMedia('(display-mode: standalone)').matches;
		const offered = (event: Event): void => {
			if (!isInstallOffer(event)) return;
			event.preventDefault();
			this.#offer = event;
		};
		const done = (): void => {
			this.installed = true;
			this.#offer = null;
		};
		window.addEventListener('beforeinstallprompt', offered);
		window.addEventListener('appinstalled', done);
		return () => {
			window.removeEventListener('beforeinstallprompt', offered);
			window.removeEventListener('appinstalled', done);
		};
	}

	/** Shows the browser's own question; an offer can be used once. */
	async ask(): Promise<void> {
		const offer = this.#offer;
		this.#offer = null;
		await offer?.prompt();
	}
}
