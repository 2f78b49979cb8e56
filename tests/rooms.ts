/** The rooms of src/lib/core in building order: a room may use only the rooms named before it. */
export const rooms = [
	'kernel',
	'ports',
	'schema',
	'crypto',
	'net',
	'sync',
	'jobs',
	'actions',
	'library',
	'volumes',
	'rules',
	'content',
	'bytes',
	'analysis',
	'metadata',
	'sayings',
	'index',
	'replicas',
	'search',
	'naming',
	'files'
] as const;
