/**
 * relay: how two devices meet through a third machine, where neither can reach the other.
 *
 * Guarantees: a link through a relay is a secured one, between devices that have proved their keys to each other: there is
 * no way to get another out of here. The relay learns a number for the place that is called, and which addresses talk,
 * when and how much; neither device nor library, and nothing of what is said. Whoever has not been told where a device is
 * to be called does not get a word out of it, nor does who calls it and shows no pass of a device that it knows, but for an
 * offer. A relay lets devices of its own library keep places, and asks each who it is: no secret is shared by all of them.
 * What a relay sends costs bounded memory.
 */
export { callDevice, type CallFailure, type RelayMeans } from './call-device.ts';
export type { DialUrl, RelayFailure } from './carrier.ts';
export { keepPlace, type PlaceDeps } from './keep-place.ts';
export {
	challengeBytes,
	printClientMessage,
	printRelayMessage,
	readClientMessage,
	readRelayMessage,
	relayCodes,
	relayMessageBytesMax,
	relayVersion,
	ticketBytes,
	type ClientMessage,
	type RelayMessage
} from './messages.ts';
export { makePass, passHolder, type PassUse } from './pass.ts';
export { takePlace, type TakenPlace } from './take-place.ts';
export {
	heldPlace,
	ownPlace,
	parsePlaceAddress,
	parseRelayName,
	printPlaceAddress,
	printRelayName,
	relayToken,
	signHold,
	type Entitled,
	type OwnPlace,
	type PlaceAddress,
	type PlaceRight,
	type RelayName
} from './place.ts';
