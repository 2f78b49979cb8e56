/** Light, dark, or as the system has it. Kept outside of the library: it is there before that is open. */
export type Theme = 'system' | 'light' | 'dark';
const key = 'atoll:theme';

function parse(text: string | null): Theme {
	return text === 'light' || text === 'dark' ? text : 'system';
}

/** What is kept, or the system's where the browser keeps nothing for us. */
function kept(): Theme {
	try {
		return parse(localStorage.getItem(key));
	} catch {
		return 'system';
	}
}

class ThemeChoice {
	#value: Theme = $state(kept());

	get value(): Theme {
		return this.#value;
	}

	/** Takes effect at once, here and in tabs that open later. */
	set(value: Theme): void {
		this.#value = value;
		if (value === 'system') delete document.documentElement.dataset['theme'];
		else document.documentElement.dataset['theme'] = value;
		try {
			if (value === 'system') localStorage.removeItem(key);
			else localStorage.setItem(key, value);
		} catch {
			// a browser that keeps nothing still shows the choice until the page goes
		}
	}

	/** Shows what is kept; called once as the app starts. */
	apply(): void {
		this.set(this.#value);
	}
}

export const theme = new ThemeChoice();
