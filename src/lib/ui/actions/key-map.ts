import { isSingle } from '#ui/primitives/keys.ts';
import type { DeviceSettings } from '#ui/shell/device-settings.svelte.ts';
import type { Ability } from './ability.ts';

type KeySettings = Pick<DeviceSettings, 'keys' | 'letters'>;

/** The chords of an ability on this device: a person's own, else those that it comes with. */
export function keysOf({ id, keys, letter }: Ability, settings: KeySettings, isApple: boolean): readonly string[] {
	const own = settings.keys[id];
	if (own !== undefined) return settings.letters ? own : own.filter((chord) => !isLetterKey(chord));
	const usual = (isApple ? keys?.apple : keys?.other) ?? [];
	return settings.letters && letter !== undefined ? [...usual, letter] : usual;
}

/** Whether a chord is a bare letter or digit: what is heard only where a person has switched that on. */
export function isLetterKey(chord: string): boolean {
	return isSingle(chord) && /[\p{L}\p{N}]/u.test(chord);
}

/** All abilities by their chords, in the order of the registry. */
export function keyMap(
	abilities: readonly Ability[],
	settings: KeySettings,
	isApple: boolean
): ReadonlyMap<string, readonly Ability[]> {
	const map = new Map<string, Ability[]>();
	for (const ability of abilities)
		for (const chord of keysOf(ability, settings, isApple)) map.set(chord, [...(map.get(chord) ?? []), ability]);
	return map;
}

/** Where the keyboard is when a key goes down. */
export type Hearing = {
	/** In a field that takes text. */
	readonly isTyping: boolean;
	/** In the list of rows, or nowhere. */
	readonly inRows: boolean;
};

/** Whether an ability hears its key there. Signs and keys without Mod are text while one types. */
export function hears({ heard = 'anywhere', whileTyping }: Ability, chord: string, at: Hearing): boolean {
	if (at.isTyping && !(whileTyping === true && chord.startsWith('Mod+'))) return false;
	return heard === 'anywhere' || at.inRows;
}

/** The ability that a chord means already, if there is another one than `id`. */
export function ownerOf(
	chord: string,
	id: string,
	abilities: readonly Ability[],
	settings: KeySettings,
	isApple: boolean
): Ability | null {
	return (keyMap(abilities, settings, isApple).get(chord) ?? []).find((ability) => ability.id !== id) ?? null;
}
