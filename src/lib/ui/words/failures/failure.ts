import type { AnyPairing, JobFailure, MeetFailure, SettingRefusal } from '#core';
import type { Client, CommandName, FailureOf } from '#client/mod.ts';

type FailureIn<T> = Extract<T, { readonly ok: false }> extends { readonly failure: infer F } ? F : never;
type BackupFailure = FailureIn<Awaited<ReturnType<Client['makeBackup' | 'discardBackup' | 'restoreBackup']>>>;

/** A folder or file that the person's browser would not give. */
export type HandleFailure =
	| { readonly type: 'PickerMissing' }
	| { readonly type: 'DropNotAFolder' }
	| { readonly type: 'SampleFailed'; readonly code: string };

/** Why a pairing came to nothing, and why two devices that know each other are not in step after they were to meet. */
type BetweenDevices = Extract<AnyPairing, { readonly step: 'ended' }>['failure'] | MeetFailure;

export type AnyFailure =
	FailureOf<CommandName> | BackupFailure | HandleFailure | JobFailure | SettingRefusal | BetweenDevices;
type FailureType = AnyFailure['type'];

/** What a button beside a failure does; who shows it offers those that make sense there. */
export type Remedy =
	| 'try-again'
	| 'reload'
	| 'reconnect'
	| 'restore'
	| 'back-up'
	| 'unlock'
	| 'go-home'
	| 'remove-folder'
	| 'accept-empty';

export type FailureWords = {
	readonly title: string;
	/** One or two sentences: what it means and what to do. */
	readonly text: string;
	readonly remedy: { readonly does: Remedy; readonly title: string } | null;
	/** Something is wrong with what is kept, rather than merely in the way. */
	readonly isGrave?: boolean;
};

/** Words for each type of failure. */
export type WordsTable = {
	readonly [T in FailureType]: (failure: Extract<AnyFailure, { readonly type: T }>) => FailureWords;
};
