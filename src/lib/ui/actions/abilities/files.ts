import ClipboardPaste from '@lucide/svelte/icons/clipboard-paste';
import Copy from '@lucide/svelte/icons/copy';
import CopyPlus from '@lucide/svelte/icons/copy-plus';
import CornerUpLeft from '@lucide/svelte/icons/corner-up-left';
import FilePlus from '@lucide/svelte/icons/file-plus';
import FileUp from '@lucide/svelte/icons/file-up';
import FolderInput from '@lucide/svelte/icons/folder-input';
import FolderOpen from '@lucide/svelte/icons/folder-open';
import FolderOutput from '@lucide/svelte/icons/folder-output';
import FolderPlus from '@lucide/svelte/icons/folder-plus';
import FolderUp from '@lucide/svelte/icons/folder-up';
import Link from '@lucide/svelte/icons/link';
import PanelRight from '@lucide/svelte/icons/panel-right';
import PenLine from '@lucide/svelte/icons/pen-line';
import RefreshCw from '@lucide/svelte/icons/refresh-cw';
import Route from '@lucide/svelte/icons/route';
import Scissors from '@lucide/svelte/icons/scissors';
import ShieldAlert from '@lucide/svelte/icons/shield-alert';
import Trash from '@lucide/svelte/icons/trash-2';
import { chooseAndBring } from '#ui/files/bring-in.ts';
import type { Transfer } from '#ui/files/file-work.svelte.ts';
import { plural } from '#ui/words/values.ts';
import { isElsewhere, onAll, type Ability, type AbilityContext } from '../ability.ts';
import { copyAddress, copyPaths, pathsMax } from '../copy-text.ts';

const chosen = ({ selection }: AbilityContext): readonly number[] => [...selection.ids()];

/** Whether files are chosen that could go elsewhere: the folder of a location is not among them. */
export const hasFiles = (context: AbilityContext): boolean => {
	const { view, selection, entry } = context;
	return view !== null && view !== 'sizes' && selection.count > 0 && entry?.parent !== null && !isElsewhere(context);
};

/** Whether something can come into the folder that is shown. */
const takesFiles = (context: AbilityContext): boolean =>
	context.view === 'list' && context.folder !== null && context.location !== null && !isElsewhere(context);

/** Whether this device can read what is meant; of what was gathered, that is seen when it tries. */
const isReadHere = (context: AbilityContext): boolean =>
	context.view === 'gathered' || (context.location !== null && !isElsewhere(context));

