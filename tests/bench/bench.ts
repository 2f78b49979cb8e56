/**
 * Measures what the project promises and compares it with the committed baselines. Ends with 1 when a figure is
 * worse than its baseline by more than its tolerance; what merely falls short of what is asked is told.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { readBaselines, writeBaselines } from './baselines.ts';
import { benchmarks, type Benchmark, type Choices } from './benchmarks.ts';
import { table, verdict, type Figure } from './figure.ts';
import { recipes } from './input/sparse-tree.ts';
import { describeMachine } from './machine.ts';

const help = `npm run bench -- [name…] [options]

Names choose benchmarks by a part of theirs (node, browser.open, index); none means all:
${benchmarks.map(({ name, what }) => `  ${name.padEnd(17)}${what}`).join('\n')}

Options:
  --tree <folder>   the folder that is indexed (/usr); a generated one takes the place of a small one
  --recipe <names>  trees of sparse files that are made and indexed (small,desktop): ${Object.keys(recipes).join(', ')}
                    or all; large and extreme take some 5 GB of the temporary folder meanwhile
  --scale <share>   how much of each (1)
  --json <file>     where the figures are written (test-results/bench.json)
  --update          makes the figures measured now the baselines
`;

const { values, positionals } = parseArgs({
	allowPositionals: true,
	options: {
		tree: { type: 'string', default: '/usr' },
		recipe: { type: 'string', default: 'small,desktop' },
		scale: { type: 'string', default: '1' },
		json: { type: 'string', default: 'test-results/bench.json' },
		update: { type: 'boolean', default: false },
		help: { type: 'boolean', default: false }
	}
});

function chosenBenchmarks(): readonly Benchmark[] {
	const isWanted = (name: string) =>
		positionals.length === 0 || positionals.some((wanted) => `.${name}.`.includes(`.${wanted}.`));
	const chosen = benchmarks.filter(({ name }) => isWanted(name));
	if (chosen.length === 0) throw new Error(`no benchmark is called ${positionals.join(' or ')}`);
	return chosen;
}

async function measureAll(chosen: readonly Benchmark[], choices: Choices): Promise<Figure[]> {
	const figures: Figure[] = [];
	for (const { name, measure } of chosen) {
		const startMs = performance.now();
		process.stderr.write(`${name} …`);
		figures.push(...(await measure(choices)));
		process.stderr.write(` ${((performance.now() - startMs) / 1000).toFixed(0)} s\n`);
	}
	return figures;
}

async function run(): Promise<void> {
	const chosen = chosenBenchmarks();
	const machine = await describeMachine(chosen.some(({ name }) => name.startsWith('browser.')));
	const figures = await measureAll(chosen, {
		tree: values.tree,
		recipes: values.recipe === 'all' ? Object.keys(recipes) : values.recipe.split(','),
		scale: Number(values.scale)
	});
	const baselines = readBaselines();
	const verdicts = figures.map((figure) => ({ ...figure, verdict: verdict(figure, baselines) }));
	console.log(table(figures, baselines));
	mkdirSync(dirname(values.json), { recursive: true });
	writeFileSync(values.json, `${JSON.stringify({ machine, figures: verdicts }, null, '\t')}\n`);
	if (values.update) return writeBaselines(figures);
	const count = (wanted: string) => verdicts.filter((figure) => figure.verdict === wanted).length;
	console.log(`${figures.length} figures, ${count('falls short')} fall short, ${count('regressed')} regressed`);
	process.exitCode = count('regressed') > 0 ? 1 : 0;
}

process.on('SIGTERM', () => process.exit(143));
process.on('SIGINT', () => process.exit(130));
if (values.help) console.log(help);
else await run();
