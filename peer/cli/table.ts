import type { Command } from './command.ts';
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
import { dupes } from './commands/dupes.ts';
import { exportLibrary } from './commands/export.ts';
import { fav, note } from './commands/fav.ts';
import { findNames } from './commands/find.ts';
import { history } from './commands/history.ts';
import { importLibrary } from './commands/import.ts';
import { indexLocations } from './commands/index-locations.ts';
import { init } from './commands/init.ts';
import { jobsSchedule, jobsSchedules, jobsUnschedule } from './commands/jobs-schedule.ts';
import { jobs } from './commands/jobs.ts';
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
export const commands: readonly Command[] = [
	start,
	init,
	add,
	indexLocations,
	jobsSchedule,
	jobsSchedules,
	jobsUnschedule,
	jobs,
	locationsClass,
	locationsMode,
	locationsAccept,
	locationsRename,
	locationsRules,
	locations,
	volumesMeasure,
	volumesRename,
	volumes,
	remove,
	cp,
	mv,
	rename,
	mkdir,
	touch,
	bring,
	rm,
	trashDelete,
	trashEmpty,
	trash,
	restore,
	history,
	undo,
	redo,
	ls,
	findNames,
	stat,
	du,
	dupes,
	dedupe,
	atRisk,
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
	note,
	collectionsFiles,
	collectionsMake,
	collectionsAdd,
	collectionsRemove,
	collectionsRename,
	collectionsDelete,
	collections,
	queuePolicy,
	queue,
	verify,
	scrub,
	settingsSet,
	settings,
	exportLibrary,
	importLibrary,
	keyExport,
	keyRecovery,
	serve,
	app
];
