import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Baselines, Figure } from './figure.ts';

const file = fileURLToPath(new URL('baselines.json', import.meta.url));

/** The figures that are committed: shares and bytes, as times say more of the machine than of us. */
export function readBaselines(): Baselines {
	return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
}

/** Replaces the baselines of `figures` and keeps those of what was not measured now. */
export function writeBaselines(figures: readonly Figure[]): void {
	const compared = figures.filter(({ tolerance, measured }) => tolerance !== undefined && Number.isFinite(measured));
	const next = { ...readBaselines() };
	for (const { name, measured, unit } of compared) next[name] = Number(measured.toFixed(unit === 'bytes' ? 0 : 2));
	const sorted = Object.entries(next).toSorted(([a], [b]) => (a < b ? -1 : 1));
	writeFileSync(file, `${JSON.stringify(Object.fromEntries(sorted), null, '\t')}\n`);
}
