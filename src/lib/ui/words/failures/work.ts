import type { WordsTable } from './failure.ts';
import { reload, tryAgain } from './remedies.ts';
import { patternWords } from '../patterns.ts';

/** The words for what goes wrong with jobs, schedules and actions. */
export const workFailures = {
	IndexPaused: () => ({
		title: 'Paused',
		text: 'Looking through the folder was stopped. It goes on where it was.',
		remedy: { does: 'try-again', title: 'Go on' }
	}),
	IndexCancelled: () => ({
		title: 'Cancelled',
		text: 'Looking through the folder was cancelled. What it had found stays.',
		remedy: tryAgain
	}),
	ContentPaused: () => ({
		title: 'Paused',
		text: 'Reading the files was stopped. It goes on where it was.',
		remedy: { does: 'try-again', title: 'Go on' }
	}),
	ContentCancelled: () => ({
		title: 'Cancelled',
		text: 'Looking at the files was cancelled. What is known of them stays.',
		remedy: tryAgain
	}),
	ScrubPaused: () => ({
		title: 'Paused',
		text: 'The check of every byte was stopped. It goes on where it was.',
		remedy: { does: 'try-again', title: 'Go on' }
	}),
	ScrubCancelled: () => ({
		title: 'Cancelled',
		text: 'The check of every byte was stopped. What it found damaged stays marked.',
		remedy: null
	}),
	JobMissing: () => ({ title: 'This is not there any more', text: 'It was cleared away.', remedy: null }),
	JobEnded: () => ({ title: 'It has already ended', text: 'There is nothing left of it to change.', remedy: null }),
	CronWrong: ({ field, text }) => ({
		title: 'This is no schedule',
		text: field === null ? `It has to have five fields: ${text}` : `The ${field} cannot be ${text}.`,
		remedy: null
	}),
	CronNever: () => ({ title: 'This is no schedule', text: 'No month has such a day.', remedy: null }),
	JobDefect: () => ({
		title: 'Something went wrong in Atoll',
		text: 'That is a mistake of ours, not yours. What was done so far is kept.',
		remedy: tryAgain
	}),
	ActionWaits: ({ cause }) => ({
		title: cause.type === 'NoSpace' ? 'The disk is full' : 'A disk or folder cannot be used now',
		text: 'What was done so far is kept, and nothing is lost. It goes on as soon as that is possible again.',
		remedy: tryAgain
	}),
	ActionUnknown: () => ({
		title: 'Atoll cannot do that',
		text: 'This page and its inner part are not of one version. Reload the page.',
		remedy: reload
	}),
	PatternWrong: ({ part }) => ({ title: 'No names can be made so', text: patternWords[part], remedy: null }),
	ActionInputInvalid: () => ({
		title: 'That cannot be done so',
		text: 'Something that was entered does not fit. Change it and try again.',
		remedy: null
	}),
	ActionMissing: () => ({
		title: 'This is not remembered any more',
		text: 'The history keeps the latest changes.',
		remedy: null
	}),
	PlanStale: () => ({
		title: 'Things have changed meanwhile',
		text: 'Nothing was done. Look at what would be done now, then decide.',
		remedy: tryAgain
	}),
	PlanUnseen: () => ({
		title: 'Look at it first',
		text: 'This is not done without a look at what it does.',
		remedy: null
	}),
	PlanEmpty: () => ({
		title: 'There is nothing to do',
		text: 'Nothing of this can be done as things stand.',
		remedy: null
	})
} satisfies Partial<WordsTable>;
