/**
 * What files may be, as plain rows: an extension adds rows of its own.
 *
 * A file's first bytes are compared with `signatures`; the end of its name with `extensions`. `text` says that a
 * file of the type is text; `inside` names the type whose first bytes it has because it is packed in one.
 */
export type FileTypeRow = {
	readonly id: string;
	readonly kind: FileKind;
	/** What people call one such file. */
	readonly words: string;
	/** In lower case, without the dot, set apart by spaces. */
	readonly extensions: string;
	readonly text?: true;
	readonly inside?: string;
};

/** Kinds in the order of their numbers in the database: new ones go to the end. */
export const fileKinds = [
	'other',
	'image',
	'video',
	'audio',
	'document',
	'book',
	'mail',
	'sheet',
	'slides',
	'text',
	'code',
	'archive',
	'disk',
	'font',
	'model',
	'database',
	'program'
] as const;
export type FileKind = (typeof fileKinds)[number];

type Row = readonly [id: string, words: string, extensions: string, inside?: string];

function rowsOf(kind: FileKind, rows: readonly Row[], text = false): FileTypeRow[] {
	return rows.map(([id, words, extensions, inside]) => ({
		id,
		kind,
		words,
		extensions,
		...(text ? { text } : {}),
		...(inside === undefined ? {} : { inside })
	}));
}

