/** When a folder is read again by itself, in the words of people and as cron expressions. */
import type { ScheduledKind } from '#core';

export type TimedKind = Extract<ScheduledKind, 'index' | 'scrub'>;

type Choice = { readonly cron: string; readonly title: string };

/** At three and four no clock is put on or back where this is known to happen. */
export const timeChoices: Readonly<Record<TimedKind, readonly Choice[]>> = {
	index: [
		{ cron: '0 * * * *', title: 'Every hour' },
		{ cron: '0 3 * * *', title: 'Every night at 3' },
		{ cron: '0 3 * * sun', title: 'Every week, Sunday at 3' }
	],
	scrub: [
		{ cron: '0 4 * * sun', title: 'Every week, Sunday at 4' },
		{ cron: '0 4 1 * *', title: 'Every month, the first at 4' }
	]
};

/** The choices of a kind, with the time that is set where that is another. */
export function choicesWith(kind: TimedKind, cron: string | null): readonly Choice[] {
	const choices = timeChoices[kind];
	const isKnown = cron === null || choices.some((choice) => choice.cron === cron);
	return isKnown ? choices : [...choices, { cron, title: `By its own schedule: ${cron}` }];
}
