/** How the fragment of an address begins that invites into a library. */
const mark = '#pair=';

/**
 * The invitation that this page was opened with. Its secret leaves the address bar and the history as soon as it is seen,
 * and is nowhere but in the memory of this page; nothing is done with it before a person asks for that.
 */
class OpenedInvitation {
	text: string | null = $state(null);

	/** Takes what the page's address holds, now and whenever a person puts another one there. */
	watch(): void {
		this.#take();
		for (const event of ['popstate', 'hashchange']) addEventListener(event, () => this.#take());
	}

	/** Gives it to whoever shows it, and forgets it. */
	handOver(): string | null {
		const { text } = this;
		this.text = null;
		return text;
	}

	#take(): void {
		const { hash, pathname, search } = location;
		if (!hash.startsWith(mark)) return;
		history.replaceState(history.state, '', pathname + search);
		this.text = hash;
	}
}

export const openedInvitation = new OpenedInvitation();
