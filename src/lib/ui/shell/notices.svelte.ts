/** Short messages at the foot of the window, and what a screen reader is told. */
export type Notice = {
	readonly id: number;
	readonly tone: 'calm' | 'danger';
	readonly title: string;
	readonly text: string;
	readonly action: { readonly title: string; readonly run: () => void } | null;
	/** Takes the place of what it was said of before, and goes by itself, as what it offers can be had elsewhere too. */
	readonly about?: string;
};

/** Long enough to be read twice; a notice with something to press or something wrong stays until it is closed. */
const staysMs = 6000;
/** Something that can be pressed is left for longer. */
const offeredMs = 12_000;

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
		const others = this.#list.filter(({ about }) => about === undefined || about !== notice.about);
		this.#list = [...others.slice(-2), { ...notice, id }];
		const stays = notice.tone !== 'calm' || (notice.action !== null && notice.about === undefined);
		if (!stays) setTimeout(() => this.close(id), notice.action === null ? staysMs : offeredMs);
	}

	/** A calm sentence that goes by itself. */
	tell(title: string): void {
		this.show({ tone: 'calm', title, text: '', action: null });
	}

	close(id: number): void {
		this.#list = this.#list.filter((notice) => notice.id !== id);
	}

	/** Takes away what was said of `about`: it holds no more. */
	closeAbout(about: string): void {
		this.#list = this.#list.filter((notice) => notice.about !== about);
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
