import type { AnyJob } from '#core';
import { err, jobId, ok, type JobId, type Result } from '#core/kernel';
import type { Location } from '#core/volumes';
import { defineCommand, jsonOption, libraryOptions } from '../command.ts';
import type { AnyFailure } from '../failure.ts';
import { withLibrary, type OpenLibrary } from '../open-library.ts';
import { jobAmount, jobNote, jobProgress, jobTitle } from '../print-job.ts';
import { printJson, printName, printTable } from '../print.ts';
import type { Shell } from '../shell.ts';
import { printFailure, printReason } from '../words.ts';

const actions = ['pause', 'resume', 'cancel', 'warnings', 'clear'] as const;
type Action = (typeof actions)[number];

type Asked = { readonly library: OpenLibrary; readonly shell: Shell; readonly asJson: boolean };
type Known = { readonly jobs: readonly AnyJob[]; readonly locations: readonly Location[] };

/** The action and the job of the operands, or what is wrong with them. */
function parseOperands([word, text]: readonly string[]): Result<
	{ action: Action; id: JobId | null } | null,
	AnyFailure
> {
	const wrong = (problem: string) => err({ type: 'UsageWrong', command: 'jobs', problem } as const);
	if (word === undefined) return ok(null);
	const action = actions.find((known) => known === word);
	if (action === undefined) return wrong(`atoll jobs knows ${actions.join(', ')}; "${word}" is none of them.`);
	if (action === 'clear')
		return text === undefined ? ok({ action, id: null }) : wrong('atoll jobs clear takes no job.');
	if (text === undefined)
		return action === 'resume' ? ok({ action, id: null }) : wrong(`Say which job: atoll jobs ${action} <id>`);
	return /^[1-9]\d{0,14}$/.test(text)
		? ok({ action, id: jobId(Number(text)) })
		: wrong(`"${text}" is no number of a job: see atoll jobs.`);
}

async function readAll({ commands, context }: OpenLibrary): Promise<Result<Known, AnyFailure>> {
	const jobs = await commands['jobs.list']({}, context());
	if (!jobs.ok) return jobs;
	const locations = await commands['locations.list']({}, context());
	return locations.ok ? ok({ jobs: jobs.value, locations: locations.value }) : locations;
}

function say({ shell, asJson }: Asked, { jobs, locations }: Known): void {
	const { terminal } = shell;
	if (asJson) terminal.out(printJson({ jobs }));
	else if (jobs.length === 0) terminal.say('No jobs.');
	else {
		const rows = jobs.map((job) => [String(job.id), job.state, jobTitle(job, locations), jobAmount(job), jobNote(job)]);
		terminal.out(printTable(rows, { right: [0] }));
	}
}

/** Says what became of one job. */
async function sayOne(asked: Asked, id: JobId): Promise<Result<null, AnyFailure>> {
	const all = await readAll(asked.library);
	if (!all.ok) return all;
	const job = all.value.jobs.find((one) => one.id === id);
	if (job !== undefined) say(asked, { ...all.value, jobs: [job] });
	return ok(null);
}

/** Runs a job to its end, with its progress on a terminal. */
async function runJob({ library, shell }: Asked, id: JobId): Promise<Result<null, AnyFailure>> {
	const { core, commands, context } = library;
	const { terminal, signal } = shell;
	const draw = async () => {
		const all = await readAll(library);
		const job = all.ok ? all.value.jobs.find((one) => one.id === id) : undefined;
		if (all.ok && job?.state === 'running') terminal.progress(jobProgress(job, all.value.locations));
	};
	const end = core.subscribe((event) => {
		if (event.type === 'jobs-changed') void draw();
	});
	try {
		const ran = await commands['jobs.run']({ job: id }, context());
		if (!ran.ok) return ran;
		switch (ran.value.end) {
			case 'completed':
				return ok(null);
			case 'failed':
				return err(ran.value.failure);
			case 'cancelled':
				return err({ type: 'JobCancelled' });
			case 'paused':
			case 'interrupted':
				return err({ type: 'JobPaused', job: id });
		}
	} catch (thrown) {
		if (signal.aborted) return err({ type: 'JobPaused', job: id });
		throw thrown;
	} finally {
		end();
		terminal.progress(null);
	}
}

