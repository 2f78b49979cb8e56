import type { Chance } from './random.ts';

/** Words of many lengths and beginnings; a few are far more frequent than the rest, as in real folders. */
const common = 'the of and final new copy report photo image test index main data file list view old draft'.split(' ');
const words = (
	'account album alpha amber anchor annual apple archive arrow aspen atlas august autumn award badge balance banner ' +
	'basket beacon bench berlin birch birthday board border bottle branch breakfast bridge bright brochure budget ' +
	'butter cabin calendar camera campaign canvas captain carbon castle catalog cedar ceiling certificate chapter ' +
	'charter cherry circle claim client climate coast coffee column comet compass concert contract copper coral ' +
	'corner cotton council cousin cover crane credit crystal curtain customer danube debate december delivery desert ' +
	'design diagram dinner document dolphin dragon eagle east echo editor elbow element ember engine entry error ' +
	'estimate evening event exhibit expense fabric falcon family february fern festival field finance flight florence ' +
	'flower folder forest formula fountain fragment frame galaxy garden ginger glacier glossary gold granite graph ' +
	'guide guitar hamburg harbor harvest heather helmet hidden hill history holiday honey horizon hotel house icon ' +
	'invoice iron island ivory jacket january journal journey juniper kernel kettle kitchen kyoto ladder lagoon ' +
	'lantern laurel layout leather lecture ledger lemon letter library light lisbon logo lunch machine magnet manual ' +
	'maple marble market master matrix meadow medal meeting memo menu mercury meter migration minutes mirror module ' +
	'monday moon morning mountain museum music needle network nickel night north notebook november number oak object ' +
	'ocean october office olive onion opera orange orchard order orient oslo outline oxford page palace panel paper ' +
	'parade parser passport patent patio pebble pencil pepper permit piano picture pilot pine plan planet plaster ' +
	'poem polar policy pond poster prague presentation printer profile project proposal quarry quartz query quote ' +
	'rabbit radio railway rainbow raven receipt recipe record reef render request research river robin rocket roof ' +
	'saffron salary salmon sample sand saturn schedule schema scarf school season secret september server session ' +
	'shadow shelter sigma signal silver sketch slate snow socket sonata source south sparrow spectrum spring square ' +
	'stable station stone storage store storm story strategy stream street studio summary summer sunset survey ' +
	'sweden syntax table tablet tango tax teapot template temple theater thesis thunder ticket tiger timber token ' +
	'tower trail train transfer travel treaty tulip tunnel turbine twilight ulm umbrella update utopia valley vector ' +
	'velvet venice version vessel video vienna village vinyl violet visit volcano voyage waffle wallet walnut warsaw ' +
	'water wedding west whale willow window winter wolf wood workshop yacht yearbook yellow zebra zenith zephyr zinc'
).split(' ');
const codeEndings = ['ts', 'ts', 'js', 'js', 'py', 'rs', 'go', 'c', 'h', 'java', 'css', 'html', 'svelte', 'json', 'md'];
const paperEndings = ['pdf', 'pdf', 'docx', 'xlsx', 'pptx', 'odt', 'txt', 'md', 'csv'];
const fixed = ['README.md', 'package.json', 'index.js', 'index.ts', 'LICENSE', 'Makefile', '__init__.py', '.gitignore'];
const foreign = ['Übersicht', 'Straße', 'façade', 'señal', 'Überblick', 'документ', 'фото', '写真', 'résumé', 'Ærø'];

function word(chance: Chance): string {
	return chance.next() < 0.15 ? chance.pick(common) : chance.pick(words);
}

function capital(text: string): string {
	return text.charAt(0).toUpperCase() + text.slice(1);
}

function digits(value: number, length: number): string {
	return String(value).padStart(length, '0');
}

function date(chance: Chance, between: string): string {
	const day = [chance.within(1999, 2026), digits(chance.within(1, 12), 2), digits(chance.within(1, 28), 2)];
	return day.join(between);
}

function photo(chance: Chance): string {
	switch (chance.within(0, 3)) {
		case 0:
			return `IMG_${date(chance, '')}_${digits(chance.within(0, 235_959), 6)}.jpg`;
		case 1:
			return `DSC${digits(chance.within(0, 99_999), 5)}.${chance.pick(['JPG', 'ARW', 'NEF'])}`;
		case 2:
			return `${date(chance, '-')} ${capital(word(chance))} ${chance.within(1, 400)}.jpeg`;
		default:
			return `Screenshot ${date(chance, '-')} at ${chance.within(0, 23)}.${digits(chance.within(0, 59), 2)}.png`;
	}
}

function paper(chance: Chance): string {
	const first = chance.next() < 0.05 ? chance.pick(foreign) : capital(word(chance));
	const tail = chance.next() < 0.3 ? ` (${chance.pick(['final', 'draft', 'copy', '2', '3', 'signed'])})` : '';
	const year = chance.next() < 0.4 ? ` ${chance.within(1999, 2026)}` : '';
	return `${first} ${word(chance)}${year}${tail}.${chance.pick(paperEndings)}`;
}

function code(chance: Chance): string {
	if (chance.next() < 0.08) return chance.pick(fixed);
	const parts = Array.from({ length: chance.within(1, 3) }, () => word(chance));
	const test = chance.next() < 0.1 ? '.test' : '';
	return `${parts.join(chance.pick(['-', '-', '_']))}${test}.${chance.pick(codeEndings)}`;
}

function other(chance: Chance): string {
	switch (chance.within(0, 2)) {
		case 0:
			return `${digits(chance.within(1, 24), 2)} - ${capital(word(chance))} ${word(chance)}.${chance.pick(['mp3', 'flac'])}`;
		case 1:
			return `lib${word(chance)}-${word(chance)}.so.${chance.within(0, 9)}.${chance.within(0, 40)}`;
		default:
			return Array.from({ length: 5 }, () => digits(chance.within(0, 0xff_ffff), 8))
				.join('')
				.slice(0, 32);
	}
}

/** The name of a file, as cameras, offices and programmers give them. */
export function fileName(chance: Chance): string {
	const kind = chance.next();
	if (kind < 0.3) return photo(chance);
	if (kind < 0.55) return paper(chance);
	return kind < 0.9 ? code(chance) : other(chance);
}

export function folderName(chance: Chance): string {
	const kind = chance.next();
	if (kind < 0.25) return String(chance.within(1999, 2026));
	if (kind < 0.6) return word(chance);
	return `${capital(word(chance))} ${word(chance)}`;
}
