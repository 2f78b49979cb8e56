import { cipherFigures } from '../cipher-workload.ts';
import type { Figure } from '../figure.ts';
import { bestOf } from '../measure.ts';
import type { Storage } from '../plain-database.ts';
import { onMeasuredPage } from './site.ts';

const rounds = 4;

/** As on Node: 100,000 entries in the browser's private file system, encrypted and in the clear, in turn. */
export function measureCipher(): Promise<Figure[]> {
	return onMeasuredPage(async (page) => {
		const run = (storage: Storage) => () => page.evaluate((wanted) => window.measured.cipher(wanted), storage);
		return cipherFigures('browser', await bestOf(rounds, { encrypted: run('encrypted'), plain: run('plain') }));
	});
}
