/** What of a folder of the library needs a dialog of its own. */
export type FolderTask = 'rename' | 'remove' | 'problems' | 'empty' | 'mode' | 'check' | 'rules' | 'times';
