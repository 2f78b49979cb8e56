import type { CoreEvent } from '#core';

/** Events that wait to be sent, joined so that a storm of them stays small: the same news is told once. */
export class PendingEvents {
	readonly #folders = new Set<EventOf<'entries-changed'>['folders'][number]>();
	readonly #progress = new Map<number, EventOf<'index-progress'>>();
	readonly #others = new Map<CoreEvent['type'], CoreEvent>();

	add(event: CoreEvent): void {
		switch (event.type) {
			case 'entries-changed':
				for (const folder of event.folders) this.#folders.add(folder);
				return;
			case 'index-progress':
				this.#progress.set(event.progress.location, event);
				return;
			default:
				this.#others.set(event.type, event);
		}
	}

	/** All that waited, and none of it again: one event of each type, for progress one of each location. */
	take(): CoreEvent[] {
		const events = [...this.#others.values(), ...this.#progress.values()];
		if (this.#folders.size > 0) events.push({ type: 'entries-changed', folders: [...this.#folders] });
		this.#others.clear();
		this.#progress.clear();
		this.#folders.clear();
		return events;
	}
}

type EventOf<Type extends CoreEvent['type']> = Extract<CoreEvent, { readonly type: Type }>;
