import type { DeviceId } from '#core/kernel';
import type { DeviceCard, PairingFailure } from '#core/pairing';

/** Why a pairing came to its end, on this side of it. */
export type PairingEnd =
	| PairingFailure
	/** The connection broke before it was done. */
	| { readonly type: 'PairingLost' };

type Other = { readonly peer: Pick<DeviceCard, 'id' | 'kind' | 'name'> };

/** Where a pairing is, as a person on either side is shown it. */
export type PairingView<F = PairingEnd> =
	| { readonly step: 'none' }
	/** Nobody has come for it yet. */
	| { readonly step: 'offered' }
	| { readonly step: 'talking' }
	/**
	 * The words are to be compared with those on the other screen, and answered with yes or no. `isHere`: who came for what
	 * is offered came from this machine itself. `isAgreed`: the other side is known to have said yes.
	 */
	| ({
			readonly step: 'checking';
			readonly words: readonly string[];
			readonly isHere: boolean;
			readonly isAgreed: boolean;
	  } & Other)
	/** Said yes here; the other side has not yet. */
	| ({ readonly step: 'waiting' } & Other)
	| { readonly step: 'paired'; readonly device: DeviceId; readonly name: string }
	| { readonly step: 'ended'; readonly failure: F };
