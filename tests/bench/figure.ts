/** What is measured. A share is a ratio of two times of one run; only shares and bytes are compared with a baseline. */
export type Unit = 'share' | 'bytes' | 'ms' | 'per second' | 'count';

/** One measured number. Less is better, except for `per second`, which is told and not judged. */
export type Figure = {
	/** `node.cipher.bulk`: the benchmark, then what of it. */
	readonly name: string;
	readonly measured: number;
	readonly unit: Unit;
	/** The most that the project asks of itself. */
	readonly asked?: number;
	/** How much more than the baseline is still no regression: 0.25 is a quarter. None: told, not compared. */
	readonly tolerance?: number;
};

export type Baselines = Readonly<Record<string, number>>;

export type Verdict = 'ok' | 'falls short' | 'regressed' | 'new' | 'told';

export function verdict(figure: Figure, baselines: Baselines): Verdict {
	const { name, measured, asked, tolerance } = figure;
	const baseline = baselines[name];
	if (!Number.isFinite(measured)) return 'regressed';
	if (tolerance !== undefined && baseline !== undefined && measured > baseline * (1 + tolerance)) return 'regressed';
	if (asked !== undefined && measured > asked) return 'falls short';
	if (tolerance !== undefined && baseline === undefined) return 'new';
	return asked === undefined && tolerance === undefined ? 'told' : 'ok';
}

function digits(value: number): number {
	return Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
}

export function shown(value: number | undefined, unit: Unit): string {
	if (value === undefined) return '';
	const text = value.toLocaleString('en', { maximumFractionDigits: digits(value) });
	switch (unit) {
		case 'share':
			return `${text} ×`;
		case 'bytes':
			return `${text} B`;
		case 'ms':
			return `${text} ms`;
		case 'per second':
			return `${text} /s`;
		case 'count':
			return text;
	}
}

/** A table in plain text, which is also a table in Markdown. */
export function table(figures: readonly Figure[], baselines: Baselines): string {
	const rows = figures.map((figure) => {
		const { name, measured, unit, asked, tolerance } = figure;
		const baseline = tolerance === undefined ? undefined : baselines[name];
		const within = tolerance === undefined || baseline === undefined ? '' : ` +${Math.round(tolerance * 100)} %`;
		const most = asked === undefined ? '' : `≤ ${shown(asked, unit)}`;
		return [name, shown(measured, unit), most, shown(baseline, unit) + within, verdict(figure, baselines)];
	});
	const all = [['figure', 'measured', 'asked', 'baseline', 'verdict'], ...rows];
	const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
	const line = (row: readonly string[]) =>
		`| ${row.map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0))).join(' | ')} |`;
	const rule = `|${widths.map((width, at) => (at === 0 ? '-'.repeat(width + 2) : `${'-'.repeat(width + 1)}:`)).join('|')}|`;
	return [line(all[0] ?? []), rule, ...rows.map(line)].join('\n');
}
