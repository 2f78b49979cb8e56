import type { DirectSide, Signal, SignalTalk } from '#core/direct';

/** What two ends say to each other, in one process. */
export function talkBetween(
	onSay: (signal: Signal, by: DirectSide) => void = () => undefined
): readonly [SignalTalk, SignalTalk] {
	const boxes = { offers: box(), answers: box() };
	const talk = (own: DirectSide, other: DirectSide): SignalTalk => ({
		say: (signal) => {
			onSay(signal, own);
			boxes[other].put(signal);
		},
		hear: () => boxes[own].take()
	});
	return [talk('offers', 'answers'), talk('answers', 'offers')];
}

function box() {
	const held: Signal[] = [];
	let wake: ((signal: Signal) => void) | null = null;
	return {
		put: (signal: Signal) => {
			if (wake === null) held.push(signal);
			else wake(signal);
			wake = null;
		},
		take: () => {
			const first = held.shift();
			return first === undefined ? new Promise<Signal>((resolve) => (wake = resolve)) : Promise.resolve(first);
		}
	};
}
