import { err, ok, type Result } from '#core/kernel';
import { closeCodes, linkToDevice, type Link } from '#core/net';
import { hear, whyEnded, type RelayCarrier, type RelayFailure } from './carrier.ts';
import type { RelayMeans } from './call-device.ts';
import { greet } from './greet.ts';
import { printClientMessage, type RelayMessage } from './messages.ts';
import { passHolder } from './pass.ts';
import { callKey, signHold, type OwnPlace, type PlaceRight } from './place.ts';

const heldMs = 10_000;
const joinedMs = 10_000;
/** The relay gives a sign of life every 25 seconds. */
const silentMs = 60_000;
/** After the place was lost, or could not be had, it waits so long, and each time twice as long. */
const waitLeastMs = 1_000;
const waitMaxMs = 60_000;
/** A place that is lost sooner counts as one that could not be had: two that take it from each other do so slowly. */
const steadyMs = 30_000;
/** Calls that are answered at one time; a relay makes as many as it likes. */
const answeringMax = 16;

export type PlaceDeps = RelayMeans & {
	readonly place: OwnPlace;
	/** What lets this device keep a place there. */
	readonly by: PlaceRight;
	/** The keys (Ed25519) of the devices that are known here: who calls and shows none of them is not answered. */
	readonly knownKeys: () => readonly Uint8Array[];
	/** Whether whoever calls is answered, for what is offered here. */
	readonly awaitsAnybody: () => boolean;
	/** Whether a device with that key (Ed25519) may connect. Nothing of what it sends has been read by then. */
	readonly isKnown: (deviceKey: Uint8Array) => boolean;
	readonly onLink: (link: Link, deviceKey: Uint8Array) => void;
	/** Whether it is at its place from now on; and where it is not, why. */
	readonly onState: (state: Result<null, RelayFailure>) => void;
};

/** Takes one call: makes sure of who is there before anything else is read. */
async function answer(deps: PlaceDeps, ticket: Uint8Array, signal: AbortSignal): Promise<void> {
	const { place, isKnown, onLink } = deps;
	const greeted = await greet(deps, place.url, signal);
	if (!greeted.ok) return;
	const { carrier } = greeted.value;
	carrier.say(printClientMessage({ kind: 'answer', ticket }));
	const joined = await hear(carrier, 'joined', deps.clock, joinedMs, signal);
	if (!joined.ok) return;
	const { clock, random, aead, own } = deps;
	const side = { role: 'responder', patterns: ['XXpsk0'], psk: callKey(place) } as const;
	const linked = await linkToDevice(carrier, { side, own, clock, random, aead, isWelcome: isKnown }, signal);
	if (linked.ok) onLink(linked.value.link, linked.value.deviceKey);
}

type Called = Extract<RelayMessage, { readonly kind: 'called' }>;

function isAnswered({ place, knownKeys, awaitsAnybody }: PlaceDeps, { challenge, pass }: Called): boolean {
	return awaitsAnybody() || passHolder(pass, { use: 'call', about: place.place, challenge }, knownKeys()) !== null;
}

/** Hears the relay until it ends or falls silent, answering each call of who may. */
async function attend(deps: PlaceDeps, carrier: RelayCarrier, signal: AbortSignal): Promise<void> {
	let answering = 0;
	for (;;) {
		const silence = new AbortController();
		void deps.clock.wait(silentMs, AbortSignal.any([signal, silence.signal])).then(() => silence.abort());
		const word = await carrier.next(AbortSignal.any([signal, silence.signal]));
		silence.abort();
		if (word?.kind === 'alive') carrier.say(printClientMessage({ kind: 'alive' }));
		else if (word?.kind !== 'called') return;
		else if (!isAnswered(deps, word)) carrier.say(printClientMessage({ kind: 'decline', ticket: word.ticket }));
		else if (answering < answeringMax) {
			answering++;
			// Called off with the place; what else it throws is a defect of the link it has made.
			void answer(deps, word.ticket, signal)
				.catch((thrown: unknown) => {
					if (!signal.aborted) throw thrown;
				})
				.finally(() => answering--);
		}
	}
}

/** Takes the place and keeps it as long as the relay lets it. */
async function hold(deps: PlaceDeps, signal: AbortSignal): Promise<void> {
	const { place, by, clock, onState } = deps;
	const greeted = await greet(deps, place.url, signal);
	if (!greeted.ok) return onState(greeted);
	const { carrier, challenge } = greeted.value;
	try {
		carrier.say(printClientMessage(signHold(place, by, challenge)));
		const held = await hear(carrier, 'held', clock, heldMs, signal);
		onState(held.ok ? ok(null) : held);
		if (!held.ok) return;
		await attend(deps, carrier, signal);
		if (!signal.aborted) onState(err(whyEnded(carrier)));
	} finally {
		carrier.close(closeCodes.none);
	}
}

/** Keeps one place at a relay, so that devices that know of it can call there, until `signal`. */
export async function keepPlace(deps: PlaceDeps, signal: AbortSignal): Promise<void> {
	const { clock, random } = deps;
	let waitMs = waitLeastMs / 2;
	while (!signal.aborted) {
		try {
			const fromMs = clock.elapsedMs();
			await hold(deps, signal);
			const isSteady = clock.elapsedMs() - fromMs >= steadyMs;
			waitMs = isSteady ? waitLeastMs : Math.min(waitMaxMs, waitMs * 2);
		} catch (thrown) {
			if (!signal.aborted) throw thrown;
			return;
		}
		// Devices that lost a relay at one time do not come back at one time.
		const [byte = 0] = random.bytes(1);
		await clock.wait(Math.round(waitMs * (0.75 + byte / 512)), signal);
	}
}
