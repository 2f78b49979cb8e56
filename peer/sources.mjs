// What a build is made of. Plain JavaScript: it runs before anything is installed, on whatever Node the machine has.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';

const shared = ['package-lock.json', 'package.json'];
/** What the web app is made of. */
export const appSources = ['manifest.webmanifest', 'src', 'static', 'svelte.config.js', 'vite.config.ts', ...shared];
/** What the peer's program is made of. */
export const peerSources = ['peer', 'src/lib/core', ...shared];

/** Every file below `path`, or the file itself: `/` between the parts, and one order on every machine. */
export function filesBelow(path) {
	if (!statSync(path).isDirectory()) return [path];
	return readdirSync(path)
		.sort()
		.flatMap((name) => filesBelow(`${path}/${name}`));
}

/** A hash over names and bytes of all files of `paths` but the tests: the same on every machine, however the files came. */
export function sourceHash(paths) {
	const hash = createHash('sha256');
	for (const path of paths.flatMap(filesBelow)) {
		if (path.endsWith('.test.ts')) continue;
		const bytes = readFileSync(path);
		hash.update(`${path}\0${bytes.length}\0`);
		hash.update(bytes);
	}
	return hash.digest('hex').slice(0, 16);
}
