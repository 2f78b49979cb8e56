import { err } from '#core/kernel';
import { defineCommand, libraryOptions } from '../command.ts';
import { findTag } from '../find-tag.ts';
import { withLibrary } from '../open-library.ts';
import { actionJson, actionOptions, runAction } from '../print-plan.ts';

export const tagsEdit = defineCommand({
	name: 'tags edit',
	operands: '<tag>',
	operandsMin: 1,
	operandsMax: 1,
	summary: 'Change the name or the look of a tag, or what it lies under',
	details: `With --under, repeated for each, it lies under just these; --top takes it from under all.
--synonym, repeated for each, and --no-synonyms do the same for its synonyms.`,
	json: actionJson,
	options: {
		...libraryOptions,
		name: { type: 'string', hint: 'NAME', help: 'its new name' },
		colour: { type: 'string', hint: 'COLOUR', help: 'grey, red, orange, yellow, green, teal, blue, purple or pink' },
		icon: { type: 'string', hint: 'ICON', help: 'tag, star, flag, person, place, camera, music, book, work or home' },
		privacy: { type: 'string', hint: 'WORD', help: 'normal, archive, or hidden but where it is asked for by name' },
		under: {
			type: 'string',
			multiple: true,
			hint: 'TAG',
			help: 'the tag that it lies under, which then finds its files'
		},
		top: { type: 'boolean', help: 'it lies under no other' },
		synonym: { type: 'string', multiple: true, hint: 'TAG', help: 'a tag that finds the same files' },
		'no-synonyms': { type: 'boolean', help: 'it has no synonyms' },
		...actionOptions
	},
	run: ({ values, operands, shell }) =>
		withLibrary('tags edit', values, shell, async (library) => {
			const { name, colour, icon, privacy, under = [], top = false, synonym = [] } = values;
			const isAlone = values['no-synonyms'] === true;
			const usage = (problem: string) => err({ type: 'UsageWrong', command: 'tags edit', problem } as const);
			if (top && under.length > 0) return usage('--top and --under do not go together.');
			if (isAlone && synonym.length > 0) return usage('--synonym and --no-synonyms do not go together.');
			const looks = { name, colour, icon, privacy };
			const given = Object.entries(looks).filter(([, value]) => value !== undefined);
			if (given.length + under.length + synonym.length === 0 && !top && !isAlone)
				return usage('Say what is to be changed: --name, --colour, --under…');
			const tag = await findTag(library, operands[0] ?? '');
			if (!tag.ok) return tag;
			const [parents, synonyms] = [[] as string[], [] as string[]];
			for (const [texts, ids] of [[under, parents] as const, [synonym, synonyms] as const])
				for (const text of texts) {
					const found = await findTag(library, text);
					if (!found.ok) return found;
					ids.push(found.value.tag.id);
				}
			const input = {
				tag: tag.value.tag.id,
				...Object.fromEntries(given),
				...(top || under.length > 0 ? { parents } : {}),
				...(isAlone || synonym.length > 0 ? { synonyms } : {})
			};
			return runAction(library, { action: 'metadata.edit-tag', input }, values, shell);
		})
});

export const tagsRelate = defineCommand({
	name: 'tags relate',
	operands: '<tag> <other>',
	operandsMin: 2,
	operandsMax: 2,
	summary: 'Put a tag under another, or make the two synonyms; --off takes that back',
	details: 'What lies under a tag is found by it; synonyms find the same files.',
	json: actionJson,
	options: {
		...libraryOptions,
		synonym: { type: 'boolean', help: 'they mean the same' },
		off: { type: 'boolean', help: 'they are tied so no more' },
		...actionOptions
	},
	run: ({ values, operands, shell }) =>
		withLibrary('tags relate', values, shell, async (library) => {
			const [tag, other] = [await findTag(library, operands[0] ?? ''), await findTag(library, operands[1] ?? '')];
			if (!tag.ok) return tag;
			if (!other.ok) return other;
			const relation = values.synonym === true ? 'synonym' : 'parent';
			const input = { relation, tag: tag.value.tag.id, other: other.value.tag.id };
			const action = values.off === true ? 'metadata.unrelate-tags' : 'metadata.relate-tags';
			return runAction(library, { action, input }, values, shell);
		})
});
