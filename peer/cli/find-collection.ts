import { err, ok, type Result } from '#core/kernel';
import type { CollectionNode } from '#core/metadata';
import type { AnyFailure } from './failure.ts';
import type { OpenLibrary } from './open-library.ts';
import { parsePrinted } from './print.ts';

/** The collection that `text` names: by its id, or by its name where only one bears it. */
export async function findCollection(
	{ commands, context }: OpenLibrary,
	text: string
): Promise<Result<CollectionNode, AnyFailure>> {
	const listed = await commands['metadata.collections']({}, context());
	if (!listed.ok) return listed;
	for (const form of [text, parsePrinted(text)]) {
		const [found, ...others] = listed.value.filter(({ id, name }) => id === form || name === form);
		if (found === undefined) continue;
		return others.length === 0 ? ok(found) : err({ type: 'CollectionAmbiguous', name: text });
	}
	return err({ type: 'CollectionUnknown', name: text });
}
