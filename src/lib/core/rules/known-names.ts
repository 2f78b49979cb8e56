import type { Judged } from './schema.ts';

/** Where a name means what the table says: anywhere, or in the topmost folder of a whole system only. */
type Known = { readonly name: string; readonly kind: 'file' | 'directory'; readonly where?: 'system-top' };

/** What systems keep for themselves on people's disks. Compared without case, as the systems that make them do. */
const systemNames: readonly Known[] = [
	// macOS
	{ name: '.DS_Store', kind: 'file' },
	{ name: '.localized', kind: 'file' },
	{ name: '.apdisk', kind: 'file' },
	{ name: '.VolumeIcon.icns', kind: 'file' },
	{ name: '.com.apple.timemachine.donotpresent', kind: 'file' },
	{ name: '.AppleDouble', kind: 'directory' },
	{ name: '.AppleDB', kind: 'directory' },
	{ name: '.AppleDesktop', kind: 'directory' },
	{ name: '.DocumentRevisions-V100', kind: 'directory' },
	{ name: '.fseventsd', kind: 'directory' },
	{ name: '.Spotlight-V100', kind: 'directory' },
	{ name: '.TemporaryItems', kind: 'directory' },
	{ name: '.Trashes', kind: 'directory' },
	{ name: 'Network Trash Folder', kind: 'directory' },
	// Windows
	{ name: 'desktop.ini', kind: 'file' },
	{ name: 'Thumbs.db', kind: 'file' },
	{ name: 'ehthumbs.db', kind: 'file' },
	{ name: 'ehthumbs_vista.db', kind: 'file' },
	{ name: 'pagefile.sys', kind: 'file' },
	{ name: 'hiberfil.sys', kind: 'file' },
	{ name: 'swapfile.sys', kind: 'file' },
	{ name: 'DumpStack.log.tmp', kind: 'file' },
	{ name: '$RECYCLE.BIN', kind: 'directory' },
	{ name: 'RECYCLER', kind: 'directory' },
	{ name: 'System Volume Information', kind: 'directory' },
	{ name: '$WinREAgent', kind: 'directory' },
	{ name: '$WINDOWS.~BT', kind: 'directory' },
	{ name: '$WINDOWS.~WS', kind: 'directory' },
	// Linux and network storage
	{ name: '.Trash', kind: 'directory' },
	{ name: 'lost+found', kind: 'directory' },
	{ name: '@eaDir', kind: 'directory' },
	{ name: '#recycle', kind: 'directory' },
	{ name: '#snapshot', kind: 'directory' },
	{ name: 'proc', kind: 'directory', where: 'system-top' },
	{ name: 'sys', kind: 'directory', where: 'system-top' },
	{ name: 'dev', kind: 'directory', where: 'system-top' },
	{ name: 'run', kind: 'directory', where: 'system-top' }
];

/**
 * Folders that a tool fills again by itself, and the stores of version control. Only names that nobody gives to a
 * folder of their own: `build`, `dist`, `target`, `vendor` and `out` are left to patterns.
 */
const developmentNames: readonly string[] = [
	'.git',
	'.hg',
	'.svn',
	'.bzr',
	'node_modules',
	'bower_components',
	'.pnpm-store',
	'.svelte-kit',
	'.next',
	'.nuxt',
	'.parcel-cache',
	'.turbo',
	'.cache',
	'.sass-cache',
	'__pycache__',
	'.venv',
	'.tox',
	'.nox',
	'.eggs',
	'.mypy_cache',
	'.pytest_cache',
	'.ruff_cache',
	'.gradle',
	'.dart_tool',
	'.terraform',
	'.bundle'
];

const system = new Map(systemNames.map((known) => [`${known.kind} ${known.name.toLowerCase()}`, known]));
const development = new Set(developmentNames);

/** The trash that Linux keeps on other people's disks: `.Trash-` and the number of a user (freedesktop.org, Trash 1.0). */
const userTrash = /^\.trash-\d+$/;

/** Whether a system has made it for itself. `isSystemTop`: it lies in the topmost folder of a whole system. */
export function isSystemName({ name, kind }: Judged, isSystemTop: boolean): boolean {
	const folded = name.toLowerCase();
	const known = system.get(`${kind} ${folded}`);
	if (known !== undefined) return known.where === undefined || isSystemTop;
	return kind === 'directory' ? userTrash.test(folded) : kind === 'file' && folded.startsWith('._');
}

export function isDevelopmentName({ name, kind }: Judged): boolean {
	return kind === 'directory' && development.has(name);
}
