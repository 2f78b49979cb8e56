import { createHash, randomBytes } from 'node:crypto';
import { seeded } from '../tabs/random.ts';
import { tampered } from './database.ts';
import { isNightly } from '../tier.ts';
import { expect, newSeed, test } from './durability.ts';
import { call, Profile, refusal } from './profile.ts';
import { serveSite } from './site.ts';
import { databaseFile, headerFile, StoredLibrary, type Opened } from './stored-library.ts';

const pageBytes = 4_096;
const flipsPerPage = isNightly ? 16 : 1;
/** One page of so many, from one by chance on. */
const pagesStep = isNightly ? 1 : 40;
const damaged = { type: 'LibraryDamaged', retry: 'never' };

type Library = StoredLibrary;
type Case = {
	readonly file: string;
	readonly change: (bytes: Buffer, library: Library) => Uint8Array | null;
	readonly failure: Record<string, unknown>;
};

function flipped(bytes: Buffer, bit: number): Buffer {
	const changed = Buffer.from(bytes);
	changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
	return changed;
}

/** The header with `change` made to it and the digest that tells damage made new, as a forger would. */
function forged(bytes: Buffer, change: (header: Record<string, unknown>) => void): Buffer {
	const header = JSON.parse(bytes.toString());
	change(header);
	const { format, id, createdMs, cipher, slots, mac } = header;
	const parts = slots.map(({ kind, salt, device, sealed }: Record<string, string>) => [kind, salt ?? device, sealed]);
	const signed = JSON.stringify([format, id, createdMs, cipher.name, cipher.salt, parts]);
	header.checksum = createHash('sha256').update(signed).update(mac).digest('hex');
	return Buffer.from(JSON.stringify(header));
}

const inDatabase = (change: Case['change'], failure: Case['failure'] = damaged): Case => ({
	file: databaseFile,
	change,
	failure
});
const inHeader = (change: Case['change'], failure: Case['failure'] = damaged): Case => ({
	file: headerFile,
	change,
	failure
});

const cases: Readonly<Record<string, Case>> = {
	'the database is empty': inDatabase(() => new Uint8Array()),
	'the database is gone': inDatabase(() => null),
	'the database ends after its first page': inDatabase((bytes) => bytes.subarray(0, pageBytes)),
	'the database ends at half': inDatabase((bytes) =>
		bytes.subarray(0, Math.floor(bytes.length / 2 / pageBytes) * pageBytes)
	),
	'the database lacks its last page': inDatabase((bytes) => bytes.subarray(0, -pageBytes)),
	'the database ends inside a page': inDatabase((bytes) => bytes.subarray(0, -100)),
	'the database is noise': inDatabase((bytes) => randomBytes(bytes.length)),
	'the database is all zeros': inDatabase((bytes) => new Uint8Array(bytes.length)),
	'the database is a plain one with the right tables': inDatabase(() =>
		tampered(null, null, 'CREATE TABLE setting (name TEXT, value TEXT)', 'PRAGMA user_version = 3')
	),
	'the database is that of another key': inDatabase((_, { rawKey }) =>
		tampered(null, 'ab'.repeat(32) + rawKey.slice(64), 'CREATE TABLE setting (name TEXT)', 'PRAGMA user_version = 3')
	),
	'the database is of a newer version': inDatabase(
		(bytes, { rawKey }) => tampered(bytes, rawKey, 'PRAGMA user_version = 99'),
		{ type: 'LibraryNewer', found: 99, known: expect.any(Number) }
	),
	'the header is empty': inHeader(() => new Uint8Array()),
	'the header is cut short': inHeader((bytes) => bytes.subarray(0, -20)),
	'the header is not text': inHeader(() => randomBytes(800)),
	'the header is too long to be one': inHeader((bytes) => Buffer.concat([bytes, Buffer.alloc(70_000, ' ')])),
	'the header is something else': inHeader(() => Buffer.from('{"format":1,"name":"x"}')),
	'the header is forged, its digest right': inHeader((bytes) => forged(bytes, (header) => (header['createdMs'] = 1))),
	'the header is of format 2': inHeader(
		(bytes) => Buffer.from(JSON.stringify({ ...JSON.parse(bytes.toString()), format: 2, extra: true })),
		{ type: 'LibraryNewer', found: 2, known: 1 }
	)
};

/** Damages the library, tries to open it in every way, and shows that all is refused and nothing was written. */
async function refuses(library: Library, { file, change, failure }: Case): Promise<void> {
	const whole = await library.files();
	const bytes = whole[file];
	if (bytes === undefined) throw new Error(`no ${file}`);
	const changed = change(bytes, library);
	await library.put(file, changed);
	const before = await library.files();

	expect((await library.open()).failure).toMatchObject(failure);
	expect((await library.open({ by: 'recovery-code', recoveryCode: library.recoveryCode })).failure).toMatchObject(
		failure
	);
	const status = await call(library.page, 'library.status');
	expect(status).not.toMatchObject({ ok: true, value: { state: 'none' } });
	expect(status).not.toMatchObject({ ok: true, value: { state: 'open' } });
	expect(await refusal(library.page, 'library.create', { name: 'New', password: null })).toMatchObject({
		type: expect.stringMatching(/^(LibraryExists|LibraryDamaged|LibraryNewer)$/)
	});
	// A database that was lost leaves an empty file when it is looked for.
	const lost = changed === null ? { [file]: Buffer.alloc(0) } : {};
	expect(await library.files()).toEqual({ ...before, ...lost });

	for (const name of [headerFile, databaseFile]) await library.put(name, whole[name] ?? null);
	expect(await library.open()).toEqual({ failure: null, flaws: [], shown: library.truth });
}

