import type { Figure } from '../figure.ts';
import { largeFigures } from '../large-workload.ts';
import { onMeasuredPage } from './site.ts';

export async function measureLarge(): Promise<Figure[]> {
	return largeFigures('browser', await onMeasuredPage((page) => page.evaluate(() => window.measured.large())));
}
