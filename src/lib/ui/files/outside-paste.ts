import { chordOf, isTyping } from '#ui/primitives/keys.ts';
import type { App } from '#ui/shell/app.svelte.ts';
import { bringIn } from './bring-in.ts';
import { outsideIn } from './outside-files.ts';

/** Pastes files that were copied in another program, and what was copied here where nothing was copied there since. */
export class OutsidePaste {
	readonly #app: App;
	/** What was cut or copied here when the person went to another program. */
	#before: unknown = null;

	constructor(app: App) {
		this.#app = app;
	}

	/** The person goes elsewhere, and may copy something there. */
	onblur(): void {
		this.#before = this.#app.files.clipboard;
	}

	get #mayBeOld(): boolean {
		return this.#before !== null && this.#before === this.#app.files.clipboard;
	}

	/** Only the paste itself tells what another program has copied: the key is left to the browser then. */
	onkeydown(event: KeyboardEvent): void {
		if (this.#mayBeOld && chordOf(event) === 'Mod+V' && !isTyping(event)) event.stopPropagation();
	}

	onpaste(event: ClipboardEvent): void {
		const { abilities, files } = this.#app;
		const { view, folder, location } = abilities.context();
		if (event.defaultPrevented || isTyping(event) || document.querySelector('[role="dialog"]') !== null) return;
		if (this.#app.phase !== 'open' || view !== 'list' || folder === null || location === null) return;
		if (event.clipboardData !== null && event.clipboardData.files.length > 0) {
			event.preventDefault();
			void bringIn(this.#app, folder, outsideIn(event.clipboardData));
		} else if (this.#mayBeOld) void files.paste(folder);
	}
}
