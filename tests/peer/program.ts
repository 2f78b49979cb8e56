import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { rolldown, type InputOptions, type Plugin } from 'rolldown';
import description from '../../peer/rolldown.config.js';

/** A change of one source before it is bundled: the program without one of its protections, for negative controls. */
export type Sabotage = { readonly file: string; readonly changes: Readonly<Record<string, string>> };

/** Below `node_modules`, where a program finds the engine's binary. */
const cache = resolve('node_modules', '.cache', 'atoll-peer');
let made = 0;

function isAlive(pid: number): boolean {
	try {
		process.kill(pid, 0);
		return true;
	} catch {
		return false;
	}
}

/** Removes the programs of test processes that have ended: a test runner kills its workers without a word. */
function removeStale(): void {
	mkdirSync(cache, { recursive: true });
	for (const name of readdirSync(cache))
		if (!isAlive(Number.parseInt(name, 10))) rmSync(join(cache, name), { recursive: true, force: true });
}

function sabotagePlugin({ file, changes }: Sabotage, left: Set<string>): Plugin {
	return {
		name: 'sabotage',
		transform(code, id) {
			if (!id.endsWith(file)) return null;
			return Object.entries(changes).reduce((text, [from, to]) => {
				if (text.includes(from)) left.delete(from);
				return text.replaceAll(from, to);
			}, code);
		}
	};
}

/**
 * The program that `input` makes, bundled as `npm run build` does it; without an `input` it is the shipped one. It is
 * there as long as this process.
 */
export async function buildProgram(input = 'peer/main.ts', sabotage: Sabotage | null = null): Promise<string> {
	removeStale();
	const folder = join(cache, `${process.pid}-${++made}`);
	mkdirSync(folder, { recursive: true });
	const left = new Set(Object.keys(sabotage?.changes ?? {}));
	const plugins = sabotage === null ? [] : [sabotagePlugin(sabotage, left)];
	const shipped: InputOptions = description;
	const bundle = await rolldown({ ...shipped, input: { ...Object(shipped.input), peer: input }, plugins });
	await bundle.write({ dir: folder, entryFileNames: '[name].js', chunkFileNames: 'peer-[name].js', format: 'esm' });
	writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
	await bundle.close();
	if (left.size > 0) throw new Error(`${sabotage?.file} does not hold ${[...left].join(', ')}`);
	return join(folder, 'peer.js');
}
