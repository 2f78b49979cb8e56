import type { FilesPort } from '#core/ports';
import type { Figure } from '../figure.ts';
import { createMemoryFiles, makeTree } from '../input/memory-tree.ts';
import { index } from '../workload.ts';
import { openNodeLibrary } from './node-library.ts';
import { diskTree } from './trees.ts';

const generatedEntries = 100_000;
/** The target of the whole project, contents' identities included: names alone have to leave room. */
const asked = 400;

async function bytesPerEntry(root: string, files?: FilesPort): Promise<number> {
	const library = await openNodeLibrary(files === undefined ? {} : { files });
	const { entries } = await index(library.driver, root);
	await library.close();
	const sizeBytes = library.sizeBytes();
	library.remove();
	return sizeBytes / entries;
}

/** The database's size over a real tree, and over a generated one that is the same everywhere. */
export async function measureBytes(tree: string): Promise<Figure[]> {
	const real = diskTree(tree);
	const files = createMemoryFiles({ tree: makeTree(1, generatedEntries) });
	const figure = (name: string, measured: number, tolerance: number): Figure => ({
		name: `node.bytes.${name}`,
		measured,
		unit: 'bytes',
		asked,
		tolerance
	});
	return [
		figure('generated', await bytesPerEntry('tree', files), 0.03),
		// Trees differ between machines, and so do the lengths of their names.
		...(real.kind === 'real' ? [figure('tree', await bytesPerEntry(real.path), 0.25)] : [])
	];
}
