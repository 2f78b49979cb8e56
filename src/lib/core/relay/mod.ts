/**
 * relay: how two devices meet through a third machine, where neither can reach the other.
 *
 * Guarantees: a link through a relay is a secured one, between devices that have proved their keys to each other: there is
 * no way to get another out of here. The relay learns a number for the place that is called, and which addresses talk,
 * when and how much; neither device nor library, and nothing of what is said. Whoever has not been told where a device is
 * to be called does not get a word out of it. What a relay sends costs bounded memory.
 */
export { callDevice, type CallFailure, type RelayMeans } from './call-device.ts';
export type { DialUrl, RelayFailure } from './carrier.ts';
export { keepPlace, type PlaceDeps } from './keep-place.ts';
export {
	challengeBytes,
	printClientMessage,
	printRelayMessage,
	readClientMessage,
	relayCodes,
	relayMessageBytesMax,
	relayVersion,
	ticketBytes,
	type ClientMessage,
	type RelayMessage
} from './messages.ts';
export { takePlace, type TakenPlace } from './take-place.ts';
export {
	heldPlace,
	libraryToken,
	ownPlace,
	parsePlaceAddress,
	parseRelayName,
	printPlaceAddress,
	printRelayName,
	relayToken,
	signHold,
	type OwnPlace,
	type PlaceAddress,
	type RelayName
} from './place.ts';