/** Runs every job that waits, one after the other. */
async function runWaiting(asked: Asked): Promise<Result<null, AnyFailure>> {
	const { shell, library } = asked;
	const all = await readAll(library);
	if (!all.ok) return all;
	const due = all.value.jobs.filter(({ state }) => state === 'queued');
	let failed = 0;
	for (const { id } of due) {
		const ran = await runJob(asked, id);
		if (ran.ok) continue;
		if (shell.signal.aborted) return ran;
		failed++;
		shell.terminal.say(printFailure(ran.failure));
	}
	const after = await readAll(library);
	if (!after.ok) return after;
	say(asked, { ...after.value, jobs: after.value.jobs.filter(({ id }) => due.some((one) => one.id === id)) });
	return failed === 0 ? ok(null) : err({ type: 'JobsFailed', failed, of: due.length });
}

async function sayWarnings({ library, shell, asJson }: Asked, job: JobId): Promise<Result<null, AnyFailure>> {
	const warnings = await library.commands['jobs.warnings']({ job }, library.context());
	if (!warnings.ok) return warnings;
	if (asJson) shell.terminal.out(printJson({ warnings: warnings.value }));
	else
		for (const warning of warnings.value) shell.terminal.out(`${printName(warning.item)}: ${printReason(warning)}\n`);
	return ok(null);
}

async function act(asked: Asked, action: Action, id: JobId | null): Promise<Result<null, AnyFailure>> {
	const { commands, context } = asked.library;
	if (action === 'clear' || id === null) {
		if (action === 'resume') return runWaiting(asked);
		const cleared = await commands['jobs.clear']({}, context());
		if (!cleared.ok) return cleared;
		asked.shell.terminal.out(asked.asJson ? printJson({ cleared: cleared.value }) : `${cleared.value} forgotten\n`);
		return ok(null);
	}
	if (action === 'warnings') return sayWarnings(asked, id);
	const done = action === 'resume' ? await runJob(asked, id) : await commands[`jobs.${action}`]({ job: id }, context());
	return done.ok ? sayOne(asked, id) : done;
}

export const jobs = defineCommand({
	name: 'jobs',
	operands: '[pause|resume|cancel|warnings <id>] [clear]',
	operandsMin: 0,
	operandsMax: 2,
	summary: 'List the jobs, or pause, resume or cancel one',
	details: `A job that was cut off waits and goes on where it was. resume runs one to its end, also one that
was paused or has failed; without a number it runs all that wait. cancel keeps what was done.
warnings lists what a job left out; clear forgets the jobs that have ended.`,
	json: `{"jobs": [{"id", "kind", "target", "state": "queued" | "running" | "paused" | "completed" | "failed" | "cancelled",
 "priority", "queuedMs", "startedMs", "endedMs", "againMs", "done", "total", "perSecond", "leftMs", "warnings",
 "failure": null or {"type", …}, "outcome", "needs": [id]}]}
 warnings: {"warnings": [{"item", "reason", "code"}]}; clear: {"cleared"}`,
	options: { ...libraryOptions, ...jsonOption },
	run: ({ values, operands, shell }) => {
		const parsed = parseOperands(operands);
		if (!parsed.ok) return Promise.resolve(parsed);
		return withLibrary('jobs', values, shell, async (library) => {
			const asked = { library, shell, asJson: values.json === true };
			if (parsed.value !== null) return act(asked, parsed.value.action, parsed.value.id);
			const all = await readAll(library);
			if (!all.ok) return all;
			say(asked, all.value);
			return ok(null);
		});
	}
});
