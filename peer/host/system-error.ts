import { statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { err } from '#core/kernel';
import type { DatabaseFailure } from '#core/ports';

/** The system's name for what went wrong, such as `ENOENT`. An error without one is a defect and is thrown on. */
export function errorCode(error: unknown): string {
	if (error instanceof Error && 'code' in error && typeof error.code === 'string' && 'syscall' in error)
		return error.code;
	throw error;
}

function deviceOf(path: string): number | null {
	try {
		return statSync(path).dev;
	} catch {
		return null;
	}
}

/** The folder where the disk that holds `path` is mounted: what a person has to make room on. Never fails. */
export function mountOf(path: string): string {
	let mount = resolve(path);
	let device: number | null = null;
	for (let at = mount; ; at = dirname(at)) {
		const found = deviceOf(at);
		if (device !== null && found !== device) return mount;
		if (found !== null) [device, mount] = [found, at];
		if (dirname(at) === at) return mount;
	}
}

/** What an error of the file system means for the library in `folder`. */
export function storageFailure(
	error: unknown,
	folder: string
): { readonly ok: false; readonly failure: DatabaseFailure } {
	const code = errorCode(error);
	switch (code) {
		case 'ENOSPC':
		case 'EDQUOT':
		case 'EFBIG':
			return err({ type: 'DiskFull', where: mountOf(folder), retry: 'soon' });
		case 'EACCES':
		case 'EPERM':
		case 'EROFS':
			return err({ type: 'StorageDenied', where: folder, retry: 'never' });
		default:
			return err({ type: 'StorageFailed', code, retry: 'soon' });
	}
}
