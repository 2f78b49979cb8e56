import type { AnyPairing } from '#core';
import { LiveQuery } from '#client/mod.ts';
import type { MadeOffer } from '#core/devices';
import type { App } from '#ui/shell/app.svelte.ts';
import type { AnyFailure } from '#ui/words/failures.ts';

/** A pairing that a person began on this page, on either side of it. */
export class Pairing {
	readonly #app: App;
	#view: LiveQuery<'devices.pairing'> | null = $state.raw(null);
	/** What is offered; null before, and on the side that joins. */
	offer: MadeOffer | null = $state.raw(null);
	/** Why it could not be begun. */
	failure: AnyFailure | null = $state.raw(null);
	busy: boolean = $state(false);
	/** Counts what was begun, so that a late answer is known as one. */
	#run = 0;
	#isOpen = false;

	constructor(app: App) {
		this.#app = app;
	}

	/** Where it is; what was paired before on this page is not looked at. */
	get view(): AnyPairing {
		return this.#view?.value ?? { step: 'none' };
	}

	/**
	 * Offers the library to one new device by a link, in the place of what was offered before. Nothing else says where this
	 * browser is to be called.
	 */
	async makeOffer(): Promise<void> {
		const run = this.#begin();
		const asked = { kind: 'link', app: `${location.origin}/`, addresses: [] } as const;
		const made = await this.#app.ask('devices.offer', asked);
		if (this.#isLate(run, made.ok)) return;
		if (made.ok) this.#follow(made.value);
		else this.failure = made.failure;
	}

	/** Comes to the library of another device. */
	async join(text: string, addresses: readonly string[], name: string): Promise<void> {
		const run = this.#begin();
		const named = name.trim() === '' ? {} : { name };
		const joined = await this.#app.ask('devices.join', { text, addresses, ...named });
		if (this.#isLate(run, joined.ok)) return;
		if (joined.ok) this.#follow(null);
		else this.failure = joined.failure;
	}

	/** The person's answer to the words. */
	async answer(yes: boolean): Promise<void> {
		this.busy = true;
		await this.#app.do('devices.confirm', { yes });
		this.busy = false;
	}

	/** Ends it where it goes on. */
	close(): void {
		const isOver = this.view.step === 'ended' || this.view.step === 'paired';
		if (this.#view !== null && !isOver) void this.#sayNo();
		this.leave();
	}

	/**
	 * The side that joins goes: what both have said yes to goes on, as the page gives way to the library, and that is
	 * told; all else ends.
	 */
	part(): void {
		const { step } = this.view;
		// What is seen of the pairing may be a moment behind the library that has come.
		const isAgreed = this.#app.phase === 'open' || step === 'waiting' || step === 'paired';
		if (!isAgreed) return this.close();
		this.leave();
		this.#app.notices.tell('This device is in. It fetches what is known on the other one.');
	}

	/** Looks at it no more; what goes on goes on. */
	leave(): void {
		this.#run++;
		this.#isOpen = false;
		this.busy = false;
		this.failure = null;
		this.#drop();
	}

	#begin(): number {
		this.#isOpen = true;
		this.busy = true;
		this.failure = null;
		this.#drop();
		return ++this.#run;
	}

	/** Whether nobody waits for what was begun any more; what came of it is ended then. */
	#isLate(run: number, isBegun: boolean): boolean {
		if (run === this.#run) {
			this.busy = false;
			return false;
		}
		// What was begun in its place has ended it by itself.
		if (isBegun && !this.#isOpen) void this.#sayNo();
		return true;
	}

	#follow(offer: MadeOffer | null): void {
		this.offer = offer;
		this.#view = new LiveQuery(this.#app.client, 'devices.pairing', {});
	}

	#drop(): void {
		this.#view?.close();
		this.#view = null;
		this.offer = null;
	}

	async #sayNo(): Promise<void> {
		await this.#app.ask('devices.confirm', { yes: false });
	}
}