function askPlace(transfer: Transfer, context: AbilityContext): void {
	const { app, view, folder } = context;
	const from = view === 'list' && folder !== null ? folder.id : null;
	app.files.asked = { type: 'place', transfer, entries: chosen(context), from };
}

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
		run: ({ rows, focused }) => {
			if (focused !== null) rows?.open(focused);
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
		when: ({ view, entry, selection }) => view === 'gathered' && selection.count === 1 && entry !== null,
		run: ({ rows, entry }) => {
			if (entry !== null) rows?.reveal(entry);
		}
	},
	{
		id: 'files.cut',
		title: 'Cut',
		also: 'move clipboard',
		icon: Scissors,
		group: 'files',
		part: 'clipboard',
		keys: onAll('Mod+X'),
		heard: 'rows',
		places: ['rows'],
		when: hasFiles,
		run: (context) => context.app.files.take('move', chosen(context))
	},
	{
		id: 'files.copy',
		title: 'Copy',
		also: 'clipboard',
		icon: Copy,
		group: 'files',
		part: 'clipboard',
		keys: onAll('Mod+C'),
		heard: 'rows',
		places: ['rows'],
		when: hasFiles,
		run: (context) => context.app.files.take('copy', chosen(context))
	},
	{
		id: 'files.paste',
		title: 'Paste',
		titleIn: ({ app }) => `Paste ${plural(app.files.clipboard?.entries.length ?? 0, 'item')}`,
		also: 'clipboard insert',
		icon: ClipboardPaste,
		group: 'files',
		part: 'clipboard',
		keys: onAll('Mod+V'),
		heard: 'rows',
		places: ['rows', 'space'],
		when: (context) => context.app.files.clipboard !== null && takesFiles(context),
		run: ({ app, folder }) => {
			if (folder !== null) void app.files.paste(folder);
		}
	},
	{
		id: 'files.duplicate',
		title: 'Duplicate',
		also: 'copy beside',
		icon: CopyPlus,
		group: 'files',
		part: 'clipboard',
		keys: onAll('Mod+D'),
		heard: 'rows',
		places: ['rows'],
		when: (context) => hasFiles(context) && takesFiles(context),
		run: (context) => {
			const { app, folder } = context;
			if (folder !== null) void app.files.transfer('copy', chosen(context), folder.id);
		}
	},
	{
		id: 'files.make-folder',
		title: 'New folder',
		also: 'make create directory',
		icon: FolderPlus,
		group: 'files',
		part: 'change',
		keys: onAll('Mod+Shift+N'),
		places: ['space'],
		when: takesFiles,
		run: ({ app, folder }) => {
			if (folder !== null) app.files.asked = { type: 'make-folder', folder };
		}
	},
	{
		id: 'files.make-text',
		title: 'New text file',
		also: 'make create document note txt',
		icon: FilePlus,
		group: 'files',
		part: 'change',
		keys: onAll('Mod+Alt+N'),
		places: ['space'],
		when: takesFiles,
		run: ({ app, folder }) => {
			if (folder !== null) app.files.asked = { type: 'make-text', folder };
		}
	},
	{
		id: 'files.upload',
		title: 'Upload files…',
		also: 'bring import add copy here ingest',
		icon: FileUp,
		group: 'files',
		part: 'change',
		keys: onAll('Mod+U'),
		places: ['space'],
		when: takesFiles,
		run: ({ app, folder }) => {
			if (folder !== null) chooseAndBring(app, folder, 'files');
		}
	},
	{
		id: 'files.upload-folder',
		title: 'Upload folder…',
		also: 'bring import add copy here ingest directory',
		icon: FolderUp,
		group: 'files',
		part: 'change',
		places: ['space'],
		when: takesFiles,
		run: ({ app, folder }) => {
			if (folder !== null) chooseAndBring(app, folder, 'folder');
		}
	},
	{
		id: 'files.rename',
		title: 'Rename',
		titleIn: ({ selection }) => (selection.count > 1 ? `Rename ${plural(selection.count, 'item')}…` : 'Rename'),
		also: 'name several batch pattern number replace',
		icon: PenLine,
		group: 'files',
		part: 'change',
		keys: onAll('F2'),
		heard: 'rows',
		places: ['rows', 'selection'],
		when: (context) => hasFiles(context) && (context.selection.count > 1 || context.entry !== null),
		run: (context) => {
			if (context.selection.count > 1) context.app.files.asked = { type: 'rename-many', entries: chosen(context) };
			else context.rows?.rename();
		}
	},
	{
		id: 'files.move-to',
		title: 'Move to…',
		also: 'folder elsewhere',
		icon: FolderInput,
		group: 'files',
		part: 'change',
		keys: onAll('Mod+Shift+M'),
		heard: 'rows',
		places: ['rows', 'selection'],
		when: hasFiles,
		run: (context) => askPlace('move', context)
	},
	{
		id: 'files.copy-to',
		title: 'Copy to…',
		also: 'folder elsewhere',
		icon: FolderOutput,
		group: 'files',
		part: 'change',
		places: ['rows'],
		when: hasFiles,
		run: (context) => askPlace('copy', context)
	},
	{
		id: 'files.trash',
		title: 'Move to trash',
		also: 'delete remove bin',
		icon: Trash,
		group: 'files',
		part: 'trash',
		keys: { apple: ['Mod+Backspace', 'Delete'], other: ['Delete'] },
		heard: 'rows',
		places: ['rows', 'selection'],
		danger: true,
		when: hasFiles,
		run: (context) => void context.app.files.trash(chosen(context))
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
		places: ['rows', 'space'],
		when: ({ rows }) => rows !== null,
		checked: ({ rows }) => rows?.infoOpen === true,
		run: ({ rows }) => rows?.toggleInfo()
	},
	{
		id: 'files.copy-path',
		title: 'Copy path',
		titleIn: ({ selection }) => (selection.count > 1 ? 'Copy paths' : 'Copy path'),
		icon: Route,
		group: 'files',
		part: 'copy',
		places: ['rows', 'space'],
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
		when: ({ view, entry, location }) => entry !== null && (view === 'gathered' || (location?.place ?? null) !== null),
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
		when: (context) => context.entry?.kind === 'directory' && isReadHere(context),
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
		when: ({ rows }) => rows !== null,
		run: ({ app }) => app.abilities.openMenuAtFocus()
	}
];
