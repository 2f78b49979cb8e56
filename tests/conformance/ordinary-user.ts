import { chownSync } from 'node:fs';

/** Whom nothing belongs to; a test as root would be denied nothing. */
const nobody = 65_534;

/** Runs `work` as somebody whom permissions bind. `folder` is theirs meanwhile. */
export async function asOrdinaryUser(folder: string, work: () => Promise<void>): Promise<void> {
	if (process.geteuid?.() !== 0) return work();
	chownSync(folder, nobody, nobody);
	process.setegid?.(nobody);
	process.seteuid?.(nobody);
	try {
		await work();
	} finally {
		process.seteuid?.(0);
		process.setegid?.(0);
	}
}
