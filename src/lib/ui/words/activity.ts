/** What has happened in the library, in words. */
import type { Activity } from '#core';
import { folderPath } from '#ui/files/address.ts';
import { actionDid } from './actions.ts';
import { plural } from './values.ts';

type Of<Type extends Activity['type']> = Extract<Activity, { readonly type: Type }>;
type Happened<Kind extends Of<'happened'>['kind']> = Extract<Of<'happened'>, { readonly kind: Kind }>;

const items = (count: number): string => plural(count, 'item');
const quoted = (name: string | null, otherwise: string): string => (name === null ? otherwise : `“${name}”`);

const marks: Readonly<Record<string, string>> = {
	favourite: 'favourites',
	rating: 'the rating',
	colour: 'the colour',
	note: 'the note'
};

/** Of how many files, or of which one. */
function ofWhat({ targets, file }: Of<'said'>): string {
	return file === null ? items(targets) : `“${file.name}”`;
}

function saidWords(said: Of<'said'>): string {
	const { verb, about } = said;
	if (about.is === 'ties') return 'Changed how tags lie under one another';
	if (about.is === 'mark') return `Changed ${marks[about.mark] ?? 'a mark'} of ${ofWhat(said)}`;
	const thing = about.is === 'tag' ? 'tag' : 'collection';
	const name = quoted(about.name, `a ${thing} that is gone`);
	if (verb === 'described') return `Made or changed the ${thing} ${name}`;
	if (verb === 'deleted') return `Deleted a ${thing}`;
	if (about.is === 'tag')
		return verb === 'put on' ? `Tagged ${ofWhat(said)} ${name}` : `Took the tag ${name} off ${ofWhat(said)}`;
	return verb === 'put on' ? `Put ${ofWhat(said)} into ${name}` : `Took ${ofWhat(said)} out of ${name}`;
}

const heldDomain = ({ domain, deleted }: { readonly domain: string; readonly deleted: number }): string =>
	domain === 'index'
		? plural(deleted, 'file or folder', 'files and folders')
		: plural(deleted, 'tag or mark', 'tags and marks');

function toldWords({ added, changed, removed }: Happened<'told'>): string {
	const parts = [
		...(added === 0 ? [] : [`${plural(added, 'new file or folder', 'new files and folders')}`]),
		...(changed === 0 ? [] : [`${items(changed)} changed`]),
		...(removed === 0 ? [] : [`${items(removed)} gone`])
	];
	return `In its folders: ${parts.join(', ')}`;
}

function happenedWords(happened: Of<'happened'>): string {
	switch (happened.kind) {
		case 'told':
			return toldWords(happened);
		case 'held':
			return `${heldDomain(happened)} deleted there: held until somebody here says so`;
		case 'released':
			return `${heldDomain(happened)} deleted there went here as well, as you said`;
		case 'kept':
			return `${heldDomain(happened)} deleted there stayed here, as you said`;
		case 'renamed':
			return `Called “${happened.name}” now, “${happened.before}” before`;
	}
}

/** What has happened; `nameOf` says what a device is called. */
export function activityWords(activity: Activity, nameOf: (device: Of<'joined'>['device']) => string): string {
	switch (activity.type) {
		case 'done': {
			const { undoes, isUndoing } = activity.action;
			const did = actionDid(activity.action);
			return undoes === null ? did : `${isUndoing ? 'Undid' : 'Did again'}: ${did}`;
		}
		case 'said':
			return saidWords(activity);
		case 'happened':
			return happenedWords(activity);
		case 'joined':
			return activity.by === null
				? 'Became a device of this library'
				: `Became a device of this library: “${nameOf(activity.by)}” let it in`;
		case 'removed':
			return 'Removed from the library';
	}
}

/** Where what has happened is seen; null where there is nothing to be looked at. */
export function activityPath(activity: Activity): string | null {
	if (activity.type === 'done') return '/history';
	if (activity.type !== 'said') return '/devices';
	const { about, file, verb } = activity;
	if (file !== null && file.folder !== null) return folderPath(file.folder, file.entry);
	if (verb === 'deleted') return null;
	if (about.is === 'tag') return about.name === null ? null : `/tags/${about.tag}`;
	if (about.is === 'collection') return about.name === null ? null : `/collections/${about.collection}`;
	return about.is === 'mark' && about.mark === 'favourite' ? '/favourites' : null;
}
