import Command from '@lucide/svelte/icons/command';
import Download from '@lucide/svelte/icons/monitor-down';
import Keyboard from '@lucide/svelte/icons/keyboard';
import Monitor from '@lucide/svelte/icons/monitor';
import Moon from '@lucide/svelte/icons/moon';
import Redo from '@lucide/svelte/icons/redo-2';
import Undo from '@lucide/svelte/icons/undo-2';
import Sun from '@lucide/svelte/icons/sun';
import { theme, type Theme } from '#ui/shell/theme.svelte.ts';
import { always, onAll, type Ability } from '../ability.ts';

function look(value: Theme, title: string, icon: Ability['icon']): Ability {
	return {
		id: `app.${value}`,
		title,
		also: 'theme appearance mode colours',
		icon,
		group: 'app',
		part: 'look',
		when: always,
		checked: () => theme.value === value,
		run: () => theme.set(value)
	};
}

export const appAbilities: readonly Ability[] = [
	{
		id: 'app.undo',
		title: 'Undo',
		also: 'take back revert',
		icon: Undo,
		group: 'app',
		part: 'undo',
		keys: onAll('Mod+Z'),
		when: always,
		run: ({ app }) => void app.undoLatest(false)
	},
	{
		id: 'app.redo',
		title: 'Redo',
		also: 'again',
		icon: Redo,
		group: 'app',
		part: 'undo',
		keys: { apple: ['Mod+Shift+Z'], other: ['Mod+Shift+Z', 'Mod+Y'] },
		when: always,
		run: ({ app }) => void app.undoLatest(true)
	},
	{
		id: 'app.palette',
		title: 'Find something to do',
		also: 'command palette',
		icon: Command,
		group: 'app',
		keys: onAll('Mod+K'),
		whileTyping: true,
		places: ['library'],
		when: always,
		run: ({ app }) => {
			app.abilities.paletteOpen = true;
		}
	},
	{
		id: 'app.shortcuts',
		title: 'Keyboard shortcuts',
		also: 'keys help remap',
		icon: Keyboard,
		group: 'app',
		keys: onAll('?'),
		places: ['library'],
		when: always,
		run: ({ app }) => {
			app.abilities.sheetOpen = true;
		}
	},
	look('light', 'Light appearance', Sun),
	look('dark', 'Dark appearance', Moon),
	look('system', 'Appearance of the system', Monitor),
	{
		id: 'app.install',
		title: 'Install Atoll',
		icon: Download,
		group: 'app',
		when: ({ app }) => app.installer.available,
		run: ({ app }) => void app.installer.ask()
	}
];
