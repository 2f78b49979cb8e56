import { render } from 'svelte/server';
import { describe, expect, it } from 'vitest';
import { chordOf } from '#ui/primitives/keys.ts';
import { groups } from './ability.ts';
import { findItems, paletteItems } from './palette-items.ts';
import { registry } from './registry.ts';
import ShortcutList from './ShortcutList.svelte';
import { whyNot, withKeys } from './shortcut-edit.ts';

const ids = registry.map(({ id }) => id);

/** The keystroke that a chord of others' machines stands for. */
function strokeOf(chord: string) {
	const parts = chord.split('+');
	const names: Readonly<Record<string, string>> = { Esc: 'Escape', Space: ' ', Menu: 'ContextMenu' };
	const last = parts.at(-1) ?? '';
	const key = names[last] ?? (/^(Up|Down|Left|Right)$/.test(last) ? `Arrow${last}` : last);
	return {
		key,
		shiftKey: parts.includes('Shift'),
		ctrlKey: parts.includes('Mod'),
		metaKey: false,
		altKey: parts.includes('Alt')
	};
}

describe('the registry', () => {
	it('knows each ability once, by an id of its group', () => {
		expect(new Set(ids).size).toBe(ids.length);
		for (const { group } of registry) expect([...groups]).toContain(group);
		for (const { id } of registry) expect(id).toMatch(/^[a-z]+\.[a-z]+(-[a-z]+)*$/);
	});

	it('has chords that a keyboard can give', () => {
		for (const { keys, letter } of registry)
			for (const chord of [...(keys?.other ?? []), ...(letter === undefined ? [] : [letter])])
				expect(chordOf(strokeOf(chord), false)).toBe(chord);
	});

	it('F72: the sheet of shortcuts lists exactly what is in it', () => {
		const settings = { keys: { 'go.up': ['Alt+U'] }, letters: false };
		const { body } = render(ShortcutList, {
			props: { abilities: registry, settings, isApple: false, onchange: () => {} }
		});
		const listed = [...body.matchAll(/data-ability="([^"]+)"/g)].map(([, id]) => id ?? '');
		expect(listed.toSorted()).toEqual(ids.toSorted());
		for (const { title } of registry) expect(body).toContain(title);
		expect(body).toContain('Alt+U');
		expect(body).not.toContain('Alt+↑');
	});

	it('F72: the palette finds every one of it by its title', () => {
		const items = paletteItems(registry, [], ({ title }) => title);
		for (const ability of registry) {
			if (ability.id === 'app.palette') continue;
			expect(findItems(items, ability.title, [])[0]?.title, ability.title).toBe(ability.title);
		}
	});

	it('the palette puts first what was done last, where nothing else is better', () => {
		const items = paletteItems(registry, [], ({ title }) => title);
		expect(
			findItems(items, '', ['library.lock', 'go.disks'])
				.slice(0, 2)
				.map(({ id }) => id)
		).toEqual(['library.lock', 'go.disks']);
		expect(findItems(items, 'sort', ['view.sort-size'])[0]?.id).toBe('view.sort-size');
		expect(findItems(items, 'sort by name', ['view.sort-size'])[0]?.id).toBe('view.sort-name');
	});
});

describe('changing keys', () => {
	const settings = { keys: {}, letters: false };
	const up = registry.find(({ id }) => id === 'go.up');

	it.each(['Enter', 'Esc', 'Up', 'Shift+Down', 'Mod+Shift+End', 'Tab'])('%s stays what it is', (chord) => {
		expect(up && whyNot(chord, up, registry, settings, false)).toMatch(/move/);
	});

	it('says whose keys they are, and takes no single letter while those are off', () => {
		expect(up && whyNot('Mod+K', up, registry, settings, false)).toContain('Find something to do');
		expect(up && whyNot('Q', up, registry, settings, false)).toMatch(/off/);
		expect(up && whyNot('Q', up, registry, { ...settings, letters: true }, false)).toBeNull();
		expect(up && whyNot('Alt+Up', up, registry, settings, false)).toBeNull();
	});

	it('keeps what a person wants, none included, and gives back what it came with', () => {
		const changed = withKeys({}, 'go.up', ['Alt+U']);
		expect(withKeys(changed, 'go.path', [])).toEqual({ 'go.up': ['Alt+U'], 'go.path': [] });
		expect(withKeys(changed, 'go.up', null)).toEqual({});
	});
});
