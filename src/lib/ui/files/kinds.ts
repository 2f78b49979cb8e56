import type { EntryKind } from '#core/ports';

/** What a person calls a kind of file: it picks the icon and its colour. */
export type KindGroup =
	'folder' | 'image' | 'video' | 'audio' | 'document' | 'sheet' | 'slides' | 'code' | 'archive' | 'link' | 'other';
export type Kind = { readonly group: KindGroup; readonly words: string };

const table: Readonly<Record<string, readonly [KindGroup, string]>> = {
	jpg: ['image', 'JPEG image'],
	jpeg: ['image', 'JPEG image'],
	png: ['image', 'PNG image'],
	gif: ['image', 'GIF image'],
	webp: ['image', 'WebP image'],
	avif: ['image', 'AVIF image'],
	heic: ['image', 'HEIC photo'],
	heif: ['image', 'HEIF photo'],
	tif: ['image', 'TIFF image'],
	tiff: ['image', 'TIFF image'],
	bmp: ['image', 'Bitmap image'],
	svg: ['image', 'SVG drawing'],
	ico: ['image', 'Icon'],
	raw: ['image', 'Raw photo'],
	dng: ['image', 'Raw photo'],
	cr2: ['image', 'Raw photo'],
	nef: ['image', 'Raw photo'],
	arw: ['image', 'Raw photo'],
	psd: ['image', 'Photoshop image'],
	mp4: ['video', 'MP4 video'],
	m4v: ['video', 'MP4 video'],
	mov: ['video', 'QuickTime video'],
	mkv: ['video', 'Matroska video'],
	webm: ['video', 'WebM video'],
	avi: ['video', 'AVI video'],
	wmv: ['video', 'Windows video'],
	mp3: ['audio', 'MP3 audio'],
	m4a: ['audio', 'AAC audio'],
	aac: ['audio', 'AAC audio'],
	flac: ['audio', 'FLAC audio'],
	wav: ['audio', 'WAV audio'],
	ogg: ['audio', 'Ogg audio'],
	opus: ['audio', 'Opus audio'],
	pdf: ['document', 'PDF document'],
	doc: ['document', 'Word document'],
	docx: ['document', 'Word document'],
	odt: ['document', 'Text document'],
	rtf: ['document', 'Rich text'],
	txt: ['document', 'Plain text'],
	md: ['document', 'Markdown text'],
	log: ['document', 'Log'],
	epub: ['document', 'E-book'],
	eml: ['document', 'E-mail'],
	vcf: ['document', 'Contact card'],
	ics: ['document', 'Calendar'],
	xls: ['sheet', 'Excel sheet'],
	xlsx: ['sheet', 'Excel sheet'],
	ods: ['sheet', 'Spreadsheet'],
	csv: ['sheet', 'CSV table'],
	tsv: ['sheet', 'TSV table'],
	numbers: ['sheet', 'Numbers sheet'],
	ppt: ['slides', 'PowerPoint slides'],
	pptx: ['slides', 'PowerPoint slides'],
	odp: ['slides', 'Slides'],
	key: ['slides', 'Keynote slides'],
	html: ['code', 'Web page'],
	htm: ['code', 'Web page'],
	css: ['code', 'Style sheet'],
	js: ['code', 'JavaScript'],
	mjs: ['code', 'JavaScript'],
	ts: ['code', 'TypeScript'],
	tsx: ['code', 'TypeScript'],
	jsx: ['code', 'JavaScript'],
	svelte: ['code', 'Svelte component'],
	json: ['code', 'JSON data'],
	xml: ['code', 'XML data'],
	yaml: ['code', 'YAML data'],
	yml: ['code', 'YAML data'],
	toml: ['code', 'TOML data'],
	py: ['code', 'Python script'],
	rs: ['code', 'Rust source'],
	go: ['code', 'Go source'],
	c: ['code', 'C source'],
	h: ['code', 'C header'],
	cpp: ['code', 'C++ source'],
	hpp: ['code', 'C++ header'],
	java: ['code', 'Java source'],
	kt: ['code', 'Kotlin source'],
	swift: ['code', 'Swift source'],
	rb: ['code', 'Ruby script'],
	php: ['code', 'PHP script'],
	sh: ['code', 'Shell script'],
	sql: ['code', 'SQL script'],
	wasm: ['code', 'WebAssembly module'],
	zip: ['archive', 'ZIP archive'],
	tar: ['archive', 'TAR archive'],
	gz: ['archive', 'Gzip archive'],
	tgz: ['archive', 'TAR archive'],
	bz2: ['archive', 'Bzip2 archive'],
	xz: ['archive', 'XZ archive'],
	zst: ['archive', 'Zstandard archive'],
	'7z': ['archive', '7-Zip archive'],
	rar: ['archive', 'RAR archive'],
	iso: ['archive', 'Disk image'],
	dmg: ['archive', 'Disk image'],
	ttf: ['other', 'Font'],
	otf: ['other', 'Font'],
	woff2: ['other', 'Web font'],
	db: ['other', 'Database'],
	sqlite: ['other', 'Database'],
	exe: ['other', 'Windows program'],
	deb: ['archive', 'Debian package']
};

function extensionOf(name: string): string {
	const dot = name.lastIndexOf('.');
	return dot > 0 && dot < name.length - 1 ? name.slice(dot + 1).toLowerCase() : '';
}

/** What to call an entry, from its kind on disk and the end of its name. */
export function kindOf(kind: EntryKind, name: string): Kind {
	if (kind === 'directory') return { group: 'folder', words: 'Folder' };
	if (kind === 'symlink') return { group: 'link', words: 'Link' };
	if (kind === 'other') return { group: 'other', words: 'Special file' };
	const extension = extensionOf(name);
	const known = Object.hasOwn(table, extension) ? table[extension] : undefined;
	if (known !== undefined) return { group: known[0], words: known[1] };
	return { group: 'other', words: /^[a-z0-9]{1,6}$/.test(extension) ? `${extension.toUpperCase()} file` : 'File' };
}
