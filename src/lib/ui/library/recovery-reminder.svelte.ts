/**
 * Remembers that a library was made without showing its recovery code, until the person has one.
 *
 * Kept beside the library because the library cannot know what a person has written down. Holds the library's random
 * id only.
 */
const key = 'atoll:recovery-due';

export class RecoveryReminder {
	#due: string | null = $state(null);
	#hidden: boolean = $state(false);

	constructor() {
		try {
			this.#due = localStorage.getItem(key);
		} catch {
			this.#due = null;
		}
	}

	/** Whether to remind now, for the library with this id. */
	isDue(library: string): boolean {
		return this.#due === library && !this.#hidden;
	}

	remember(library: string): void {
		this.#set(library);
	}

	/** The person has the code. */
	done(): void {
		this.#set(null);
	}

	/** Not now: the reminder comes back with the next visit. */
	later(): void {
		this.#hidden = true;
	}

	#set(library: string | null): void {
		this.#due = library;
		try {
			if (library === null) localStorage.removeItem(key);
			else localStorage.setItem(key, library);
		} catch {
			// the reminder then lasts as long as the page
		}
	}
}
