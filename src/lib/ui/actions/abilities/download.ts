import Download from '@lucide/svelte/icons/download';
import FolderDown from '@lucide/svelte/icons/folder-down';
import { canPickFolders } from '#ui/library/pick-folder.ts';
import { isElsewhere, type Ability, type AbilityContext } from '../ability.ts';

const hasSomething = (context: AbilityContext): boolean =>
	context.view !== null && (context.selection.count > 1 || context.entry !== null) && !isElsewhere(context);

/** What is chosen, or the folder that is shown. */
const meant = ({ selection, entry }: AbilityContext): readonly number[] =>
	selection.count > 0 ? [...selection.ids()] : entry === null ? [] : [entry.id];

/** Taking files out of the library's folders to somewhere else. */
export const downloadAbilities: readonly Ability[] = [
	{
		id: 'files.download',
		title: 'Download',
		titleIn: ({ entry }) => (entry?.kind === 'file' ? 'Download' : 'Download as zip'),
		also: 'save zip archive export',
		icon: Download,
		group: 'files',
		part: 'save',
		places: ['rows', 'space', 'selection'],
		when: hasSomething,
		run: (context) => {
			const { app, entry, folder } = context;
			void app.downloads.save(meant(context), entry, folder?.name ?? 'Atoll');
		}
	},
	{
		id: 'files.save-to',
		title: 'Save to a folder…',
		also: 'download export copy out',
		icon: FolderDown,
		group: 'files',
		part: 'save',
		places: ['rows', 'space'],
		when: (context) => hasSomething(context) && canPickFolders(),
		run: (context) => void context.app.downloads.saveTo(meant(context))
	}
];
