/**
 * devices: the devices of a library, and whom this one talks to.
 *
 * Guarantees: a session is held only with a device whose key was pinned when a person let it in, and was not removed
 * since; who is removed is cut off at once, and told so when it comes again. Who is not known gets nothing but the
 * talk of a pairing, and that only while an offer is open here. What a pairing that came to nothing has left is nothing.
 */
export { dialFirst } from './dial-first.ts';
export { createDialling, type Dialling, type Dialled } from './dialling.ts';
export { createLinks, linkCodes, type Links, type LinksDeps } from './links.ts';
export { addressMax, type DialFailure, type DialPort } from './dial-port.ts';
export { createJoining, type Joining } from './joining.ts';
export { createOffering, type MadeOffer, type Offering, type OfferKind } from './offering.ts';
export { readDoor, type DoorFailure } from './read-door.ts';
export type { DeviceRow, KnownDevice } from './schema.ts';
export {
	dropDevice,
	findDevice,
	findDeviceByKey,
	noteLevel,
	noteSeen,
	pinDevice,
	readDevices,
	readPinnedKeys,
	renameDevice,
	restorePin,
	revokeDevice,
	thisDeviceName,
	writeAddresses
} from './store.ts';
export type { PairingEnd, PairingView } from './view.ts';
