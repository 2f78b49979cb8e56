import ArrowLeftRight from '@lucide/svelte/icons/arrow-left-right';
import Columns from '@lucide/svelte/icons/columns-2';
import FolderInput from '@lucide/svelte/icons/folder-input';
import FolderOutput from '@lucide/svelte/icons/folder-output';
import type { Explorer } from '#ui/files/explorer.svelte.ts';
import type { Transfer } from '#ui/files/file-work.svelte.ts';
import { onAll, type Ability, type AbilityContext } from '../ability.ts';
import { hasFiles } from './files.ts';

/** The folder beside the active one; null where there is none. */
const beside = ({ app }: AbilityContext): Explorer | null => app.abilities.panes?.other ?? null;

function toOther(transfer: Transfer, title: string, icon: Ability['icon'], key: string): Ability {
	return {
		id: `files.${transfer}-beside`,
		title,
		also: 'split view side',
		icon,
		group: 'files',
		part: 'change',
		keys: onAll(key),
		heard: 'rows',
		places: ['rows'],
		when: (context) => hasFiles(context) && beside(context)?.search.active === false,
		run: (context) => {
			const folder = beside(context)?.folder ?? null;
			if (folder !== null) void context.app.files.transfer(transfer, [...context.selection.ids()], folder);
		}
	};
}

/** What there is to do with two folders side by side. */
export const paneAbilities: readonly Ability[] = [
	{
		id: 'view.split',
		title: 'Split view',
		also: 'two panes side by side dual',
		icon: Columns,
		group: 'view',
		part: 'panes',
		keys: onAll('Mod+\\'),
		places: ['space'],
		when: ({ app }) => app.abilities.panes?.hasRoom === true,
		checked: ({ app }) => app.abilities.panes?.isSplit === true,
		run: ({ app }) => void app.abilities.panes?.toggle()
	},
	{
		id: 'view.switch',
		title: 'Go to the other pane',
		also: 'split view switch side',
		icon: ArrowLeftRight,
		group: 'view',
		part: 'panes',
		keys: onAll('F6'),
		when: (context) => beside(context) !== null,
		run: ({ app }) => app.abilities.panes?.switch()
	},
	toOther('move', 'Move to the other pane', FolderInput, 'Alt+Shift+M'),
	toOther('copy', 'Copy to the other pane', FolderOutput, 'Alt+Shift+C')
];
