/**
 * devices: the devices of a library, and whom this one talks to.
 *
 * Guarantees: a session is held only with a device whose key was pinned when a person let it in, and was not removed
 * since; who is removed is cut off at once, and told so when it comes again. Removals and names are told to all devices
 * of the library, and obeyed at once by each that hears of them: what they say of each other comes to the same in
 * whichever order it came, no clock has a part in it, and a removal holds until a person lets that device in again. Over
 * a carrier that may be anybody's, who comes proves that key before anything else of it is read. Who is not known gets
 * nothing but the talk of a pairing, and that only while an offer is open here. What a pairing that came to nothing has
 * left is nothing.
 */
export { beaconBytesMax, beaconLifeMs, openBeacon, sealBeacon, withHeard, type Beacon } from './beacon.ts';
export { parseDirectAddress, printDirectAddress, type DirectAddress } from './direct-address.ts';
export { dialFirst } from './dial-first.ts';
export { createDialling, type Dialling, type Dialled, type DialledLink } from './dialling.ts';
export { createGoingDirect, type GoingDirect } from './going-direct.ts';
export { createLinks, linkCodes, type KnownKeys, type Links, type LinksDeps } from './links.ts';
export { parseLinkAddress, printLinkAddress, withChannelKey, type LinkAddress } from './link-address.ts';
export { acceptCarrier, secureDialled, type Carrier, type LinkMeans } from './secure-links.ts';
export { addressMax, type DialFailure, type DialPort } from './dial-port.ts';
export { createMembersDomain, dumpMembers } from './members-domain.ts';
export { createJoining, type Joining } from './joining.ts';
export { createOffering, type MadeOffer, type Offering, type OfferKind } from './offering.ts';
export { readDoor, type DoorFailure } from './read-door.ts';
export type { DeviceRow, KnownDevice } from './schema.ts';
export {
	admitDevice,
	dropDevice,
	findDevice,
	findDeviceByKey,
	isThisRemoved,
	noteLevel,
	noteRemovedHere,
	noteSeen,
	pinDevice,
	readDevices,
	readPinnedKeys,
	readUnpinned,
	renameDevice,
	restorePin,
	revokeDevice,
	thisDeviceName,
	writeAddresses
} from './store.ts';
export type { PairingEnd, PairingView } from './view.ts';
