import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** Every path below `folder` with what it holds, links as links; `leftOut` and what lies below it do not count. */
function contentsOf(folder: string, leftOut: string): string[] {
	return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
		const path = `${folder}/${entry.name}`;
		if (path === leftOut) return [];
		if (entry.isDirectory()) return [path, ...contentsOf(path, leftOut)];
		const content = entry.isSymbolicLink() ? readlinkSync(path) : readFileSync(path, 'base64');
		return [`${path}\0${content}`];
	});
}

/** Everything below a folder, by name and content: what must not change. */
export function fingerprint(folder: string, leftOut = ''): string {
	const hash = createHash('sha256');
	for (const line of contentsOf(folder, leftOut).toSorted()) hash.update(`${line}\0`);
	return hash.digest('hex');
}
