import type { DeviceSettings } from '#ui/shell/device-settings.svelte.ts';
import { groups, groupTitles, type Ability } from './ability.ts';
import { isLetterKey, keysOf, ownerOf } from './key-map.ts';

type Keys = DeviceSettings['keys'];
type KeySettings = Pick<DeviceSettings, 'keys' | 'letters'>;

/** Keys that move in the rows, from field to field and out of things, always. */
const moves =
	/^((Mod|Shift|Mod\+Shift)\+)?(Up|Down|PageUp|PageDown|Home|End|Left|Right)$|^(Shift\+)?Tab$|^(Enter|Esc)$/;

export type ShortcutGroup = {
	readonly title: string;
	readonly rows: readonly { readonly ability: Ability; readonly keys: readonly string[]; readonly isOwn: boolean }[];
};

/** What the sheet of shortcuts lists: every ability once, by group. */
export function shortcutGroups(
	abilities: readonly Ability[],
	settings: KeySettings,
	isApple: boolean
): readonly ShortcutGroup[] {
	return groups.map((group) => ({
		title: groupTitles[group],
		rows: abilities
			.filter((ability) => ability.group === group)
			.map((ability) => ({
				ability,
				keys: keysOf(ability, settings, isApple),
				isOwn: settings.keys[ability.id] !== undefined
			}))
	}));
}

/** Why an ability cannot have these keys; null where it can. */
export function whyNot(
	chord: string,
	{ id }: Ability,
	abilities: readonly Ability[],
	settings: KeySettings,
	isApple: boolean
): string | null {
	if (moves.test(chord)) return 'These keys move or close.';
	if (isLetterKey(chord) && !settings.letters)
		return 'Single letters are off: add Ctrl, Alt or Shift with another key.';
	const owner = ownerOf(chord, id, abilities, settings, isApple);
	return owner === null ? null : `“${owner.title}” has these keys.`;
}

/** The keys of a device with those of one ability changed; null gives back the ones that it comes with. */
export function withKeys(keys: Keys, id: string, chords: readonly string[] | null): Keys {
	const rest = Object.entries(keys).filter(([other]) => other !== id);
	return Object.fromEntries(chords === null ? rest : [...rest, [id, chords]]);
}
