import Download from '@lucide/svelte/icons/download';
import FolderPlus from '@lucide/svelte/icons/folder-plus';
import ListTodo from '@lucide/svelte/icons/list-todo';
import Lock from '@lucide/svelte/icons/lock';
import Shapes from '@lucide/svelte/icons/shapes';
import { openFolder, openSample, saveBackup } from '#ui/library/begin.ts';
import { canPickFolders } from '#ui/library/pick-folder.ts';
import { always, onAll, type Ability } from '../ability.ts';

export const libraryAbilities: readonly Ability[] = [
	{
		id: 'library.add-folder',
		title: 'Add folder',
		also: 'location open',
		icon: FolderPlus,
		group: 'library',
		when: ({ app }) => canPickFolders() && app.folders.busy === null,
		run: ({ app, go }) => void openFolder(app, async (path) => go(path))
	},
	{
		id: 'library.sample',
		title: 'Try a sample',
		icon: Shapes,
		group: 'library',
		when: ({ app: { folders } }) => folders.list.value !== null && folders.all.length === 0 && folders.busy === null,
		run: ({ app, go }) => void openSample(app, async (path) => go(path))
	},
	{
		id: 'library.jobs',
		title: 'Jobs',
		also: 'progress work tasks',
		icon: ListTodo,
		group: 'library',
		when: always,
		run: ({ app }) => {
			app.jobs.open = true;
		}
	},
	{
		id: 'library.backup',
		title: 'Make a backup',
		also: 'export save',
		icon: Download,
		group: 'library',
		places: ['library'],
		when: always,
		run: ({ app }) => void saveBackup(app)
	},
	{
		id: 'library.lock',
		title: 'Lock',
		also: 'close leave',
		icon: Lock,
		group: 'library',
		part: 'leaving',
		keys: onAll('Mod+Shift+L'),
		places: ['library'],
		when: always,
		run: ({ app }) => void app.lock()
	}
];
