import type { Commands } from '#core';
import type { CoreFailed } from '../../workers/session/protocol.ts';
import type { FailedReason } from './connection.svelte.ts';

/** What crosses to the core as a call; the other two carry functions and are the client's backup methods. */
export type CommandName = Exclude<keyof Commands, 'library.export' | 'library.import'>;

export type InputOf<Name extends CommandName> = Parameters<Commands[Name]>[0];
/** The core's own answer. */
export type AnswerOf<Name extends CommandName> = Awaited<ReturnType<Commands[Name]>>;
export type ValueOf<Name extends CommandName> = Extract<AnswerOf<Name>, { readonly ok: true }>['value'];
export type FailureOf<Name extends CommandName> =
	Extract<AnswerOf<Name>, { readonly ok: false }>['failure'] | CallFailure;

/** Commands that only read, and that a live query may keep asking. */
export type QueryName =
	| 'library.status'
	| 'locations.list'
	| 'volumes.list'
	| 'index.running'
	| 'index.watched'
	| 'index.problems'
	| 'jobs.list'
	| 'jobs.warnings'
	| 'jobs.schedules'
	| 'entries.ids'
	| 'entries.rows'
	| 'entries.trail'
	| 'entries.resolve'
	| 'entries.usage'
	| 'entries.size-map'
	| 'search.find'
	| 'search.facets'
	| 'search.first'
	| 'content.running'
	| 'content.of'
	| 'content.copies'
	| 'content.duplicates'
	| 'content.at-risk'
	| 'metadata.tags'
	| 'metadata.tagged'
	| 'metadata.tag-counts'
	| 'metadata.mark-counts'
	| 'metadata.favourites'
	| 'metadata.collections'
	| 'metadata.collected'
	| 'metadata.of'
	| 'metadata.overwritten'
	| 'actions.history'
	| 'files.trash-list'
	| 'files.trash-ids'
	| 'settings.read'
	| 'activity.list'
	| 'devices.list'
	| 'devices.pairing'
	| 'sync.status';

/** What may stop any call. */
export type CallFailure =
	| CoreFailed
	/** `signal` was aborted, or the client closed. A write may have been applied all the same. */
	| { readonly type: 'Cancelled' }
	/** There is no core to ask: see the words for the reason. */
	| { readonly type: 'Disconnected'; readonly reason: FailedReason };
