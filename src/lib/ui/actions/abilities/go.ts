import Activity from '@lucide/svelte/icons/activity';
import ArrowLeft from '@lucide/svelte/icons/arrow-left';
import ArrowRight from '@lucide/svelte/icons/arrow-right';
import ArrowUp from '@lucide/svelte/icons/arrow-up';
import Copy from '@lucide/svelte/icons/copy';
import History from '@lucide/svelte/icons/history';
import HardDrive from '@lucide/svelte/icons/hard-drive';
import Layers from '@lucide/svelte/icons/layers';
import MonitorSmartphone from '@lucide/svelte/icons/monitor-smartphone';
import Search from '@lucide/svelte/icons/search';
import Settings from '@lucide/svelte/icons/settings-2';
import ShieldAlert from '@lucide/svelte/icons/shield-alert';
import TextCursorInput from '@lucide/svelte/icons/text-cursor-input';
import Trash from '@lucide/svelte/icons/trash-2';
import { always, onAll, type Ability, type AbilityContext } from '../ability.ts';

const inExplorer = ({ explorer }: AbilityContext): boolean => explorer !== null;

/** One that leads to a page of the app. */
function page(id: string, title: string, path: string, icon: Ability['icon'], more: Partial<Ability> = {}): Ability {
	return { id, title, path, icon, group: 'go', part: 'pages', when: always, run: ({ go }) => go(path), ...more };
}

export const goAbilities: readonly Ability[] = [
	{
		id: 'go.search',
		title: 'Search',
		also: 'find',
		icon: Search,
		group: 'go',
		keys: onAll('/', 'Mod+F'),
		whileTyping: true,
		when: inExplorer,
		run: ({ explorer }) => explorer?.onSearch?.()
	},
	{
		id: 'go.path',
		title: 'Type a path',
		also: 'address bar location',
		icon: TextCursorInput,
		group: 'go',
		keys: onAll('Mod+L'),
		letter: 'G',
		whileTyping: true,
		when: inExplorer,
		run: ({ explorer }) => {
			if (explorer !== null) explorer.pathOpen = true;
		}
	},
	{
		id: 'go.up',
		title: 'Up',
		also: 'parent folder above',
		icon: ArrowUp,
		group: 'go',
		keys: { apple: ['Mod+Up', 'Backspace'], other: ['Alt+Up', 'Backspace'] },
		letter: 'U',
		when: inExplorer,
		run: ({ explorer }) => explorer?.up()
	},
	{
		id: 'go.back',
		title: 'Back',
		icon: ArrowLeft,
		group: 'go',
		keys: { apple: ['Mod+['], other: ['Alt+Left'] },
		when: always,
		run: () => history.back()
	},
	{
		id: 'go.forward',
		title: 'Forward',
		icon: ArrowRight,
		group: 'go',
		keys: { apple: ['Mod+]'], other: ['Alt+Right'] },
		when: always,
		run: () => history.forward()
	},
	page('go.folders', 'All folders', '/files', Layers, { also: 'home locations' }),
	page('go.duplicates', 'Duplicates', '/duplicates', Copy, { also: 'copies waste' }),
	page('go.at-risk', 'Only one copy', '/at-risk', ShieldAlert, { also: 'risk safe' }),
	page('go.disks', 'Disks', '/disks', HardDrive, { also: 'volumes drives storage class' }),
	page('go.devices', 'Devices', '/devices', MonitorSmartphone, { also: 'pair sync connect phone computer' }),
	page('go.trash', 'Trash', '/trash', Trash, { also: 'bin deleted removed put back restore' }),
	page('go.activity', 'Activity', '/activity', Activity, { also: 'feed news what happened lately devices' }),
	page('go.history', 'History', '/history', History, { also: 'undo what was done changes' }),
	page('go.settings', 'Settings', '/settings', Settings, {
		also: 'preferences options password',
		keys: onAll('Mod+,'),
		places: ['library']
	})
];
