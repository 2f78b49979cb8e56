import { visibleName } from '#ui/files/name-parts.ts';
import { plural } from '#ui/words/values.ts';
import type { DropVerdict } from './drop-rules.ts';

export type DragHint = { readonly title: string; readonly more: string };

/** What is said beside the pointer before a drop of `count` entries into the folder called `folder`. */
export function dragHint(verdict: DropVerdict, count: number, folder: string, onApple: boolean): DragHint {
	const name = `“${visibleName(folder)}”`;
	const [copyKey, moveKey] = onApple ? ['⌥', '⌘'] : ['Ctrl', 'Shift'];
	if (verdict.type === 'can') {
		const title = `${verdict.transfer === 'move' ? 'Move' : 'Copy'} ${plural(count, 'item')} to ${name}`;
		const more = {
			key: '',
			'same-disk': `Hold ${copyKey} to copy.`,
			'other-disk': `It is another disk: hold ${moveKey} to move.`,
			'read-only': 'Where it lies is for reading only.'
		};
		return { title, more: more[verdict.by] };
	}
	const them = count === 1 ? 'It is' : 'They are';
	const words = {
		'target-gone': ['This folder is not there any more.', ''],
		'inside-itself': ['A folder cannot go into itself.', ''],
		'source-away': [`${them} on a disk that cannot be reached now.`, ''],
		'target-away': [`${name} cannot be reached now.`, ''],
		'target-read-only': [`${name} is for reading only.`, ''],
		'source-read-only': [`${them} for reading only.`, `Hold ${copyKey} to copy.`],
		'already-there': [`${them} there already.`, `Hold ${copyKey} to copy.`]
	} as const;
	const [title, more] = words[verdict.why];
	return { title, more };
}
