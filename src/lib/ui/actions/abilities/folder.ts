import CalendarClock from '@lucide/svelte/icons/calendar-clock';
import FileCheck from '@lucide/svelte/icons/file-check';
import ListFilter from '@lucide/svelte/icons/list-filter';
import ListX from '@lucide/svelte/icons/list-x';
import Minus from '@lucide/svelte/icons/circle-minus';
import Pause from '@lucide/svelte/icons/pause';
import PenLine from '@lucide/svelte/icons/pen-line';
import Play from '@lucide/svelte/icons/play';
import PlugZap from '@lucide/svelte/icons/plug-zap';
import RefreshCw from '@lucide/svelte/icons/refresh-cw';
import ScanSearch from '@lucide/svelte/icons/scan-search';
import SlidersHorizontal from '@lucide/svelte/icons/sliders-horizontal';
import type { Location } from '#core/volumes';
import type { FolderTask } from '#ui/library/folder-task.ts';
import type { App } from '#ui/shell/app.svelte.ts';
import { plural } from '#ui/words/values.ts';
import type { Ability } from '../ability.ts';

type OfLocation = Omit<Ability, 'group' | 'when' | 'run' | 'places' | 'titleIn' | 'part'> & {
	readonly part: string;
	readonly titleIn?: (location: Location, app: App) => string;
	readonly when?: (location: Location, app: App) => boolean;
	readonly run: (location: Location, app: App) => void;
};

/** One that stands in the menu of a folder of the library, which is on this device. */
function ofLocation({ when = () => true, run, titleIn, ...rest }: OfLocation): Ability {
	return {
		...rest,
		...(titleIn === undefined
			? {}
			: { titleIn: ({ location, app }) => (location === null ? rest.title : titleIn(location, app)) }),
		group: 'folder',
		places: ['location'],
		when: ({ location, app }) =>
			location !== null && location.problem?.type !== 'NotOnThisDevice' && when(location, app),
		run: ({ location, app }) => {
			if (location !== null) run(location, app);
		}
	};
}

const asks = (task: FolderTask) => (location: Location, app: App) => app.abilities.ask(location.id, task);
const isRunning = ({ id }: Location, { folders }: App): boolean => folders.progressOf(id) !== null;
const isPaused = ({ id }: Location, { jobs }: App): boolean => jobs.find('index', id)?.state === 'paused';
const isShut = ({ problem }: Location): boolean =>
	problem?.type === 'FolderNeedsConsent' || problem?.type === 'FolderDenied';

export const folderAbilities: readonly Ability[] = [
	ofLocation({
		id: 'folder.reconnect',
		title: 'Reconnect',
		icon: PlugZap,
		part: 'reading',
		when: isShut,
		run: (location, { folders }) => void folders.reconnect(location)
	}),
	ofLocation({
		id: 'folder.pause',
		title: 'Pause',
		also: 'stop reading',
		icon: Pause,
		part: 'reading',
		when: (location, app) => !isShut(location) && isRunning(location, app),
		run: ({ id }, { folders }) => void folders.pause(id)
	}),
	ofLocation({
		id: 'folder.resume',
		title: 'Go on reading',
		also: 'resume',
		icon: Play,
		part: 'reading',
		when: (location, app) => !isShut(location) && !isRunning(location, app) && isPaused(location, app),
		run: ({ id }, { folders }) => void folders.run(id)
	}),
	ofLocation({
		id: 'folder.read',
		title: 'Look for changes',
		also: 'refresh index rescan',
		icon: RefreshCw,
		part: 'reading',
		when: (location, app) => !isShut(location) && !isRunning(location, app) && !isPaused(location, app),
		run: ({ id }, { folders }) => void folders.run(id)
	}),
	ofLocation({
		id: 'folder.empty',
		title: 'It is really empty',
		icon: Minus,
		part: 'reading',
		when: ({ problem }) => problem?.type === 'FolderSuddenlyEmpty',
		run: asks('empty')
	}),
	ofLocation({
		id: 'folder.problems',
		title: 'What was not read',
		titleIn: ({ id }, { folders }) => `${plural(folders.problemsOf(id), 'item')} not read`,
		icon: ListX,
		part: 'reading',
		when: ({ id }, { folders }) => folders.problemsOf(id) > 0,
		run: asks('problems')
	}),
	ofLocation({
		id: 'folder.check',
		title: 'Check against the disk',
		also: 'verify compare',
		icon: ScanSearch,
		part: 'checking',
		run: asks('check')
	}),
	ofLocation({
		id: 'folder.scrub',
		title: 'Check every byte',
		also: 'scrub damage rot',
		icon: FileCheck,
		part: 'checking',
		// Its job has a button to pause it, and another to go on.
		when: ({ id }, { jobs }) => jobs.find('scrub', id)?.endedMs !== null,
		run: ({ id }, { folders }) => void folders.scrub(id)
	}),
	ofLocation({
		id: 'folder.mode',
		title: 'How far to look',
		also: 'index mode shallow content deep',
		icon: SlidersHorizontal,
		part: 'settings',
		run: asks('mode')
	}),
	ofLocation({
		id: 'folder.times',
		title: 'When to read again',
		also: 'schedule cron nightly weekly',
		icon: CalendarClock,
		part: 'settings',
		run: asks('times')
	}),
	ofLocation({
		id: 'folder.rename',
		title: 'Rename',
		also: 'name of the folder in the library',
		icon: PenLine,
		part: 'settings',
		run: asks('rename')
	}),
	ofLocation({
		id: 'folder.rules',
		title: 'What is in the library',
		also: 'rules ignore hidden patterns',
		icon: ListFilter,
		part: 'settings',
		run: asks('rules')
	}),
	ofLocation({
		id: 'folder.remove',
		title: 'Remove from library',
		titleIn: ({ id }, { folders }) => (folders.sample === id ? 'Remove sample' : 'Remove from library'),
		also: 'forget',
		icon: Minus,
		danger: true,
		part: 'leaving',
		run: (location, app) =>
			app.folders.sample === location.id ? void app.folders.removeSample(location.id) : asks('remove')(location, app)
	})
];
