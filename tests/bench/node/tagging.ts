import type { Figure } from '../figure.ts';
import { taggingFigures, taggingInput, timeTagging } from '../tagging-workload.ts';
import { openNodeLibrary } from './node-library.ts';

export async function measureTagging(): Promise<Figure[]> {
	const library = await openNodeLibrary({ files: taggingInput() });
	const times = await timeTagging(library.driver);
	await library.close();
	library.remove();
	return taggingFigures('node', times);
}
