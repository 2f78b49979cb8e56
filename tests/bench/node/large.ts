import type { Figure } from '../figure.ts';
import { largeFigures, largeInput, timeLarge } from '../large-workload.ts';
import { openNodeLibrary } from './node-library.ts';

export async function measureLarge(): Promise<Figure[]> {
	const library = await openNodeLibrary({ files: largeInput() });
	const times = await timeLarge(library.driver);
	await library.close();
	library.remove();
	return largeFigures('node', times);
}
