import { spawnSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { bytesToName } from '#core/kernel';

export type OddEntry = { readonly bytes: Buffer; readonly kind: 'file' | 'directory' | 'symlink' | 'other' };

const text = (name: string) => Buffer.from(name, 'utf8');
const bytes = (name: string) => Buffer.from(name, 'latin1');

/** Names that a Linux disk takes and that programs get wrong, each once. */
export const oddFiles: readonly Buffer[] = [
	bytes('not utf-8 \xff\xfe.txt'),
	bytes('latin-1 caf\xe9'),
	bytes('cut off \xe2\x82'),
	bytes('overlong \xc0\xaf slash'),
	bytes('surrogate \xed\xa0\x80'),
	text('carried \uef80 letter'),
	text('n'.repeat(255)),
	text('é'.repeat(127)),
	text('café'),
	text('cafe\u0301'),
	text('new\nline'),
	text('tab\tand\rreturn'),
	text('bell\u0007 clear\u001b[2J\u001b[31m red'),
	text('title \u001b]0;owned\u0007'),
	text('C1 \u009b31m'),
	text('right-to-left \u202egnp.exe'),
	text('zero\u200bwidth\ufeff'),
	text('line\u2028separator'),
	text('family 👨‍👩‍👧'),
	text('back\\slash \\x41'),
	text(' leading and trailing '),
	text('-rf'),
	text('--json'),
	text('*?[a]'),
	text('"quotes" and \'these\''),
	text('%2e%2e%2f'),
	text('CON'),
	text('a:b'),
	text('dot.'),
	text('...'),
	text('.hidden'),
	text('~'),
	text('$HOME `id`')
];

function at(root: string, name: Buffer): Buffer {
	return Buffer.concat([Buffer.from(`${root}/`), name]);
}

/** Makes the whole corpus in `root` and says what is in it, folder by folder. */
export function makeOddTree(root: string): readonly OddEntry[] {
	mkdirSync(root, { recursive: true });
	for (const name of oddFiles) writeFileSync(at(root, name), 'odd');
	const folder = bytes('folder \xff');
	mkdirSync(at(root, folder));
	writeFileSync(Buffer.concat([at(root, folder), bytes('/inside \x80')]), 'in');
	symlinkSync('loop', at(root, text('loop')));
	symlinkSync('.', at(root, text('to itself')));
	symlinkSync('..', at(root, text('up')));
	symlinkSync('/', at(root, text('root')));
	symlinkSync(bytes('nowhere \xff'), at(root, text('broken')));
	const made = spawnSync('mkfifo', [`${root}/pipe`]);
	if (made.status !== 0) throw new Error(String(made.stderr));
	const files = oddFiles.map((name): OddEntry => ({ bytes: name, kind: 'file' }));
	const links = ['loop', 'to itself', 'up', 'root', 'broken'].map((name): OddEntry => ({
		bytes: text(name),
		kind: 'symlink'
	}));
	return [...files, { bytes: folder, kind: 'directory' }, ...links, { bytes: text('pipe'), kind: 'other' }];
}

/** As the index is to hold it. */
export function indexedName({ bytes: name }: OddEntry): string {
	return bytesToName(name);
}
