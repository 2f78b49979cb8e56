/** Short messages at the foot of the window, and what a screen reader is told. */
export type Notice = {
	readonly id: number;
	readonly tone: 'calm' | 'danger';
	readonly title: string;
	readonly text: string;
	readonly action: { readonly title: string; readonly run: () => void } | null;
};

/** Long enough to be read twice; a notice with something to press or something wrong stays until it is closed. */
const staysMs = 6000;

export class Notices {
	#list: readonly Notice[] = $state.raw([]);
	/** The last thing said aloud; spoken by the one live region of the app. */
	spoken: string = $state('');
	#next = 1;

	get list(): readonly Notice[] {
		return this.#list;
	}

	show(notice: Omit<Notice, 'id'>): void {
		const id = this.#next++;
		this.#list = [...this.#list.slice(-2), { ...notice, id }];
		if (notice.tone === 'calm' && notice.action === null) setTimeout(() => this.close(id), staysMs);
	}

	/** A calm sentence that goes by itself. */
	tell(title: string): void {
		this.show({ tone: 'calm', title, text: '', action: null });
	}

	close(id: number): void {
		this.#list = this.#list.filter((notice) => notice.id !== id);
	}

	/** Says `text` to a screen reader without showing it. */
	say(text: string): void {
		this.spoken = text;
	}

	/** Forgets everything: messages may hold names. */
	clear(): void {
		this.#list = [];
		this.spoken = '';
	}
}
