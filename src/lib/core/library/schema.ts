import type { LibraryId } from '#core/kernel';
import type { DatabaseFailure, SecretsFailure } from '#core/ports';

/** What stands in this host's library folder, and whether it can be read now. */
export type LibraryStatus =
	| { readonly state: 'none' }
	| { readonly state: 'locked'; readonly id: LibraryId }
	| { readonly state: 'open'; readonly id: LibraryId; readonly name: string; readonly hasPassword: boolean };

export type CreateLibraryInput = {
	/** Shown to people; kept inside the encrypted database only. */
	readonly name: string;
	/** Null skips the password: this device's own secret opens the library. */
	readonly password: string | null;
};

/** What another device told this one when it let it into its library. */
export type JoinLibraryInput = { readonly id: LibraryId; readonly libraryKey: Uint8Array; readonly name: string };

/** The recovery code exists in memory here and nowhere else: it is shown once. */
export type CreatedLibrary = { readonly id: LibraryId; readonly recoveryCode: string };

export type UnlockInput =
	/** By the secret that this device keeps, where the library has no password. */
	| { readonly by: 'device' }
	| { readonly by: 'password'; readonly password: string }
	| { readonly by: 'recovery-code'; readonly recoveryCode: string };

export type UnlockFailure =
	| { readonly type: 'WrongPassword' }
	| { readonly type: 'WrongRecoveryCode' }
	/** Too many wrong answers; ask again after `waitMs`. */
	| { readonly type: 'TooManyTries'; readonly waitMs: number }
	/** No secret of this device opens it: it wants the password or the recovery code. */
	| { readonly type: 'PasswordNeeded' };

export type LibraryFailure =
	| DatabaseFailure
	| SecretsFailure
	/** The library is not open. */
	| { readonly type: 'LibraryLocked' }
	/** Written by a later version of Atoll: format or schema `found`, this one knows up to `known`. */
	| { readonly type: 'LibraryNewer'; readonly found: number; readonly known: number }
	| { readonly type: 'PasswordTooShort'; readonly lengthMin: number }
	| { readonly type: 'NameEmpty' };

/** `kind` says what was looked at; `detail` is for the log and the bug report. */
export type LibraryFlaw = {
	readonly kind: 'header' | 'page' | 'structure' | 'reference' | 'tree' | 'name-index';
	readonly detail: string;
};
export type VerifyReport = { readonly entries: number; readonly flaws: readonly LibraryFlaw[] };

/** 64 and 32 hex digits: what a genuine SQLCipher 4 opens the database with. */
export type RawKey = { readonly key: string; readonly salt: string };