/** Where two types share an ending, the more common one comes first. */
export const fileTypes: readonly FileTypeRow[] = [
	...rowsOf('image', [
		['jpeg', 'JPEG image', 'jpg jpeg jpe jfif'],
		['png', 'PNG image', 'png apng'],
		['gif', 'GIF image', 'gif'],
		['webp', 'WebP image', 'webp'],
		['avif', 'AVIF image', 'avif'],
		['heic', 'HEIC photo', 'heic heics'],
		['heif', 'HEIF photo', 'heif heifs hif'],
		['jxl', 'JPEG XL image', 'jxl'],
		['jp2', 'JPEG 2000 image', 'jp2 j2k jpf jpx'],
		['tiff', 'TIFF image', 'tif tiff'],
		['bmp', 'Bitmap image', 'bmp dib'],
		['ico', 'Icon', 'ico cur'],
		['icns', 'Icon', 'icns'],
		['psd', 'Photoshop image', 'psd psb'],
		['xcf', 'GIMP image', 'xcf'],
		['kra', 'Krita image', 'kra', 'zip'],
		['procreate', 'Procreate image', 'procreate', 'zip'],
		['raw', 'Raw photo', 'raw cr2 nef nrw arw sr2 dng pef srw 3fr erf kdc dcr', 'tiff'],
		['cr3', 'Raw photo', 'cr3'],
		['raf', 'Raw photo', 'raf'],
		['orf', 'Raw photo', 'orf'],
		['rw2', 'Raw photo', 'rw2'],
		['exr', 'OpenEXR image', 'exr'],
		['hdr', 'HDR image', 'hdr'],
		['dds', 'Texture', 'dds'],
		['ktx', 'Texture', 'ktx ktx2'],
		['tga', 'TGA image', 'tga'],
		['pnm', 'Bitmap image', 'ppm pgm pbm pnm'],
		['qoi', 'QOI image', 'qoi'],
		['eps', 'EPS drawing', 'eps ai']
	]),
	...rowsOf('image', [['svg', 'SVG drawing', 'svg']], true),
	...rowsOf('image', [['svgz', 'SVG drawing', 'svgz', 'gzip']]),
	...rowsOf('video', [
		['mp4', 'MP4 video', 'mp4 m4v'],
		['quicktime', 'QuickTime video', 'mov qt'],
		['matroska', 'Matroska video', 'mkv mk3d'],
		['webm', 'WebM video', 'webm', 'matroska'],
		['avi', 'AVI video', 'avi'],
		['wmv', 'Windows video', 'wmv asf'],
		['flv', 'Flash video', 'flv f4v'],
		['mpeg', 'MPEG video', 'mpg mpeg mpe m2v vob'],
		['ogv', 'Ogg video', 'ogv', 'ogg'],
		['3gp', 'Phone video', '3gp 3g2'],
		['braw', 'Raw video', 'braw r3d mxf']
	]),
	...rowsOf('audio', [
		['mp3', 'MP3 audio', 'mp3'],
		['m4a', 'AAC audio', 'm4a m4b'],
		['aac', 'AAC audio', 'aac'],
		['flac', 'FLAC audio', 'flac'],
		['wav', 'WAV audio', 'wav'],
		['ogg', 'Ogg audio', 'ogg oga'],
		['opus', 'Opus audio', 'opus', 'ogg'],
		['wma', 'Windows audio', 'wma', 'wmv'],
		['aiff', 'AIFF audio', 'aif aiff aifc'],
		['ape', 'Monkey’s Audio', 'ape'],
		['wavpack', 'WavPack audio', 'wv'],
		['midi', 'MIDI music', 'mid midi'],
		['amr', 'Voice recording', 'amr'],
		['dsf', 'DSD audio', 'dsf dff'],
		['caf', 'Core Audio', 'caf']
	]),
	...rowsOf('document', [
		['pdf', 'PDF document', 'pdf'],
		['doc', 'Word document', 'doc dot', 'ole'],
		['docx', 'Word document', 'docx docm dotx', 'zip'],
		['odt', 'Text document', 'odt ott', 'zip'],
		['pages', 'Pages document', 'pages', 'zip'],
		['postscript', 'PostScript document', 'ps'],
		['djvu', 'DjVu document', 'djvu djv'],
		['xps', 'XPS document', 'xps oxps', 'zip'],
		['odg', 'Drawing', 'odg', 'zip'],
		['vsdx', 'Visio drawing', 'vsdx', 'zip'],
		['ole', 'Office document', 'vsd pub mpp'],
		['onenote', 'OneNote notes', 'one']
	]),
	...rowsOf(
		'document',
		[
			['rtf', 'Rich text', 'rtf'],
			['tex', 'TeX document', 'tex latex bib'],
			['calendar', 'Calendar', 'ics ical'],
			['contact', 'Contact card', 'vcf vcard']
		],
		true
	),
	...rowsOf('book', [
		['epub', 'E-book', 'epub', 'zip'],
		['mobi', 'E-book', 'mobi azw azw3 prc'],
		['cbz', 'Comic book', 'cbz', 'zip'],
		['cbr', 'Comic book', 'cbr', 'rar']
	]),
	...rowsOf('book', [['fb2', 'E-book', 'fb2']], true),
	...rowsOf('mail', [
		['msg', 'Outlook message', 'msg', 'ole'],
		['pst', 'Outlook mailbox', 'pst ost']
	]),
	...rowsOf(
		'mail',
		[
			['email', 'E-mail', 'eml'],
			['mbox', 'Mailbox', 'mbox']
		],
		true
	),
	...rowsOf('sheet', [
		['xls', 'Excel sheet', 'xls xlt', 'ole'],
		['xlsx', 'Excel sheet', 'xlsx xlsm xlsb xltx', 'zip'],
		['ods', 'Spreadsheet', 'ods ots', 'zip'],
		['numbers', 'Numbers sheet', 'numbers', 'zip']
	]),
	...rowsOf(
		'sheet',
		[
			['csv', 'CSV table', 'csv'],
			['tsv', 'TSV table', 'tsv tab']
		],
		true
	),
	...rowsOf('slides', [
		['ppt', 'PowerPoint slides', 'ppt pps', 'ole'],
		['pptx', 'PowerPoint slides', 'pptx ppsx pptm potx', 'zip'],
		['odp', 'Slides', 'odp otp', 'zip'],
		['keynote', 'Keynote slides', 'key', 'zip']
	]),
	...rowsOf(
		'text',
		[
			['text', 'Plain text', 'txt text asc'],
			['markdown', 'Markdown text', 'md markdown mdx'],
			['log', 'Log', 'log'],
			['restructured', 'reStructuredText', 'rst'],
			['asciidoc', 'AsciiDoc text', 'adoc asciidoc'],
			['org', 'Org notes', 'org'],
			['subtitles', 'Subtitles', 'srt vtt ass ssa sub'],
			['playlist', 'Playlist', 'm3u m3u8 pls cue'],
			['nfo', 'Notes', 'nfo diz']
		],
		true
	),
	...rowsOf(
		'code',
		[
			['html', 'Web page', 'html htm xhtml'],
			['css', 'Style sheet', 'css scss sass less'],
			['javascript', 'JavaScript', 'js mjs cjs jsx'],
			['typescript', 'TypeScript', 'ts tsx mts cts'],
			['svelte', 'Svelte component', 'svelte'],
			['vue', 'Vue component', 'vue'],
			['json', 'JSON data', 'json jsonl ndjson json5 geojson webmanifest'],
			['xml', 'XML data', 'xml xsd xsl xslt plist rss atom gpx kml xmp'],
			['yaml', 'YAML data', 'yaml yml'],
			['toml', 'TOML data', 'toml'],
			['ini', 'Settings', 'ini cfg conf properties env'],
			['python', 'Python script', 'py pyw pyi'],
			['notebook', 'Notebook', 'ipynb'],
			['rust', 'Rust source', 'rs'],
			['go', 'Go source', 'go'],
			['c', 'C source', 'c'],
			['c-header', 'C header', 'h'],
			['cpp', 'C++ source', 'cpp cc cxx'],
			['cpp-header', 'C++ header', 'hpp hh hxx'],
			['csharp', 'C# source', 'cs'],
			['java', 'Java source', 'java'],
			['kotlin', 'Kotlin source', 'kt kts'],
			['swift', 'Swift source', 'swift'],
			['objective-c', 'Objective-C source', 'm mm'],
			['ruby', 'Ruby script', 'rb'],
			['php', 'PHP script', 'php'],
			['perl', 'Perl script', 'pl pm'],
			['lua', 'Lua script', 'lua'],
			['r', 'R script', 'r rmd'],
			['julia', 'Julia source', 'jl'],
			['scala', 'Scala source', 'scala'],
			['haskell', 'Haskell source', 'hs'],
			['elixir', 'Elixir source', 'ex exs'],
			['clojure', 'Clojure source', 'clj cljs'],
			['dart', 'Dart source', 'dart'],
			['zig', 'Zig source', 'zig'],
			['assembly', 'Assembly source', 'asm s'],
			['shader', 'Shader', 'glsl vert frag hlsl wgsl'],
			['shell', 'Shell script', 'sh bash zsh fish'],
			['batch', 'Windows script', 'bat cmd ps1'],
			['sql', 'SQL script', 'sql'],
			['patch', 'Patch', 'diff patch'],
			['make', 'Build rules', 'mk cmake gradle']
		],
		true
	),
	...rowsOf('code', [['wasm', 'WebAssembly module', 'wasm']]),
	...rowsOf('archive', [
		['zip', 'ZIP archive', 'zip'],
		['tar', 'TAR archive', 'tar'],
		['gzip', 'Gzip archive', 'gz'],
		['tgz', 'TAR archive', 'tgz', 'gzip'],
		['bzip2', 'Bzip2 archive', 'bz2 tbz2'],
		['xz', 'XZ archive', 'xz txz'],
		['zstd', 'Zstandard archive', 'zst tzst'],
		['lz4', 'LZ4 archive', 'lz4'],
		['7z', '7-Zip archive', '7z'],
		['rar', 'RAR archive', 'rar'],
		['lzh', 'LHA archive', 'lzh lha'],
		['cab', 'Cabinet archive', 'cab'],
		['ar', 'Archive', 'ar a'],
		['cpio', 'CPIO archive', 'cpio'],
		['warc', 'Web archive', 'warc']
	]),
	...rowsOf('disk', [
		['iso', 'Disk image', 'iso'],
		['dmg', 'Disk image', 'dmg'],
		['img', 'Disk image', 'img'],
		['qcow', 'Virtual disk', 'qcow2 qcow'],
		['vmdk', 'Virtual disk', 'vmdk'],
		['vdi', 'Virtual disk', 'vdi'],
		['vhdx', 'Virtual disk', 'vhdx vhd']
	]),
	...rowsOf('font', [
		['ttf', 'Font', 'ttf ttc'],
		['otf', 'Font', 'otf'],
		['woff', 'Web font', 'woff'],
		['woff2', 'Web font', 'woff2']
	]),
	...rowsOf('model', [
		['stl', '3D model', 'stl'],
		['glb', '3D model', 'glb'],
		['fbx', '3D model', 'fbx'],
		['blend', 'Blender scene', 'blend'],
		['3mf', '3D model', '3mf', 'zip'],
		['usdz', '3D scene', 'usdz', 'zip']
	]),
	...rowsOf(
		'model',
		[
			['obj', '3D model', 'obj'],
			['gltf', '3D model', 'gltf'],
			['step', 'CAD model', 'step stp']
		],
		true
	),
	...rowsOf('database', [
		['sqlite', 'Database', 'sqlite sqlite3 db db3'],
		['access', 'Access database', 'mdb accdb'],
		['parquet', 'Parquet table', 'parquet'],
		['hdf5', 'HDF5 data', 'h5 hdf5'],
		['numpy', 'NumPy data', 'npy'],
		['keepass', 'Password safe', 'kdbx']
	]),
	...rowsOf('program', [
		['windows', 'Windows program', 'exe dll sys scr'],
		['elf', 'Linux program', 'so ko elf appimage'],
		['mach', 'macOS program', 'dylib'],
		['java-class', 'Java program', 'class'],
		['jar', 'Java archive', 'jar war', 'zip'],
		['apk', 'Android app', 'apk aab', 'zip'],
		['ipa', 'iPhone app', 'ipa', 'zip'],
		['msi', 'Windows installer', 'msi', 'ole'],
		['deb', 'Debian package', 'deb', 'ar'],
		['rpm', 'RPM package', 'rpm'],
		['object', 'Object code', 'o', 'elf'],
		['pyc', 'Python bytecode', 'pyc']
	]),
	...rowsOf('video', [['mpeg-ts', 'MPEG video', 'ts m2ts mts']]),
	...rowsOf('other', [
		['binary', 'Unknown kind', ''],
		['torrent', 'Torrent', 'torrent'],
		['key', 'Key', 'gpg pgp p12 pfx']
	]),
	...rowsOf(
		'other',
		[
			['certificate', 'Certificate', 'pem crt cer'],
			['link', 'Web link', 'url webloc desktop']
		],
		true
	)
];
