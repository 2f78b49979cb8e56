import { err, ok } from '#core/kernel';
import { defineCommand, jsonOption, libraryOptions } from '../command.ts';
import { withLibrary } from '../open-library.ts';
import { printJson, printName, printNumber } from '../print.ts';

export const verify = defineCommand({
	name: 'verify',
	operands: '',
	operandsMin: 0,
	operandsMax: 0,
	summary: 'Check the whole library: every page, the tree and the index of names',
	details: 'It reads only the library, not the folders.',
	json: '{"entries", "flaws": [{"kind", "detail"}]}',
	options: { ...libraryOptions, ...jsonOption },
	run: ({ values, shell }) =>
		withLibrary('verify', values, shell, async ({ commands, context }) => {
			const report = await commands['library.verify']({}, context());
			if (!report.ok) return report;
			const { entries, flaws } = report.value;
			if (values.json === true) shell.terminal.out(printJson({ entries, flaws }));
			else {
				for (const { kind, detail } of flaws) shell.terminal.out(`${kind}: ${printName(detail)}\n`);
				if (flaws.length === 0) shell.terminal.out(`Sound: ${printNumber(entries, 'entry', 'entries')}\n`);
			}
			return flaws.length === 0 ? ok(null) : err({ type: 'LibraryFlawed', flaws: flaws.length });
		})
});
