import { err, ok, type Result } from '#core/kernel';
import type { ScrubOutcome } from '#core/content';
import type { JobWarning } from '#core/jobs';
import type { Location } from '#core/volumes';
import { defineCommand, jsonOption, libraryOptions } from '../command.ts';
import type { AnyFailure } from '../failure.ts';
import { findLocation, isHere } from '../find-location.ts';
import { withLibrary, type OpenLibrary } from '../open-library.ts';
import { jobProgress } from '../print-job.ts';
import { printCount, printJson, printName, printNumber, printSize } from '../print.ts';
import type { Shell } from '../shell.ts';
import { printReason } from '../words.ts';

type Scrubbed = {
	readonly location: Location;
	readonly outcome: ScrubOutcome;
	readonly found: readonly JobWarning[];
};

function isJobOf(location: Location, { kind, target }: { readonly kind: string; readonly target: string }): boolean {
	return kind === 'scrub' && target === String(location.id);
}

async function scrubOne(library: OpenLibrary, location: Location, shell: Shell): Promise<Result<Scrubbed, AnyFailure>> {
	const { core, commands, context } = library;
	const jobOf = async () => {
		const jobs = await commands['jobs.list']({}, context());
		return jobs.ok ? jobs.value.find((job) => isJobOf(location, job)) : undefined;
	};
	const draw = async () => {
		const job = await jobOf();
		if (job?.state === 'running') shell.terminal.progress(jobProgress(job, [location]));
	};
	const end = core.subscribe((event) => {
		if (event.type === 'jobs-changed') void draw();
	});
	try {
		const outcome = await commands['content.scrub']({ location: location.id }, context());
		if (!outcome.ok) return outcome;
		const job = await jobOf();
		const found = job === undefined ? ok([]) : await commands['jobs.warnings']({ job: job.id }, context());
		return found.ok ? ok({ location, outcome: outcome.value, found: found.value }) : found;
	} catch (thrown) {
		if (shell.signal.aborted) return err({ type: 'ScrubPaused' });
		throw thrown;
	} finally {
		end();
		shell.terminal.progress(null);
	}
}

function say({ location, outcome, found }: Scrubbed, { terminal }: Shell): void {
	for (const warning of found) terminal.out(`/${printName(warning.item)}: ${printReason(warning)}\n`);
	const { whole, damaged, unread, bytesRead } = outcome;
	const counts = `${printCount(whole)} whole, ${printCount(damaged)} damaged, ${printCount(unread)} not read`;
	const files = printNumber(whole + damaged + unread, 'file', 'files');
	terminal.out(`/${printName(location.name)}: ${files} (${counts}), ${printSize(bytesRead)} read\n`);
}

export const scrub = defineCommand({
	name: 'scrub',
	operands: '[location]',
	operandsMin: 0,
	operandsMax: 1,
	summary: 'Read every byte of every file, and say which are not what they were',
	details: `Each file whose content is known is read to the end, the disk busy for half of the time at most. Other bytes
under the same size and time are damage: the file is marked, counts as a copy of nothing, and is found
again by atoll verify <path>. The first scrub proves what it reads. It is a job: interrupted or killed
it goes on where it was, by the same command or atoll jobs. Ends with 1 where a file is damaged.`,
	json: `{"locations": [{"id", "name", "whole", "damaged", "unread", "bytesRead",
 "found": [{"path", "reason", "code"}] (at most 100)}]}`,
	options: { ...libraryOptions, ...jsonOption },
	run: ({ values, operands, shell }) =>
		withLibrary('scrub', values, shell, async (library) => {
			const [wanted] = operands;
			const one = wanted === undefined ? null : await findLocation(library, wanted, shell.folder);
			if (one?.ok === false) return one;
			const all = one === null ? await library.commands['locations.list']({}, library.context()) : ok([one.value]);
			if (!all.ok) return all;
			const ended: Scrubbed[] = [];
			for (const location of all.value.filter((one) => wanted !== undefined || isHere(one))) {
				const scrubbed = await scrubOne(library, location, shell);
				if (!scrubbed.ok) return scrubbed;
				ended.push(scrubbed.value);
				if (values.json !== true) say(scrubbed.value, shell);
			}
			if (values.json === true) {
				const locations = ended.map(({ location: { id, name }, outcome, found }) => ({
					id,
					name,
					...outcome,
					found: found.map(({ item, reason, code }) => ({ path: `/${item}`, reason, code }))
				}));
				shell.terminal.out(printJson({ locations }));
			}
			const files = ended.reduce((sum, { outcome }) => sum + outcome.damaged, 0);
			return files === 0 ? ok(null) : err({ type: 'FilesDamaged', files });
		})
});
