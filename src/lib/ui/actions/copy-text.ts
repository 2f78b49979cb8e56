import type { EntryRow } from '#core/index';
import type { EntryId } from '#core/kernel';
import type { App } from '#ui/shell/app.svelte.ts';
import { plural } from '#ui/words/values.ts';
import type { AbilityContext } from './ability.ts';

/** Paths copied at once: a list that one still pastes somewhere. */
export const pathsMax = 1_000;

/** Puts a text on the clipboard and says so; where the browser does not let us, shows it to be copied by hand. */
export async function copyText(app: App, text: string, done: string): Promise<void> {
	try {
		await navigator.clipboard.writeText(text);
		app.notices.tell(done);
	} catch {
		const title = 'The browser did not let Atoll copy.';
		app.notices.show({ tone: 'danger', title, text, action: null });
	}
}

export async function copyAddress(app: App, entry: EntryId): Promise<void> {
	const address = await app.do('addresses.of', { entry });
	if (address.ok) await copyText(app, address.value, 'Address copied.');
}

/** The way to an entry as it is typed: the name of the library's folder, then the names below it. */
export function pathText(app: App, trail: readonly EntryRow[]): string {
	const names = trail.map(({ id, name, parent }) => (parent === null ? (app.folders.ofEntry(id)?.name ?? name) : name));
	return `/${names.join('/')}`;
}

/** Copies the paths of what is chosen, one in a line, else the path of the folder. */
export async function copyPaths({ app, selection, entry }: AbilityContext): Promise<void> {
	const rows = await app.do('entries.rows', { ids: entry === null ? [...selection.ids()] : [entry.id] });
	if (!rows.ok) return;
	const above = new Map<EntryId | null, string>([[null, '']]);
	for (const { parent } of rows.value) {
		if (parent === null || above.has(parent)) continue;
		const trail = await app.do('entries.trail', { entry: parent });
		if (!trail.ok) return;
		above.set(parent, pathText(app, trail.value));
	}
	const paths = rows.value.map((row) =>
		row.parent === null ? pathText(app, [row]) : `${above.get(row.parent) ?? ''}/${row.name}`
	);
	const done = paths.length === 1 ? 'Path copied.' : `${plural(paths.length, 'path')} copied.`;
	await copyText(app, paths.join('\n'), done);
}
