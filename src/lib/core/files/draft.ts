import type { Draft } from '#core/actions';
import type { FilesBlock, FilesDomain, FilesOperation, FilesWarning } from './schema.ts';

/** More than that is not done unseen: a person overlooks about so many things. */
export const unseenItemsMax = 100;

function isTrashing({ kind }: FilesOperation): boolean {
	return kind === 'trash-entry' || kind === 'trash-copy';
}

/** A draft as it is put together, operation by operation. */
export type DraftBuilder = {
	add(operation: FilesOperation, size: { readonly items: number; readonly sizeBytes: number }): void;
	block(operation: FilesOperation, why: FilesBlock): void;
	warn(warning: FilesWarning): void;
	/** Nobody does it unseen, however little it is. */
	ask(): void;
	readonly items: () => number;
	readonly sizeBytes: () => number;
	/** `bytesPerSecond`: of the slower disk, where it is known. */
	finish(bytesPerSecond: number | null): Draft<FilesDomain>;
};

/** `foresee` is told of each operation, so that those after it are checked against what it makes of the world. */
export function createDraft(foresee: (operation: FilesOperation) => void): DraftBuilder {
	const operations: FilesOperation[] = [];
	const blocked: { operation: FilesOperation; why: FilesBlock }[] = [];
	const warnings: FilesWarning[] = [];
	let [items, sizeBytes, isAsked] = [0, 0, false];
	return {
		add: (operation, size) => {
			operations.push(operation);
			foresee(operation);
			items += size.items;
			sizeBytes += size.sizeBytes;
		},
		block: (operation, why) => void blocked.push({ operation, why }),
		warn: (warning) => void warnings.push(warning),
		ask: () => void (isAsked = true),
		items: () => items,
		sizeBytes: () => sizeBytes,
		finish: (bytesPerSecond) => ({
			// What is replaced goes first: steps of one kind are done together.
			operations: operations.toSorted((a, b) => Number(isTrashing(b)) - Number(isTrashing(a))),
			blocked,
			warnings,
			cost: {
				items,
				sizeBytes,
				estimateMs: bytesPerSecond === null || sizeBytes === 0 ? null : Math.round((sizeBytes / bytesPerSecond) * 1000)
			},
			asks: isAsked || items > unseenItemsMax || blocked.length > 0 || warnings.length > 0
		})
	};
}
