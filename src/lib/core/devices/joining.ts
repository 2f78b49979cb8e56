import type { Failure, Result } from '#core/kernel';
import { closeCodes, createMux, muxSettings, type Link } from '#core/net';
import {
	createNewSide,
	offerMs,
	type DeviceCard,
	type Door,
	type NewSide,
	type Own,
	type Welcome
} from '#core/pairing';
import type { ClockPort } from '#core/ports';
import { linkCodes } from './links.ts';
import { createPairingTalk, pairingStreamKind, type PairingTalk } from './pairing-talk.ts';
import type { PairingEnd, PairingView } from './view.ts';

export type JoiningDeps<F extends Failure> = {
	readonly clock: ClockPort;
	/** Makes this device's copy of the library; durable when it resolves. */
	readonly keep: (welcome: Welcome, peer: DeviceCard) => Promise<Result<unknown, F>>;
	readonly onChange: () => void;
};

/** A device that comes to a library: one pairing at a time. */
export type Joining<F extends Failure> = {
	/** Talks to whoever is at the other end of `link` until that is over. In the place of one that went on before. */
	run(own: Own, door: Door, link: Link, signal: AbortSignal): Promise<void>;
	view(): PairingView<F | PairingEnd>;
	/** The person's answer to the words; a no at any time ends it. */
	confirm(yes: boolean): Promise<void>;
};

type Talk<F> = { readonly side: NewSide; talk: PairingTalk | null; failure: F | PairingEnd | null; isKept: boolean };

function viewOf<F>(one: Talk<F> | null): PairingView<F | PairingEnd> {
	if (one === null) return { step: 'none' };
	const state = one.side.state();
	if (state.step === 'paired') return { step: 'paired', device: state.peer.id, name: state.peer.name };
	if (one.failure !== null) return { step: 'ended', failure: one.failure };
	if (state.step === 'scanned') return { step: 'talking' };
	if (state.step === 'checking') return { ...state, isHere: false };
	return state.step === 'welcomed' ? { step: 'waiting', peer: state.peer } : state;
}

class DeviceJoining<F extends Failure> implements Joining<F> {
	readonly #deps: JoiningDeps<F>;
	#one: Talk<F> | null = null;

	constructor(deps: JoiningDeps<F>) {
		this.#deps = deps;
	}

	async run(own: Own, door: Door, link: Link, signal: AbortSignal): Promise<void> {
		const { clock, onChange } = this.#deps;
		const life = new AbortController();
		const either = AbortSignal.any([signal, life.signal]);
		const one: Talk<F> = { side: createNewSide(door, own), talk: null, failure: null, isKept: false };
		this.#one = one;
		const mux = createMux(link, {
			role: 'client',
			settings: muxSettings,
			clock,
			onStream: (stream) => stream.close(closeCodes.none)
		});
		try {
			await Promise.race([this.#talk(one, mux, either), this.#expire(one, either)]);
		} catch (thrown) {
			if (!signal.aborted) throw thrown;
		} finally {
			life.abort();
			mux.close(closeCodes.none);
			const end = await mux.ended;
			const { step } = one.side.state();
			const isUsed = end.type === 'LinkClosed' && end.code === linkCodes.notOffered;
			if (step !== 'ended' && step !== 'paired')
				one.failure ??= isUsed ? { type: 'PairingUsed' } : { type: 'PairingLost' };
			onChange();
		}
	}

	view(): PairingView<F | PairingEnd> {
		return viewOf(this.#one);
	}

	async confirm(yes: boolean): Promise<void> {
		const one = this.#one;
		if (one === null) return;
		const message = yes ? one.side.confirm(this.#deps.clock.elapsedMs()) : one.side.cancel();
		await one.talk?.say(message);
		await this.#keep(one);
		this.#deps.onChange();
		if (!yes) one.talk?.end();
	}

	async #talk(one: Talk<F>, mux: ReturnType<typeof createMux>, signal: AbortSignal): Promise<void> {
		const { clock, onChange } = this.#deps;
		const stream = await mux.open(pairingStreamKind, 'normal', signal);
		if (!stream.ok) return;
		const look = async () => {
			await this.#keep(one);
			onChange();
		};
		const talk = createPairingTalk({ side: one.side, stream: stream.value, clock, onChange: look }, signal);
		one.talk = talk;
		await talk.say(one.side.begin(clock.elapsedMs()));
		onChange();
		await talk.run();
	}

	/** Once both have said yes: only a device that has its copy says that it has. */
	async #keep(one: Talk<F>): Promise<void> {
		const state = one.side.state();
		if (state.step !== 'welcomed' || one.isKept) return;
		one.isKept = true;
		const kept = await this.#deps.keep(state.welcome, state.peer);
		if (!kept.ok) one.failure = kept.failure;
		await one.talk?.say(kept.ok ? one.side.kept() : one.side.cancel());
		one.talk?.end();
	}

	async #expire(one: Talk<F>, signal: AbortSignal): Promise<void> {
		const { clock } = this.#deps;
		await clock.wait(offerMs, signal);
		if (signal.aborted) return;
		await one.talk?.say(one.side.tick(clock.elapsedMs()));
	}
}

export function createJoining<F extends Failure>(deps: JoiningDeps<F>): Joining<F> {
	return new DeviceJoining(deps);
}
