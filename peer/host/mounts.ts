import { pathFromBytes } from './disk-path.ts';

/** One line of `/proc/self/mountinfo` (proc_pid_mountinfo(5)). Paths are names of the kernel, in `core`'s sense. */
export type Mount = {
	readonly id: number;
	/** Major and minor number, `8:1`; the major one is 0 where no block device is behind it. */
	readonly device: string;
	/** What of the filesystem is mounted: a path from its own top. */
	readonly root: string;
	readonly point: string;
	readonly fileSystem: string;
	/** `/dev/sda1`, `server:/export`, or any word. */
	readonly source: string;
};

/** A field as it was before the kernel wrote blanks and backslashes as octal numbers. `letters` are bytes. */
function unescapeField(letters: string): string {
	const bytes: number[] = [];
	for (let at = 0; at < letters.length; at++) {
		const octal = /^\\([0-7]{3})/.exec(letters.slice(at, at + 4))?.[1];
		bytes.push(octal === undefined ? letters.charCodeAt(at) : Number.parseInt(octal, 8));
		if (octal !== undefined) at += octal.length;
	}
	return pathFromBytes(Uint8Array.from(bytes));
}

function parseLine(line: string): Mount | null {
	// Optional fields end with a single dash.
	const [before = '', after = ''] = line.split(' - ', 2);
	const [id, , device, root, point] = before.split(' ');
	const [fileSystem, source] = after.split(' ');
	if (!/^\d+$/.test(id ?? '') || !device || !root || !point || !fileSystem || source === undefined) return null;
	return {
		id: Number(id),
		device,
		root: unescapeField(root),
		point: unescapeField(point),
		fileSystem: unescapeField(fileSystem),
		source: unescapeField(source)
	};
}

/** Every mount that `mountinfo` tells of; lines that it cannot make out are left out. */
export function parseMounts(mountinfo: Uint8Array): Mount[] {
	const lines = Buffer.from(mountinfo).toString('latin1').split('\n');
	return lines.flatMap((line) => parseLine(line) ?? []);
}

/** The names of `path`, which is absolute or empty. */
export function namesOf(path: string): string[] {
	return path.split('/').filter((name) => name !== '');
}

/** The names of `path` below `top`; null where it does not lie there. */
export function namesBelow(top: string, path: string): readonly string[] | null {
	const [topNames, names] = [namesOf(top), namesOf(path)];
	return topNames.every((name, at) => name === names[at]) ? names.slice(topNames.length) : null;
}
