import FileCheck from '@lucide/svelte/icons/file-check';
import Info from '@lucide/svelte/icons/list-x';
import CalendarClock from '@lucide/svelte/icons/calendar-clock';
import ListFilter from '@lucide/svelte/icons/list-filter';
import PenLine from '@lucide/svelte/icons/pen-line';
import Pause from '@lucide/svelte/icons/pause';
import Play from '@lucide/svelte/icons/play';
import ScanSearch from '@lucide/svelte/icons/scan-search';
import RefreshCw from '@lucide/svelte/icons/refresh-cw';
import SlidersHorizontal from '@lucide/svelte/icons/sliders-horizontal';
import Unplug from '@lucide/svelte/icons/plug-zap';
import X from '@lucide/svelte/icons/circle-minus';
import type { Location } from '#core/volumes';
import type { MenuItem } from '#ui/primitives/Menu.svelte';
import type { App } from '#ui/shell/app.svelte.ts';
import { plural } from '#ui/words/values.ts';

/** What needs a dialog of its own. */
export type FolderTask = 'rename' | 'remove' | 'problems' | 'empty' | 'mode' | 'check' | 'rules' | 'times';

/** What one can do with a folder of the library, the same wherever its menu opens. */
export function folderMenu(
	app: App,
	location: Location,
	begin: (task: FolderTask) => void
): readonly (readonly MenuItem[])[] {
	const { folders } = app;
	const isRunning = folders.progressOf(location.id) !== null;
	const isPaused = app.jobs.find('index', location.id)?.state === 'paused';
	const problems = folders.problemsOf(location.id);
	const reading: MenuItem[] = [];
	if (location.problem?.type === 'FolderNeedsConsent' || location.problem?.type === 'FolderDenied')
		reading.push({ title: 'Reconnect', icon: Unplug, run: () => void folders.reconnect(location) });
	else if (isRunning) reading.push({ title: 'Pause', icon: Pause, run: () => void folders.pause(location.id) });
	else if (isPaused) reading.push({ title: 'Go on reading', icon: Play, run: () => void folders.run(location.id) });
	else reading.push({ title: 'Look for changes', icon: RefreshCw, run: () => void folders.run(location.id) });
	if (location.problem?.type === 'FolderSuddenlyEmpty')
		reading.push({ title: 'It is really empty', icon: X, run: () => begin('empty') });
	if (problems > 0)
		reading.push({ title: `${plural(problems, 'item')} not read`, icon: Info, run: () => begin('problems') });
	const isScrubbing = app.jobs.find('scrub', location.id)?.endedMs === null;
	const checking: MenuItem[] = [{ title: 'Check against the disk', icon: ScanSearch, run: () => begin('check') }];
	// Its job has a button to pause it, and another to go on.
	if (!isScrubbing)
		checking.push({ title: 'Check every byte', icon: FileCheck, run: () => void folders.scrub(location.id) });
	const isSample = folders.sample === location.id;
	return [
		reading,
		checking,
		[
			{ title: 'How far to look', icon: SlidersHorizontal, run: () => begin('mode') },
			{ title: 'When to read again', icon: CalendarClock, run: () => begin('times') },
			{ title: 'Rename', icon: PenLine, run: () => begin('rename') },
			{ title: 'What is in the library', icon: ListFilter, run: () => begin('rules') }
		],
		[
			isSample
				? { title: 'Remove sample', icon: X, danger: true, run: () => void folders.removeSample(location.id) }
				: { title: 'Remove from library', icon: X, danger: true, run: () => begin('remove') }
		]
	];
}
