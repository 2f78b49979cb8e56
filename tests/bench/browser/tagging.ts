import type { Figure } from '../figure.ts';
import { taggingFigures } from '../tagging-workload.ts';
import { onMeasuredPage } from './site.ts';

export async function measureTagging(): Promise<Figure[]> {
	return taggingFigures('browser', await onMeasuredPage((page) => page.evaluate(() => window.measured.tagging())));
}
