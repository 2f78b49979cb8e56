/** The rooms of src/lib/core in building order: a room may use only the rooms named before it. */
export const rooms = [
	'kernel',
	'ports',
	'schema',
	'crypto',
	'sync',
	'jobs',
	'actions',
	'library',
	'pairing',
	'volumes',
	'rules',
	'content',
	'bytes',
	'analysis',
	'metadata',
	'index',
	'search',
	'naming',
	'files'
] as const;
