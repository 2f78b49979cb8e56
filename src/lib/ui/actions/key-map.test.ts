import { describe, expect, it } from 'vitest';
import { hears, isLetterKey, keyMap, keysOf, ownerOf, type Hearing } from './key-map.ts';
import { registry } from './registry.ts';

const usual = { keys: {}, letters: false };
const inRows: Hearing = { isTyping: false, inRows: true };
const elsewhere: Hearing = { isTyping: false, inRows: false };
const typing: Hearing = { isTyping: true, inRows: false };

/** What a chord means; the first of those that hear it. */
function meaning(chord: string, at: Hearing, isApple = false, settings = usual): string | null {
	const abilities = keyMap(registry, settings, isApple).get(chord) ?? [];
	return abilities.find((ability) => hears(ability, chord, at))?.id ?? null;
}

describe('keys of abilities', () => {
	it.each([
		['/', 'go.search'],
		['Mod+F', 'go.search'],
		['Mod+L', 'go.path'],
		['Alt+Up', 'go.up'],
		['Backspace', 'go.up'],
		['Alt+Left', 'go.back'],
		['Alt+Right', 'go.forward'],
		['Alt+Enter', 'files.info'],
		['Mod+K', 'app.palette'],
		['?', 'app.shortcuts']
	])('%s anywhere, on other machines', (chord, id) => {
		expect(meaning(chord, inRows)).toBe(id);
		expect(meaning(chord, elsewhere)).toBe(id);
	});

	it.each([
		['Mod+F', 'go.search'],
		['Mod+L', 'go.path'],
		['Mod+Up', 'go.up'],
		['Mod+[', 'go.back'],
		['Mod+]', 'go.forward'],
		['Mod+I', 'files.info'],
		['Mod+O', 'files.open'],
		['Mod+Down', 'files.open']
	])('%s in the rows, on a Mac', (chord, id) => {
		expect(meaning(chord, inRows, true)).toBe(id);
	});

	it.each(['Enter', 'Esc', 'Mod+A', 'Mod+I', 'Shift+F10', 'Menu'])('%s means something in the rows only', (chord) => {
		expect(meaning(chord, inRows)).not.toBeNull();
		expect(meaning(chord, elsewhere)).toBeNull();
	});

	it('signs and plain chords are text while one types, the great commands are not', () => {
		for (const chord of ['/', '?', 'Backspace', 'Alt+Left', 'Mod+A', 'Enter', 'Esc'])
			expect(meaning(chord, typing), chord).toBeNull();
		for (const chord of ['Mod+K', 'Mod+L', 'Mod+F']) expect(meaning(chord, typing), chord).not.toBeNull();
	});

	it('no chord means two things in one place', () => {
		for (const isApple of [false, true])
			for (const [chord, abilities] of keyMap(registry, { keys: {}, letters: true }, isApple))
				expect(abilities, chord).toHaveLength(1);
	});

	it('F72: single letters mean nothing until they are switched on', () => {
		const isBare = (settings: typeof usual) => [...keyMap(registry, settings, false).keys()].filter(isLetterKey);
		expect(isBare(usual)).toEqual([]);
		expect(isBare({ keys: { 'go.up': ['X'] }, letters: false })).toEqual([]);
		expect(isBare({ keys: {}, letters: true }).length).toBeGreaterThan(3);
		expect(meaning('U', inRows, false, { keys: {}, letters: true })).toBe('go.up');
		expect(meaning('U', typing, false, { keys: {}, letters: true })).toBeNull();
	});

	it('F72: a person gives an ability other keys, or none', () => {
		const settings = { keys: { 'go.up': ['Alt+U'], 'app.shortcuts': [] }, letters: false };
		expect(meaning('Alt+U', elsewhere, false, settings)).toBe('go.up');
		expect(meaning('Alt+Up', elsewhere, false, settings)).toBeNull();
		expect(meaning('?', elsewhere, false, settings)).toBeNull();
		const up = registry.find(({ id }) => id === 'go.up');
		expect(up && keysOf(up, settings, true)).toEqual(['Alt+U']);
		expect(ownerOf('Alt+U', 'go.path', registry, settings, false)?.id).toBe('go.up');
		expect(ownerOf('Alt+U', 'go.up', registry, settings, false)).toBeNull();
	});
});
