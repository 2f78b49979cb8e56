/** A small, believable tree of real files to try the app with: 200 files in nested folders, made on the spot. */
import { drawLandscape, toneWave } from './sample-media.ts';

export type SampleFile = {
	/** Folder names from the top, the file's own name last. */
	readonly path: readonly string[];
	readonly content: () => Promise<BlobPart>;
};

const recipes =
	'Lemon tart|Pão de queijo|Barley soup|Rye bread|Shakshuka|Plum cake|Dal with spinach|Fish stew|Oat biscuits|Gnocchi|Miso aubergine|Pear chutney|Käsespätzle|Lentil salad|Focaccia|Rice pudding|Borscht|Apple butter|Green curry|Almond granola';
const letters =
	'To the harbour office|Thanks to Ines|Lease renewal|Insurance claim|To the editor|Birthday for Tomás|Library fine|Choir dates|School trip|Reference for Amina|Garden plot|To grandmother';
const books =
	'The Living Mountain|Sea Room|The Summer Book|Waterlog|The Peregrine|Findings|The Outrun|Island of Stone|Salt on Your Tongue|Notes on Tides|A Field Guide to Getting Lost|The Old Ways|Underland|The Salt Path|Wild Signs|On Looking|The Hidden Life of Trees|Coral Seas';
const sounds = 'Harbour bells|Rain on the roof|Ferry horn|Skylark|Night surf|Kettle|Rigging|Curlew';

function list(names: string): readonly string[] {
	return names.split('|');
}

function text(path: readonly string[], body: string): SampleFile {
	return { path, content: () => Promise.resolve(body) };
}

/** The same number between 0 and 1 for the same `seed`: content that is varied and never random. */
function fraction(seed: number): number {
	const wave = Math.sin(seed * 12.9898) * 43758.5453;
	return wave - Math.floor(wave);
}

function photos(): readonly SampleFile[] {
	const albums = ['2023 Lisbon', '2024 Alps', '2025 Garden'];
	return albums.flatMap((album, at) =>
		Array.from({ length: 30 }, (_, number) => ({
			path: ['Photos', album, `IMG_${2041 + at * 317 + number * 3}.jpg`],
			content: () => drawLandscape(fraction(at * 100 + number), at)
		}))
	);
}

function accounts(): readonly SampleFile[] {
	const rows = (seed: number): string =>
		Array.from({ length: 18 }, (_, day) => {
			const amount = (fraction(seed * 31 + day) * 180).toFixed(2);
			return `${String(day + 1).padStart(2, '0')},${['Groceries', 'Tram', 'Books', 'Rent share', 'Coffee'][day % 5]},${amount}`;
		}).join('\n');
	return ['2024', '2025'].flatMap((year, at) =>
		Array.from({ length: 12 }, (_, month) =>
			text(
				['Documents', 'Accounts', year, `${year}-${String(month + 1).padStart(2, '0')}.csv`],
				`day,what,amount\n${rows(at * 12 + month)}\n`
			)
		)
	);
}

function boatShed(): readonly SampleFile[] {
	const folder = ['Projects', 'Boat shed'];
	const plan = (width: number): string =>
		`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} 60"><path fill="none" stroke="#357" d="M4 56V24L${width / 2} 4l${width / 2 - 4} 20v32z"/></svg>\n`;
	return [
		text([...folder, 'Plan.md'], '# Boat shed\n\nDry by October. Door to the north, light from above.\n'),
		text([...folder, 'Timber.csv'], 'piece,length m,count\npost,2.4,8\nrafter,3.6,12\nboard,4.0,64\n'),
		text([...folder, 'Costs.csv'], 'what,amount\nLarch,1240\nScrews,86\nRoofing felt,210\n'),
		text([...folder, 'Permit.txt'], 'Asked for on 4 March. Granted on 2 April.\n'),
		...['North', 'South', 'East', 'West', 'Roof', 'Floor'].map((side, at) =>
			text([...folder, 'Drawings', `${side}.svg`], plan(80 + at * 8))
		)
	];
}

function website(): readonly SampleFile[] {
	const folder = ['Projects', 'Website'];
	const pages = ['index', 'about', 'tides', 'map', 'contact', 'imprint'];
	return [
		...pages.map((page) =>
			text([...folder, `${page}.html`], `<!doctype html>\n<title>${page}</title>\n<h1>${page}</h1>\n`)
		),
		...['base', 'print', 'map'].map((sheet) =>
			text([...folder, 'styles', `${sheet}.css`], `/* ${sheet} */\nbody { font: 1rem/1.5 serif; }\n`)
		),
		...['tides', 'map', 'menu'].map((script) =>
			text([...folder, 'scripts', `${script}.js`], `export const name = '${script}';\n`)
		),
		...['tides', 'harbours', 'moon', 'stations'].map((table) =>
			text([...folder, 'data', `${table}.json`], `{ "table": "${table}", "rows": [] }\n`)
		)
	];
}

/** Every file of the sample; the same each time. */
export function sampleFiles(): readonly SampleFile[] {
	return [
		text(['Welcome.md'], '# Welcome\n\nThese files are a sample. Look around, search, sort; nothing here is yours.\n'),
		text(['Packing list.txt'], 'Tent\nStove\nMaps\nRaincoat\nGood shoes\n'),
		...photos(),
		...list(recipes).map((name) => text(['Documents', 'Recipes', `${name}.md`], `# ${name}\n\nFor four people.\n`)),
		...list(letters).map((name) => text(['Documents', 'Letters', `${name}.txt`], `${name}\n\nDear all,\n\n`)),
		...accounts(),
		...list(books).map((name) => text(['Reading notes', `${name}.md`], `# ${name}\n\n- Worth reading twice.\n`)),
		...list(sounds).map((name, at) => ({
			path: ['Sounds', `${name}.wav`],
			content: () => Promise.resolve(toneWave(220 + at * 55))
		})),
		...boatShed(),
		...website()
	];
}
