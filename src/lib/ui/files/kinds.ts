import type { FileKind } from '#core/content';
import type { EntryRow } from '#core/index';

/** What a person sees of a kind of file: it picks the icon and its colour. */
export type KindGroup =
	'folder' | 'image' | 'video' | 'audio' | 'document' | 'sheet' | 'slides' | 'code' | 'archive' | 'link' | 'other';
export type Kind = { readonly group: KindGroup; readonly words: string };

/** The core tells kinds; there are fewer signs than kinds. */
const groups: Readonly<Record<FileKind, KindGroup>> = {
	image: 'image',
	video: 'video',
	audio: 'audio',
	document: 'document',
	book: 'document',
	mail: 'document',
	text: 'document',
	sheet: 'sheet',
	slides: 'slides',
	code: 'code',
	archive: 'archive',
	disk: 'archive',
	font: 'other',
	model: 'other',
	database: 'other',
	program: 'other',
	other: 'other'
};

function extensionOf(name: string): string {
	const dot = name.lastIndexOf('.');
	return dot > 0 && dot < name.length - 1 ? name.slice(dot + 1).toLowerCase() : '';
}

/** What to call an entry: by its type as the core has it, else by the end of its name. */
export function kindOf({ kind, name, type }: Pick<EntryRow, 'kind' | 'name' | 'type'>): Kind {
	if (kind === 'directory') return { group: 'folder', words: 'Folder' };
	if (kind === 'symlink') return { group: 'link', words: 'Link' };
	if (kind === 'other') return { group: 'other', words: 'Special file' };
	if (type !== null && type.id !== 'binary') return { group: groups[type.kind], words: type.words };
	const extension = extensionOf(name);
	return { group: 'other', words: /^[a-z0-9]{1,6}$/.test(extension) ? `${extension.toUpperCase()} file` : 'File' };
}
