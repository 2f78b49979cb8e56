/**
 * pairing: how a device that people trust lets another one into a library.
 *
 * Guarantees: nothing is sent for an invitation that was only opened; the library's key leaves the device that has it after a
 * person there has said yes to the words on both screens, and in no other way, over a channel whose ends have proved
 * their keys. An offer is good for five minutes and one device; a wrong guess at a code uses it up, and after three of
 * them there is no new one until five minutes are over. Both sides end knowing the other's keys, id, kind and name; an
 * id that is known by another key is refused. Pure: messages in, messages out; chance and time are handed in.
 */
export { isIdOfKey, parseCard, printCard, tidyName } from './device-card.ts';
export { createExistingSide, type ExistingSide, type ExistingState } from './existing-device.ts';
export { parseInvitation, printInvitation, type Invitation } from './invitation.ts';
export { createNewSide, type NewSide, type NewState } from './new-device.ts';
export { createOffers, offerMs, type Door, type Offer, type Offers } from './offers.ts';
export type {
	CodeFailure,
	DeviceCard,
	DeviceKind,
	InvitationFailure,
	OfferFailure,
	PairingFailure,
	PinnedKeys,
	Welcome
} from './schema.ts';
export { meetingOf } from './secrets.ts';
export { drawShortCode, nameplateMax, parseShortCode, printShortCode, type ShortCode } from './short-code.ts';
export type { Own } from './side.ts';
