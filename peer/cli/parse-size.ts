const units: ReadonlyMap<string, number> = new Map([
	['', 1],
	['b', 1],
	['k', 1e3],
	['kb', 1e3],
	['m', 1e6],
	['mb', 1e6],
	['g', 1e9],
	['gb', 1e9],
	['t', 1e12],
	['tb', 1e12],
	['kib', 2 ** 10],
	['mib', 2 ** 20],
	['gib', 2 ** 30],
	['tib', 2 ** 40]
]);

/** The bytes that a person means by `2GB`, `1.5 MiB` or `900`; null where it is no size. Units as `printSize` has them. */
export function parseSize(text: string): number | null {
	const [, amount = '', unit = ''] = /^\s*(\d+(?:\.\d+)?)\s*([a-z]*)\s*$/i.exec(text) ?? [];
	const factor = units.get(unit.toLowerCase());
	if (amount === '' || factor === undefined) return null;
	const sizeBytes = Math.round(Number(amount) * factor);
	return Number.isSafeInteger(sizeBytes) ? sizeBytes : null;
}
