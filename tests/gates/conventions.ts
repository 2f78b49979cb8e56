import { homedir } from 'node:os';

export type Convention = {
	readonly title: string;
	/** Which files it looks at. */
	readonly of: RegExp;
	/** Gives what is against it in a file; empty when all is well. */
	readonly faults: (path: string, text: string) => readonly string[];
};

const matches = (text: string, pattern: RegExp): readonly string[] =>
	[...text.matchAll(pattern)].map(([found]) => found);
const all = /./;
const code = /^(src|peer|tests)\/.*\.(ts|js|mjs|svelte|css|html)$/;

/** Whether `folder` stands in `text` as the beginning of a path, and not in the middle of one. */
function startsPath(text: string, folder: string): boolean {
	const at = text.indexOf(folder);
	return at >= 0 && !/[\w.~*)}\]-]/.test(text.charAt(at - 1));
}

const kebab = /^[a-z0-9]+(-[a-z0-9]+)*$/;
const pascal = /^([A-Z][a-z0-9]*)+$/;
/** Names that another program has fixed: Kit's routes, npm, Docker, Git and the tools' own configuration. */
const fixedName = /^(\+(page|layout|error|server)(@[^.]*)?|[A-Z]+|Dockerfile|\..*)$/;

function nameFaults(path: string): readonly string[] {
	const parts = path.split('/');
	const file = parts.pop() ?? '';
	const [stem = '', ...endings] = file.startsWith('.') ? [file] : file.split('.');
	const wanted = file.endsWith('.svelte') ? pascal : kebab;
	const wrong = parts.filter((part) => !kebab.test(part) && !part.startsWith('.') && !/^[([]/.test(part));
	if (!wanted.test(stem) && !fixedName.test(stem)) wrong.push(file);
	if (endings.some((ending) => !kebab.test(ending))) wrong.push(file);
	return wrong;
}

function pinFaults(text: string): readonly string[] {
	const described: Readonly<Record<string, unknown>> = JSON.parse(text);
	return Object.entries(described)
		.filter(([key]) => /dependencies$/i.test(key))
		.flatMap(([, wanted]) => Object.entries(Object(wanted)))
		.map(([name, version]) => `${name}: ${JSON.stringify(version)}`)
		.filter((line) => !/: "(npm:[@a-z/-]+@)?\d+\.\d+\.\d+(-[\w.]+)?"$/.test(line));
}

/** The checks that no linter of ours makes. */
export const conventions: readonly Convention[] = [
	{
		title: 'folders and files are kebab-case, components PascalCase',
		of: all,
		faults: nameFaults
	},
	{
		title: 'no component writes raw HTML',
		of: /\.svelte$/,
		faults: (_, text) => matches(text, /\{@html\b|\.(innerHTML|outerHTML)\s*=|insertAdjacentHTML\(/g)
	},
	{
		title: 'the interface and the client never load the core, not even late',
		of: /^src\/(routes|lib\/(ui|client))\/.*\.(ts|svelte)$/,
		faults: (_, text) => matches(text, /\bimport\(\s*['"`]#core\b[^'"`]*/g)
	},
	{
		title: 'nothing is left for later',
		of: /\.(ts|js|mjs|svelte|css|html|md|yml|yaml|json)$/,
		faults: (path, text) => (path === '.oxlintrc.json' ? [] : matches(text, /\b(TO[D]O|FIX[M]E|X[X]X)\b/g))
	},
	{
		title: 'no check is switched off without a reason, and none of the types at all',
		of: code,
		faults: (_, text) => [
			...matches(text, /\b(oxlint|eslint|prettier|svelte)-(disable|ignore)\b(?!.* -- \w).*/g),
			...matches(text, /@ts-(ignore|nocheck|expect-error)/g)
		]
	},
	{
		title: 'no test is skipped, singled out or left open',
		of: /\.(test|spec)\.ts$/,
		faults: (_, text) => matches(text, /\b(test|it|describe|suite)\.(skip|only|todo|fixme|fails)\b/g)
	},
	{
		title: 'no file names a folder of one machine',
		of: all,
		faults: (_, text) => [
			...matches(text, /(?<![\w.~*)}\]-])\/(work|root|farm|Users)\/[a-z]\w*/g),
			...[homedir(), process.cwd()].filter((folder) => startsPath(text, `${folder}/`))
		]
	},
	{
		title: 'no file names a package registry',
		of: all,
		faults: (path, text) => [
			...matches(text, /https?:\/\/[^\s/"'`]*(registry|artifactory|nexus|verdaccio)[^\s/"'`]*/gi),
			...(path === 'package-lock.json' ? matches(text, /"resolved": "https?:[^"]*"/g) : []),
			...(path === '.npmrc' ? matches(text, /^.*registry.*$/gm) : [])
		]
	},
	{
		title: 'every dependency is pinned to one version',
		of: /^package\.json$/,
		faults: (_, text) => pinFaults(text)
	}
];

/** Finds what is against `convention` in `sources`: `path: what` for each. */
export function findConventionFaults(
	convention: Convention,
	sources: Iterable<readonly [path: string, text: string]>
): readonly string[] {
	const faults: string[] = [];
	for (const [path, text] of sources)
		if (convention.of.test(path)) faults.push(...convention.faults(path, text).map((fault) => `${path}: ${fault}`));
	return faults;
}
