import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { peerOptions } from '../../peer/ready.mjs';
import bundle from '../../peer/rolldown.config.js';

const dockerfile = readFileSync('peer/Dockerfile', 'utf8');
const described: {
	readonly scripts: Readonly<Record<string, string>>;
	readonly optionalDependencies: Readonly<Record<string, string>>;
} = JSON.parse(readFileSync('package.json', 'utf8'));

const found = (pattern: RegExp): readonly string[] =>
	[...new Set([...dockerfile.matchAll(pattern)].map(([, one = '']) => one))].toSorted();

test('the container runs the Node that npm pins', () => {
	const pinned = new Set(Object.values(described.optionalDependencies));
	expect(found(/^FROM node:([\d.]+)-/gm)).toEqual([...pinned]);
});

test('it starts Node as npm does', () => {
	expect(dockerfile).toContain(
		`ENTRYPOINT ${JSON.stringify(['node', ...peerOptions, '/app/build/peer.js']).replaceAll(',', ', ')}`
	);
});

test('it runs scripts that there are, and copies files that there are', () => {
	const scripts = found(/npm run (?:-s )?([\w:]+)/g);
	expect(scripts).not.toEqual([]);
	expect(scripts.filter((name) => !(name in described.scripts))).toEqual([]);
	for (const [, files = ''] of dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm))
		expect(files.split(' ').filter((file) => !existsSync(file))).toEqual([]);
});

test('it holds every package that the bundle leaves outside', () => {
	const copied = new Set(found(/COPY --from=build \/app\/node_modules\/(\S+)/g));
	// A scope is copied whole: what a package of it runs lies in another one of the same scope.
	const outside = [bundle.external].flat().map(String);
	const isCopied = (name: string) => copied.has(name) || copied.has(name.split('/')[0] ?? '');
	expect(outside.filter((name) => !isCopied(name))).toEqual([]);
	const needed = new Set(outside.flatMap((name) => [name, name.split('/')[0] ?? '']));
	expect([...copied].filter((name) => !needed.has(name))).toEqual([]);
});

test('it sets and reads only variables that the peer knows', () => {
	const config = readFileSync('peer/config.ts', 'utf8');
	const names = found(/\b((?:ATOLL|XDG)_[A-Z_]+)/g);
	expect(names).not.toEqual([]);
	expect(names.filter((name) => !config.includes(`'${name}'`))).toEqual([]);
});

test('its health check asks for a path that the peer answers', () => {
	const [path = ''] = found(/HEALTHCHECK[^]*?'(\/\w+)'/g);
	expect(readFileSync('peer/http/app-requests.ts', 'utf8')).toContain(`'${path}'`);
});