test.describe('damage is told, and nothing is overwritten', () => {
	let profile: Profile;
	let library: StoredLibrary;
	test.beforeAll(async ({ site }) => {
		profile = new Profile(site);
		library = await StoredLibrary.make(profile);
	});
	test.afterAll(() => profile.end());
	for (const [at, [title, one]] of Object.entries(cases).entries()) {
		test(title, { tag: at % 3 === 0 ? [] : '@nightly' }, () => refuses(library, one));
	}
});

/** Whether damage was told, by opening or by checking; rows that are not the truth are `wrong`, whatever was told. */
function verdict({ failure, flaws, shown }: Opened, truth: object): 'told' | 'silent' | 'wrong' {
	const isRefused = 'type' in shown && typeof shown.type === 'string';
	const refusals = failure === null ? ['LibraryDamaged'] : ['LibraryDamaged', 'LibraryLocked'];
	if (isRefused ? !refusals.includes(String(shown.type)) : JSON.stringify(shown) !== JSON.stringify(truth))
		return 'wrong';
	if (failure !== null) return failure.type === 'LibraryDamaged' && isRefused ? 'told' : 'wrong';
	return flaws.length > 0 ? 'told' : 'silent';
}

type Verdicts = Readonly<Record<'told' | 'silent' | 'wrong', string[]>>;

/** Flips bits by chance in one of `step` pages of `bytes`, one at a time, and opens the library each time, as long as `goOn` says so. */
async function flipPages(
	library: Library,
	bytes: Buffer,
	random: () => number,
	{ step, goOn }: { readonly step: number; readonly goOn: (verdicts: Verdicts) => boolean }
): Promise<Verdicts> {
	const verdicts: Verdicts = { told: [], silent: [], wrong: [] };
	const first = Math.floor(random() * step) * pageBytes;
	for (let at = first; at < bytes.length && goOn(verdicts); at += step * pageBytes) {
		for (let flip = 0; flip < flipsPerPage; flip++) {
			const bit = at * 8 + Math.floor(random() * pageBytes * 8);
			await library.put(databaseFile, flipped(bytes, bit));
			const found = verdict(await library.open(), library.truth);
			verdicts[found].push(`byte ${bit >> 3}, bit ${bit & 7}`);
		}
	}
	await library.put(databaseFile, bytes);
	return verdicts;
}

test('one flipped bit in any page is told, and no wrong row is shown', async ({ profile }) => {
	test.setTimeout(60_000 + flipsPerPage * 60_000);
	const library = await StoredLibrary.make(profile);
	// Packed, so that it has no page that nobody reads: a flip in such a one changes nothing.
	const bytes = tampered(await library.database(), library.rawKey, 'VACUUM');
	const verdicts = await flipPages(library, bytes, seeded(newSeed()), { step: pagesStep, goOn: () => true });
	console.log(
		`${verdicts.told.length} flips told, ${flipsPerPage} in one of ${pagesStep} pages of ${bytes.length / pageBytes}`
	);
	expect(verdicts).toEqual({ told: expect.any(Array), silent: [], wrong: [] });
	const pages = Math.floor(bytes.length / pageBytes / pagesStep);
	expect(verdicts.told.length).toBeGreaterThanOrEqual(flipsPerPage * pages);
	expect(await library.open()).toEqual({ failure: null, flaws: [], shown: library.truth });
});

test('one flipped bit anywhere in the header is told', { tag: '@nightly' }, async ({ profile }) => {
	const random = seeded(newSeed());
	const library = await StoredLibrary.make(profile);
	const bytes = (await library.files())[headerFile] ?? Buffer.alloc(0);
	const told: Record<string, number> = {};
	for (let flip = 0; flip < 25 * flipsPerPage; flip++) {
		await library.put(headerFile, flipped(bytes, Math.floor(random() * bytes.length * 8)));
		const { failure, shown } = await library.open();
		const type = failure?.type ?? (JSON.stringify(shown) === JSON.stringify(library.truth) ? 'the truth' : 'wrong');
		told[type] = (told[type] ?? 0) + 1;
	}
	console.log(JSON.stringify(told));
	// White space and the case of a hex digit may change and mean the same; a version may become a newer one.
	for (const type of Object.keys(told)) expect(['LibraryDamaged', 'LibraryNewer', 'the truth']).toContain(type);
	await library.put(headerFile, bytes);
	expect((await library.open()).failure).toBeNull();
});

test('control: without the codes of its pages a flipped bit shows wrong rows', { tag: '@nightly' }, async () => {
	test.setTimeout(120_000);
	const site = await serveSite({
		file: 'schema/prelude.ts',
		edits: { '`PRAGMA legacy = 4`': '`PRAGMA legacy = 4`, `PRAGMA hmac_use = 0`' }
	});
	const profile = new Profile(site);
	try {
		const library = await StoredLibrary.make(profile);
		const isSilent = ({ silent, wrong }: Verdicts) => silent.length + wrong.length > 0;
		const verdicts = await flipPages(library, await library.database(), seeded(1), {
			step: 1,
			goOn: (seen) => !isSilent(seen)
		});
		expect(isSilent(verdicts)).toBe(true);
	} finally {
		await profile.end();
		await site.close();
	}
});
