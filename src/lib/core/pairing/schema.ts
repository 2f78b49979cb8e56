import type { WordsFailure } from '#core/crypto';
import type { DeviceId, LibraryId } from '#core/kernel';

/** What sort of host a device runs in. */
export type DeviceKind = 'browser' | 'peer';

/** What a device says of itself, signed: who it is, by which keys it is known, what people call it. */
export type DeviceCard = {
	readonly id: DeviceId;
	readonly kind: DeviceKind;
	/** Up to 64 characters. */
	readonly name: string;
	/** Ed25519: what its statements are signed with. */
	readonly signingKey: Uint8Array;
	/** X25519: what its channels are made with. */
	readonly channelKey: Uint8Array;
};

/** What a new device needs to open its own copy of the library. It travels sealed, and only after the confirmation. */
export type Welcome = {
	readonly library: LibraryId;
	readonly libraryKey: Uint8Array;
	/** What the people of the library call it. */
	readonly libraryName: string;
};

/** The signing keys of the devices that are known, by id: a device that comes with another key is not that device. */
export type PinnedKeys = ReadonlyMap<DeviceId, Uint8Array>;

/** Why a pairing came to its end without one. */
export type PairingFailure =
	/** The five minutes are over. */
	| { readonly type: 'PairingExpired' }
	/** The invitation or code was used before, or another device was faster. */
	| { readonly type: 'PairingUsed' }
	/** The other device has another code: one guess was all there is. */
	| { readonly type: 'PairingCodeWrong' }
	/** What came is not what the other device must say next: it is another protocol, or somebody is between. */
	| { readonly type: 'PairingBroken' }
	/** A person on the other device said no. */
	| { readonly type: 'PairingRefused' }
	/** A person on this device said no. */
	| { readonly type: 'PairingCancelled' }
	/** It calls itself a device that is known by another key. */
	| { readonly type: 'DeviceKeyChanged'; readonly device: DeviceId }
	/** The other device is this one. */
	| { readonly type: 'PairedWithItself' };

/** Why there is no new code: too many were tried that were wrong. */
export type OfferFailure = { readonly type: 'TooManyTries'; readonly waitMs: number };

/** Why an invitation is not one that can be followed. */
export type InvitationFailure =
	| { readonly type: 'NotAnInvitation' }
	/** A later version of Atoll wrote it. */
	| { readonly type: 'InvitationNewer'; readonly version: number }
	| { readonly type: 'InvitationDamaged' }
	| { readonly type: 'InvitationExpired' };

/** Why typed letters are not a short code. */
export type CodeFailure =
	{ readonly type: 'CodeIncomplete' } | Extract<WordsFailure, { readonly type: 'WordsUnknown' }>;
