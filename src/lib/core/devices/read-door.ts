import { wordsToBytes, splitWords, type WordsFailure } from '#core/crypto';
import { ok, type Result } from '#core/kernel';
import { parseInvitation, parseShortCode, type CodeFailure, type Door, type InvitationFailure } from '#core/pairing';

export type DoorFailure = InvitationFailure | CodeFailure | WordsFailure;
type Found = { readonly door: Door; readonly addresses: readonly string[] };

/**
 * What a person was given to come to a library: an invitation, twelve words or a short code. Only an invitation says
 * where to; touches nothing and reaches nobody.
 */
export function readDoor(text: string, nowMs: number): Result<Found, DoorFailure> {
	if (text.includes('#')) {
		const invitation = parseInvitation(text, nowMs);
		if (!invitation.ok) return invitation;
		const { secret, addresses } = invitation.value;
		return ok({ door: { type: 'secret', secret }, addresses });
	}
	if (/^\s*\d/.test(text) || splitWords(text).length <= 3) {
		const code = parseShortCode(text);
		return code.ok ? ok({ door: { type: 'code', code: code.value }, addresses: [] }) : code;
	}
	const secret = wordsToBytes(text);
	return secret.ok ? ok({ door: { type: 'secret', secret: secret.value }, addresses: [] }) : secret;
}
