import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

/** Every file that is or would be committed, `/` between the parts, from the top of the checkout. */
export function sourceFiles(): readonly string[] {
	const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
		encoding: 'utf8'
	});
	return listed.split('\0').filter((path) => path !== '' && existsSync(path));
}

const textEnding =
	/\.(ts|mts|js|mjs|svelte|css|html|json|webmanifest|svg|md|yml|yaml|txt|sh)$|(^|\/)[^./]+$|(^|\/)\.[^/]+$/;

/** The files of `paths` that hold text, with it. */
export function* textsOf(paths: readonly string[]): Generator<readonly [path: string, text: string]> {
	for (const path of paths) if (textEnding.test(path)) yield [path, readFileSync(path, 'utf8')];
}
