import { FoldedNames, type SimNode } from './files.ts';
import type { SimRandom } from './random.ts';

/** A name of a folder and what it is to stand for; null for nothing. */
type Slot = readonly [SimNode, string, SimNode | null];
type Change = {
	/** What stood there before, under the name as the disk had it. */
	readonly before: readonly Slot[];
	readonly keys: readonly string[];
};
type Bytes = { readonly bytes: Uint8Array | null; readonly sizeBytes: number; readonly modifiedMs: number | null };

function keyOf(folder: SimNode, name: string): string {
	return `${folder.inode}:${folder.children instanceof FoldedNames ? folder.children.fold(name) : name}`;
}

function put([folder, name, node]: Slot): void {
	folder.children.delete(name);
	if (node !== null) folder.children.set(name, node);
}

/** What was changed on simulated disks and not flushed: a loss of power undoes any of it, whatever came first. */
export class Unsure {
	#changes: Change[] = [];
	readonly #bytes = new Map<SimNode, Bytes>();

	/** Sets names as one change, which a loss of power undoes as a whole or not at all. */
	set(slots: readonly Slot[]): void {
		const before = slots.map(([above, name]): Slot => {
			const key = keyOf(above, name);
			const known = [...above.children.keys()].find((one) => keyOf(above, one) === key) ?? name;
			return [above, known, above.children.get(known) ?? null];
		});
		this.#changes.push({ before, keys: slots.map(([above, name]) => keyOf(above, name)) });
		for (const slot of slots) put(slot);
	}

	write(node: SimNode, bytes: Uint8Array): void {
		if (!this.#bytes.has(node))
			this.#bytes.set(node, { bytes: node.bytes, sizeBytes: node.sizeBytes, modifiedMs: node.modifiedMs });
		Object.assign(node, { bytes, sizeBytes: bytes.length });
	}

	flushFile(node: SimNode): void {
		this.#bytes.delete(node);
	}

	/** The names in `folder` are sure, and with a renaming the other name of it. */
	flushFolder(folder: SimNode): void {
		this.#changes = this.#changes.filter(({ before }) => !before.some(([above]) => above === folder));
	}

	/** The power goes. A change that was made to a name after one that is undone is undone with it. */
	lose(random: SimRandom): void {
		const undone = new Set<string>();
		const lost = this.#changes.filter(({ keys }) => {
			const isLost = keys.some((key) => undone.has(key)) || random.chance(0.5);
			if (isLost) for (const key of keys) undone.add(key);
			return isLost;
		});
		for (const { before } of lost.toReversed()) for (const slot of before.toReversed()) put(slot);
		for (const [node, before] of this.#bytes) this.#loseBytes(node, before, random);
		this.#changes = [];
		this.#bytes.clear();
	}

	#loseBytes(node: SimNode, before: Bytes, random: SimRandom): void {
		const way = random.integer(4);
		if (way === 0) Object.assign(node, before);
		if (way === 1) {
			const bytes = (node.bytes ?? new Uint8Array(0)).slice(0, random.integer(node.sizeBytes + 1));
			Object.assign(node, { bytes, sizeBytes: bytes.length });
		}
		// The size was written, and the bytes from somewhere on were not.
		if (way === 2) node.bytes = (node.bytes ?? new Uint8Array(0)).slice().fill(0, random.integer(node.sizeBytes + 1));
	}
}
