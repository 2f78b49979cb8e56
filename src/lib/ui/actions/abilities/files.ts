import CornerUpLeft from '@lucide/svelte/icons/corner-up-left';
import FolderOpen from '@lucide/svelte/icons/folder-open';
import Link from '@lucide/svelte/icons/link';
import PanelRight from '@lucide/svelte/icons/panel-right';
import RefreshCw from '@lucide/svelte/icons/refresh-cw';
import Route from '@lucide/svelte/icons/route';
import ShieldAlert from '@lucide/svelte/icons/shield-alert';
import { onAll, type Ability } from '../ability.ts';
import { copyAddress, copyPaths, pathsMax } from '../copy-text.ts';

/** What there is to do with entries. */
export const fileAbilities: readonly Ability[] = [
	{
		id: 'files.open',
		title: 'Open',
		icon: FolderOpen,
		group: 'files',
		part: 'open',
		keys: { apple: ['Enter', 'Mod+O', 'Mod+Down'], other: ['Enter'] },
		heard: 'rows',
		places: ['rows'],
		when: ({ focused, selection }) => focused !== null && selection.count <= 1,
		run: ({ explorer, focused }) => {
			if (focused !== null) explorer?.open(focused);
		}
	},
	{
		id: 'files.reveal',
		title: 'Show in its folder',
		also: 'reveal',
		icon: CornerUpLeft,
		group: 'files',
		part: 'open',
		places: ['rows'],
		when: ({ view, entry, selection }) => view === 'results' && selection.count === 1 && entry !== null,
		run: ({ explorer, entry }) => {
			if (entry !== null) explorer?.reveal(entry);
		}
	},
	{
		id: 'files.info',
		title: 'Info',
		also: 'inspector properties details',
		icon: PanelRight,
		group: 'files',
		part: 'about',
		keys: { apple: ['Mod+I'], other: ['Alt+Enter'] },
		letter: 'I',
		places: ['rows', 'space', 'selection'],
		when: ({ explorer }) => explorer !== null,
		checked: ({ explorer }) => explorer?.infoOpen === true,
		run: ({ explorer }) => explorer?.toggleInfo()
	},
	{
		id: 'files.copy-path',
		title: 'Copy path',
		titleIn: ({ selection }) => (selection.count > 1 ? 'Copy paths' : 'Copy path'),
		icon: Route,
		group: 'files',
		part: 'copy',
		places: ['rows', 'space', 'selection'],
		when: ({ entry, selection }) => entry !== null || (selection.count > 1 && selection.count <= pathsMax),
		run: (context) => void copyPaths(context)
	},
	{
		id: 'files.copy-address',
		title: 'Copy address',
		also: 'link atoll',
		icon: Link,
		group: 'files',
		part: 'copy',
		places: ['rows', 'space'],
		when: ({ entry, location }) => entry !== null && location !== null && location.place !== null,
		run: ({ app, entry }) => {
			if (entry !== null) void copyAddress(app, entry.id);
		}
	},
	{
		id: 'files.read-again',
		title: 'Read this folder again',
		also: 'refresh reload rescan',
		icon: RefreshCw,
		group: 'files',
		part: 'index',
		places: ['rows', 'space'],
		when: ({ entry, location }) => entry?.kind === 'directory' && location !== null,
		run: ({ app, entry }) => {
			if (entry !== null) void app.folders.readAgain(entry.id, entry.name);
		}
	},
	{
		id: 'files.at-risk',
		title: 'What is here only once',
		also: 'risk copies backup',
		icon: ShieldAlert,
		group: 'files',
		part: 'index',
		places: ['rows', 'space'],
		when: ({ entry }) => entry?.kind === 'directory',
		run: ({ go, entry }) => {
			if (entry !== null) go(`/at-risk?in=${entry.id}`);
		}
	},
	{
		id: 'files.menu',
		title: 'Context menu',
		also: 'more what is chosen',
		group: 'files',
		part: 'about',
		keys: onAll('Shift+F10', 'Menu'),
		heard: 'rows',
		when: ({ explorer }) => explorer !== null,
		run: ({ app }) => app.abilities.openMenuAtFocus()
	}
];
