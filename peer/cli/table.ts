import type { CommandGroup } from './command.ts';
import { activity } from './commands/activity.ts';
import { add } from './commands/add.ts';
import { app } from './commands/app.ts';
import { atRisk } from './commands/at-risk.ts';
import { bring } from './commands/bring.ts';
import {
	collections,
	collectionsAdd,
	collectionsDelete,
	collectionsFiles,
	collectionsMake,
	collectionsRemove,
	collectionsRename
} from './commands/collections.ts';
import { cp, mv } from './commands/copy-move.ts';
import { dedupe } from './commands/dedupe.ts';
import { du } from './commands/du.ts';
import { devices, devicesAt, devicesRename, devicesRevoke } from './commands/devices.ts';
import { dupes } from './commands/dupes.ts';
import { exportLibrary } from './commands/export.ts';
import { fav, note } from './commands/fav.ts';
import { findNames } from './commands/find.ts';
import { history, historyOverwritten } from './commands/history.ts';
import { importLibrary } from './commands/import.ts';
import { indexLocations } from './commands/index-locations.ts';
import { init } from './commands/init.ts';
import { jobsSchedule, jobsSchedules, jobsUnschedule } from './commands/jobs-schedule.ts';
import { jobs } from './commands/jobs.ts';
import { join } from './commands/join.ts';
import { keyExport } from './commands/key-export.ts';
import { keyRecovery } from './commands/key-recovery.ts';
import { locationsAccept } from './commands/locations-accept.ts';
import { locationsClass } from './commands/locations-class.ts';
import { locationsMode } from './commands/locations-mode.ts';
import { locationsRename } from './commands/locations-rename.ts';
import { locationsRules } from './commands/locations-rules.ts';
import { locations } from './commands/locations.ts';
import { ls } from './commands/ls.ts';
import { mkdir } from './commands/mkdir.ts';
import { pair } from './commands/pair.ts';
import { queuePolicy } from './commands/queue-policy.ts';
import { queue } from './commands/queue.ts';
import { remove } from './commands/remove.ts';
import { rename } from './commands/rename.ts';
import { rm } from './commands/rm.ts';
import { scrub } from './commands/scrub.ts';
import { serve } from './commands/serve.ts';
import { settings, settingsSet } from './commands/settings.ts';
import { start } from './commands/start.ts';
import { stat } from './commands/stat.ts';
import { sync, syncAccept, syncStatus } from './commands/sync.ts';
import { tag, untag } from './commands/tag.ts';
import { tagsEdit, tagsRelate } from './commands/tags-edit.ts';
import { tags, tagsCreate, tagsDelete, tagsFiles, tagsMerge } from './commands/tags.ts';
import { restore, trash, trashDelete, trashEmpty } from './commands/trash.ts';
import { colour, rate } from './commands/rate.ts';
import { touch } from './commands/touch.ts';
import { redo, undo } from './commands/undo.ts';
import { verify } from './commands/verify.ts';
import { volumesMeasure } from './commands/volumes-measure.ts';
import { volumesRename } from './commands/volumes-rename.ts';
import { volumes } from './commands/volumes.ts';

/** Every command, in the order of `--help`; a family before the command that bears its name, which would hide it. */
export const commandGroups: readonly CommandGroup[] = [
	{ title: 'To begin', commands: [start, init, add, indexLocations, remove] },
	{ title: 'To find and look', commands: [ls, findNames, stat, du, dupes, atRisk] },
	{ title: 'To work with files', commands: [cp, mv, rename, mkdir, touch, bring, dedupe] },
	{
		title: 'To remove, and to take back',
		commands: [rm, trashDelete, trashEmpty, trash, restore, historyOverwritten, history, undo, redo]
	},
	{
		title: 'To say what files are',
		commands: [
			tag,
			untag,
			tagsFiles,
			tagsCreate,
			tagsEdit,
			tagsRelate,
			tagsMerge,
			tagsDelete,
			tags,
			fav,
			rate,
			colour,
			note
		]
	},
	{
		title: 'To collect files',
		commands: [
			collectionsFiles,
			collectionsMake,
			collectionsAdd,
			collectionsRemove,
			collectionsRename,
			collectionsDelete,
			collections
		]
	},
	{
		title: 'Folders and disks',
		commands: [
			locationsClass,
			locationsMode,
			locationsAccept,
			locationsRename,
			locationsRules,
			locations,
			volumesMeasure,
			volumesRename,
			volumes
		]
	},
	{ title: 'To check', commands: [verify, scrub] },
	{ title: 'What goes on', commands: [jobsSchedule, jobsSchedules, jobsUnschedule, jobs, queuePolicy, queue] },
	{ title: 'The library', commands: [settingsSet, settings, exportLibrary, importLibrary, keyExport, keyRecovery] },
	{
		title: 'Devices',
		commands: [pair, join, devicesAt, devicesRename, devicesRevoke, devices, activity, syncAccept, syncStatus, sync]
	},
	{ title: 'The app', commands: [serve, app] }
];
