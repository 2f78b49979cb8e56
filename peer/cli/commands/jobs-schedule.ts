import type { ScheduledKind } from '#core';
import { err, ok, type Result } from '#core/kernel';
import type { Schedule } from '#core/jobs';
import type { Location } from '#core/volumes';
import { defineCommand, jsonOption, libraryOptions } from '../command.ts';
import type { AnyFailure } from '../failure.ts';
import { findLocation } from '../find-location.ts';
import { withLibrary, type OpenLibrary } from '../open-library.ts';
import { jobTitle } from '../print-job.ts';
import { printJson, printMinute, printTable } from '../print.ts';
import { actionJson, actionOptions, runAction } from '../print-plan.ts';
import type { Shell } from '../shell.ts';

const meanings: Readonly<Record<ScheduledKind, string>> = {
	index: 'reads a folder again',
	content: 'looks at the files in it that were not looked at yet',
	scrub: 'reads every byte of its files against what is known of them',
	queue: 'puts the queue of analyses right; it takes no folder'
};

function isKind(text: string): text is ScheduledKind {
	return Object.hasOwn(meanings, text);
}

function row(schedule: Schedule<ScheduledKind>, locations: readonly Location[]): string[] {
	const { id, cron, nextMs, lastMs } = schedule;
	const last = lastMs === null ? '' : `last ${printMinute(lastMs)}`;
	return [String(id), cron, jobTitle(schedule, locations), `next ${printMinute(nextMs)}`, last];
}

/** Prints schedules, or says that there are none. */
async function say(
	{ commands, context }: OpenLibrary,
	schedules: readonly Schedule<ScheduledKind>[],
	asJson: boolean,
	{ terminal }: Shell
): Promise<Result<null, AnyFailure>> {
	if (asJson) {
		terminal.out(printJson({ schedules }));
		return ok(null);
	}
	const locations = await commands['locations.list']({}, context());
	if (!locations.ok) return locations;
	if (schedules.length === 0) terminal.say('No schedules. Make one: atoll jobs schedule');
	else
		terminal.out(
			printTable(
				schedules.map((one) => row(one, locations.value)),
				{ right: [0] }
			)
		);
	return ok(null);
}

const json = '{"schedules": [{"id", "kind", "target", "cron", "nextMs", "lastMs": null or a time}]}';

export const jobsSchedule = defineCommand({
	name: 'jobs schedule',
	operands: `index|content|scrub <location> "<cron>" | queue "<cron>"`,
	operandsMin: 2,
	operandsMax: 3,
	summary: 'Have a job done again and again by itself',
	details: `${Object.entries(meanings)
		.map(([kind, meaning]) => `${kind}: ${meaning}`)
		.join(';\n')}.
The cron expression is one argument of five fields (minute, hour, day of month, month, day of week) by the local time
of this machine (TZ): "0 3 * * *" is every night at three, "0 4 * * sun" every Sunday at four. Numbers, *, ranges,
lists and steps: 1-5  1,15  */10  0-30/10; months and days also by their first three letters. Where both kinds of days
are named, either is one. What clocks leave out in spring is done as soon as they are put on; what they say twice in
autumn is done once.
It is done while atoll serve or atoll start runs. What was missed meanwhile is done once at the next start. A job that
somebody has paused stays paused. A second schedule for the same takes the place of the first.`,
	json: actionJson,
	options: { ...libraryOptions, ...actionOptions },
	run: async ({ values, operands, shell }) => {
		const [kind = '', ...others] = operands;
		const wrong = (problem: string) => err({ type: 'UsageWrong', command: 'jobs schedule', problem } as const);
		if (!isKind(kind)) return wrong(`What can be scheduled is one of ${Object.keys(meanings).join(', ')}.`);
		if (others.length !== (kind === 'queue' ? 1 : 2))
			return wrong(
				kind === 'queue'
					? 'atoll jobs schedule queue takes no folder, and the five fields of the cron expression as one argument.'
					: `Say which folder and when: atoll jobs schedule ${kind} <location> "<cron>"`
			);
		const cron = others.at(-1) ?? '';
		return withLibrary('jobs schedule', values, shell, async (library) => {
			const found = kind === 'queue' ? ok(null) : await findLocation(library, others[0] ?? '', shell.folder);
			if (!found.ok) return found;
			const location = found.value?.id ?? null;
			return runAction(library, { action: 'jobs.set-schedule', input: { kind, location, cron } }, values, shell);
		});
	}
});

export const jobsSchedules = defineCommand({
	name: 'jobs schedules',
	operands: '',
	operandsMin: 0,
	operandsMax: 0,
	summary: 'List what is done by itself, and when next',
	json,
	options: { ...libraryOptions, ...jsonOption },
	run: ({ values, shell }) =>
		withLibrary('jobs schedules', values, shell, async (library) => {
			const listed = await library.commands['jobs.schedules']({}, library.context());
			return listed.ok ? say(library, listed.value, values.json === true, shell) : listed;
		})
});

export const jobsUnschedule = defineCommand({
	name: 'jobs unschedule',
	operands: '<id>',
	operandsMin: 1,
	operandsMax: 1,
	summary: 'Have a job no longer done by itself',
	details: 'The number is that of atoll jobs schedules. A job that is queued already stays so.',
	json: actionJson,
	options: { ...libraryOptions, ...actionOptions },
	run: async ({ values, operands, shell }) => {
		const [text = ''] = operands;
		if (!/^[1-9]\d{0,14}$/.test(text))
			return err({
				type: 'UsageWrong',
				command: 'jobs unschedule',
				problem: `"${text}" is no number of a schedule: see atoll jobs schedules.`
			});
		return withLibrary('jobs unschedule', values, shell, async (library) => {
			const listed = await library.commands['jobs.schedules']({}, library.context());
			if (!listed.ok) return listed;
			const known = listed.value.find(({ id }) => id === Number(text));
			if (known === undefined) return err({ type: 'ScheduleMissing' });
			const location = known.kind === 'queue' ? null : Number(known.target);
			const input = { kind: known.kind, location, cron: null };
			return runAction(library, { action: 'jobs.set-schedule', input }, values, shell);
		});
	}
});
