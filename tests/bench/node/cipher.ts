import { cipherFigures, cipherInput, runCipher } from '../cipher-workload.ts';
import type { Figure } from '../figure.ts';
import { bestOf } from '../measure.ts';
import type { Storage } from '../plain-database.ts';
import { openNodeLibrary } from './node-library.ts';

const rounds = 4;

/** A library of 100,000 entries on this disk, encrypted and in the clear, in turn: filled in bulk, then read while warm. */
export async function measureCipher(): Promise<Figure[]> {
	const { files, slices } = cipherInput();
	const run = (storage: Storage) => async () => {
		const library = await openNodeLibrary({ files, storage });
		const times = await runCipher(library.driver, slices);
		await library.close();
		library.remove();
		return times;
	};
	return cipherFigures('node', await bestOf(rounds, { encrypted: run('encrypted'), plain: run('plain') }));
}
