import type { Host, RootRef } from '#core/ports';

/** A folder of the person on a host under test, with the means to change it behind Atoll's back. */
export type WorldFolder = {
	readonly root: RootRef;
	/** Makes or replaces a file of these bytes, or of so many zeros, with the directories above it. */
	write(path: readonly string[], what: Uint8Array | number): Promise<void>;
	makeDirectory(path: readonly string[]): Promise<void>;
	/** Removes a file or a whole directory. */
	remove(path: readonly string[]): Promise<void>;
	/** Takes the whole folder away, and brings it back as it was. */
	takeAway(): Promise<void>;
	bringBack(): Promise<void>;
};

/** A host with room for libraries and folders, gone after `close`. */
export type World = {
	readonly host: Host;
	/** The folder of the nth library here. */
	libraryFolder(n: number): string;
	makeFolder(): Promise<WorldFolder>;
	/** Where time is the test's own: lets so much pass that nothing is being written any more, as far as times tell. */
	settle?(): Promise<void>;
	close(): Promise<void>;
};

/** One case of a suite that runs where no test runner can: it passes, or throws. */
export type Case = { readonly title: string; readonly run: (world: World, seed: number) => Promise<void> };

function ordered(value: unknown): unknown {
	if (value instanceof Uint8Array || value instanceof Float64Array) return [...value];
	if (Array.isArray(value)) return value.map(ordered);
	if (typeof value !== 'object' || value === null) return value;
	return Object.fromEntries(
		Object.entries(value)
			.toSorted(([a], [b]) => (a < b ? -1 : 1))
			.map(([key, inner]) => [key, ordered(inner)])
	);
}

/** Throws where the two differ as data. */
export function same(actual: unknown, expected: unknown, what: string): void {
	const [a, b] = [JSON.stringify(ordered(actual)), JSON.stringify(ordered(expected))];
	if (a !== b) throw new Error(`${what}: ${a?.slice(0, 2_000)} is not ${b?.slice(0, 2_000)}`);
}

export function holds(condition: boolean, what: string): asserts condition {
	if (!condition) throw new Error(what);
}
