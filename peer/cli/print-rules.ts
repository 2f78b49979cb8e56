import type { RuleEffect, Usage } from '#core/index';
import type { LeavingRule, LeftOut, RuleSet } from '#core/rules';
import { printName, printNumber, printSize, printTable } from './print.ts';

const ruleWords = {
	pattern: 'by a pattern of yours',
	system: 'system files',
	development: 'development folders',
	hidden: 'hidden names',
	gitignore: 'by a .gitignore',
	size: 'by their size'
} as const satisfies Readonly<Record<LeavingRule, string>>;

function inOrOut(isIn: boolean): string {
	return isIn ? 'in' : 'out';
}

function limit(sizeBytes: number | null): string {
	return sizeBytes === null ? 'none' : printSize(sizeBytes);
}

/** Rules as the options that say the same. */
export function printRules({ patterns, ...rules }: RuleSet): string {
	const rows = [
		['--system', inOrOut(rules.withSystem)],
		['--development', inOrOut(rules.withDevelopment)],
		['--hidden', inOrOut(rules.withHidden)],
		['--gitignore', rules.obeysGitignore ? 'on' : 'off'],
		['--min-size', limit(rules.minBytes)],
		['--max-size', limit(rules.maxBytes)],
		...patterns.map((pattern) =>
			pattern.startsWith('!') ? ['--include', printName(pattern.slice(1))] : ['--exclude', printName(pattern)]
		)
	];
	return printTable(rows);
}

function printUsage({ files, folders, sizeBytes }: Usage): string {
	return `${printNumber(files, 'file', 'files')}, ${printNumber(folders, 'folder', 'folders')}, ${printSize(sizeBytes)}`;
}

function countRows(counts: readonly LeftOut[]): string {
	return printTable(counts.map(({ rule, ...usage }) => [`  ${ruleWords[rule]}`, printUsage(usage)]));
}

/** What the rules that hold have left out; what folders among it hold is not known. */
export function printLeftOut(counts: readonly LeftOut[]): string {
	return counts.length === 0 ? '' : `Left out, without what lies in those folders:\n${countRows(counts)}`;
}

/** What other rules would do, as the index tells. */
export function printEffect({ leaving, examples, returning, unreadIgnoreFiles }: RuleEffect): string {
	const leaves = leaving.length === 0 ? 'Nothing leaves the index.\n' : `Leaves the index:\n${countRows(leaving)}`;
	const shown = examples.map(({ path, kind, usage }) => {
		const name = `  ${path.map(printName).join('/')}${kind === 'directory' ? '/' : ''}`;
		return [name, printSize(usage.sizeBytes)];
	});
	const isMore = returning.files + returning.folders > 0;
	const returns = isMore
		? `May come back: at most ${printUsage(returning)}, and what lies in those folders. That takes a look at the disk.\n`
		: '';
	const unread =
		unreadIgnoreFiles === 0
			? ''
			: `${printNumber(unreadIgnoreFiles, '.gitignore was', '.gitignore files were')} not read yet: what they leave out is not counted.\n`;
	return `${leaves}${printTable(shown, { right: [1] })}${returns}${unread}`;
}
