import { err, ok } from '#core/kernel';
import { defineCommand, libraryOptions } from '../command.ts';
import { findLocation } from '../find-location.ts';
import { withLibrary } from '../open-library.ts';
import { printName } from '../print.ts';

export const remove = defineCommand({
	name: 'remove',
	operands: '<location>',
	operandsMin: 1,
	operandsMax: 1,
	summary: 'Forget a folder; its files are not touched',
	options: {
		...libraryOptions,
		yes: { type: 'boolean', short: 'y', help: 'do not ask' }
	},
	run: ({ values, operands, shell }) =>
		withLibrary('remove', values, shell, async (library) => {
			const { terminal, signal } = shell;
			const found = await findLocation(library, operands[0] ?? '', shell.folder);
			if (!found.ok) return found;
			const { id, name, root } = found.value;
			if (values.yes !== true) {
				const question = `Forget /${printName(name)} (${printName(root)})? Its files stay. [y/N] `;
				const answer = terminal.canAsk ? await terminal.ask(question, 'echo', signal) : '';
				if (answer === null) return err({ type: 'Interrupted' });
				if (!/^y(es)?$/i.test(answer.trim())) return err({ type: 'NotConfirmed' });
			}
			const removed = await library.commands['locations.remove']({ location: id }, library.context());
			if (!removed.ok) return removed;
			terminal.out(`Forgot /${printName(name)}. Nothing was changed in ${printName(root)}\n`);
			return ok(null);
		})
});
