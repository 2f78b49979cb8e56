import { ok } from '#core/kernel';
import { analyses, type AnalysisPolicy, type AnalysisQueue } from '#core/analysis';
import type { Location } from '#core/volumes';
import { defineCommand, jsonOption, libraryOptions } from '../command.ts';
import { withLibrary } from '../open-library.ts';
import { printJson, printName, printNumber, printSize, printTable } from '../print.ts';

/** What holds for a location that says nothing of its own. */
function policyOfAll({ said }: AnalysisQueue, { kind, policy }: (typeof analyses)[number]): AnalysisPolicy {
	return said.find((one) => one.location === null && one.kind === kind)?.policy ?? policy;
}

function toRows(queue: AnalysisQueue, locations: readonly Location[]): string[][] {
	return analyses.map((analysis) => {
		const counts = queue.counts.filter(({ kind }) => kind === analysis.kind);
		const waiting = counts.map(
			({ policy, contents, bytes }) =>
				`${printNumber(contents, 'content', 'contents')} (${printSize(bytes)})${counts.length > 1 ? ` ${policy}` : ''}`
		);
		const others = queue.said
			.filter(({ kind, location }) => kind === analysis.kind && location !== null)
			.map(({ location, policy }) => {
				const name = locations.find(({ id }) => id === location)?.name;
				return `${policy} in ${name === undefined ? `location ${location}` : `/${printName(name)}`}`;
			});
		const policy = [policyOfAll(queue, analysis), ...others].join(', ');
		return [analysis.kind, policy, waiting.join(', ') || '-', analysis.words];
	});
}

export const queue = defineCommand({
	name: 'queue',
	operands: '',
	operandsMin: 0,
	operandsMax: 0,
	summary: 'Say what could be made of the files of folders in deep mode',
	details: `One line for each analysis: how much it is wanted, how many contents it is to be made of (copies count
once), what it gives. Nothing of it is made: this version only keeps the queue.
now: soon; idle: when there is nothing else to do; never. See: atoll queue policy --help, atoll locations mode --help`,
	json: `{"queue": [{"kind", "policy", "counts": [{"policy", "contents", "bytes"}],
 "locations": [{"location", "policy"}]}]}; "policy" is "now", "idle" or "never"`,
	options: { ...libraryOptions, ...jsonOption },
	run: ({ values, shell }) =>
		withLibrary('queue', values, shell, async ({ commands, context }) => {
			const read = await commands['analysis.queue']({}, context());
			if (!read.ok) return read;
			const listed = await commands['locations.list']({}, context());
			if (!listed.ok) return listed;
			const { terminal } = shell;
			if (values.json === true) {
				const { counts, said } = read.value;
				const rows = analyses.map((analysis) => ({
					kind: analysis.kind,
					policy: policyOfAll(read.value, analysis),
					counts: counts
						.filter(({ kind }) => kind === analysis.kind)
						.map(({ policy, contents, bytes }) => ({ policy, contents, bytes })),
					locations: said
						.filter(({ kind, location }) => kind === analysis.kind && location !== null)
						.map(({ location, policy }) => ({ location, policy }))
				}));
				terminal.out(printJson({ queue: rows }));
				return ok(null);
			}
			if (!listed.value.some(({ mode }) => mode === 'deep'))
				terminal.note('No folder is in deep mode: atoll locations mode <location> deep');
			terminal.out(printTable(toRows(read.value, listed.value)));
			return ok(null);
		})
});
