import type { Page } from '@playwright/test';
import { expect, test as base } from './support/app.ts';
import { LibraryPeer } from './support/library-peer.ts';
import { papersLink, putTag, sidebar, withPerson, type Person } from './support/person.ts';

type Fixtures = {
	peer: LibraryPeer;
	/** Two profiles of a browser, which know nothing of each other. */
	people: readonly [Person, Person];
};

const test = base.extend<Fixtures>({
	peer: async ({}, use) => {
		const peer = new LibraryPeer();
		await use(peer);
		await peer.remove();
	},
	people: ({}, use) => withPerson((a) => withPerson((b) => use([a, b])))
});

const tagLink = (page: Page, name: string) => sidebar(page).getByRole('link', { name: new RegExp(`^${name}`) });

/** Opens the address that the peer has said, which does nothing by itself. */
async function open({ page, app }: Person, address: string): Promise<void> {
	await page.goto(address);
	await expect(app.button('Join')).toBeVisible();
	expect(page.url(), 'the secret has left the address bar').not.toContain('pair');
}

/** T40: a link that was opened has had the app's files fetched, and nothing else; its secret went nowhere. */
function expectNothingSaid({ asked }: LibraryPeer, from: number, address: string): void {
	const [, secret = ''] = address.split('#pair=');
	expect(secret.length).toBeGreaterThan(20);
	expect(asked.length).toBeGreaterThan(from);
	expect(asked.slice(from).filter((line) => !line.startsWith('GET /') || /^GET \/(link|relay)\b/.test(line))).toEqual(
		[]
	);
	expect(asked.filter((line) => line.includes(secret))).toEqual([]);
}

/** Joins in two clicks, once both show the same words. */
async function join({ page, app }: Person, peer: LibraryPeer): Promise<void> {
	await app.button('Join').click();
	const words = page.getByLabel('Words to compare');
	await expect(words).toBeVisible();
	const [, shown = ''] = await peer.until(/comes in from this machine, with the words (\S+ \S+ \S+)\./);
	expect(await words.locator('span').allInnerTexts()).toEqual(shown.split(' '));
	// Nobody is asked there, and nobody is sent there for a yes.
	await expect(page.getByRole('group', { name: 'Pairing' })).toContainText('has said yes already');
	await app.button('They match').click();
	await expect(papersLink(page)).toBeVisible();
}

/** Joins by what a person types, and somebody at the terminal says yes to. */
async function joinByWords({ page, app }: Person, peer: LibraryPeer): Promise<void> {
	await page.goto(peer.origin);
	const { given, yes } = await peer.pair();
	await app.button('Join another device').click();
	await page.getByRole('textbox', { name: 'Link, words or code' }).fill(given);
	await app.button('Join').click();
	const words = page.getByLabel('Words to compare');
	await expect(words).toBeVisible();
	const shown = await words.locator('span').allInnerTexts();
	await expect(page.getByRole('group', { name: 'Pairing' })).toContainText('Both devices have to say yes');
	await app.button('They match').click();
	await yes(shown.join(' '));
	await expect(papersLink(page)).toBeVisible();
}

/** What a person sees of a tag: the files that have it. */
async function filesOf({ page, app }: Person, name: string): Promise<readonly string[]> {
	await tagLink(page, name).click();
	await expect(tagLink(page, name)).toHaveAttribute('aria-current', 'page');
	await expect(app.rows).toHaveCount(1);
	return app.rows.locator('.name bdi').allInnerTexts();
}

const whole =
	'F49, F24: two browsers join the peer that serves them, have its folder without it, and all three become one';

test(whole, { tag: '@timed' }, async ({ peer, people }) => {
	test.setTimeout(120_000);
	const [a, b] = people;
	for (const name of ['ledger.txt', 'plan.txt', 'quartz lagoon.jpg']) peer.write(`papers/${name}`, name);
	const address = await peer.start('papers');
	const beginMs = Date.now();
	await open(a, address);
	expectNothingSaid(peer, 0, address);
	await join(a, peer);
	const tookMs = Date.now() - beginMs;
	expect(peer.links, 'control: it asks once a person has begun').toBeGreaterThan(0);
	console.log(`joined, with the folder on the screen, in ${tookMs} ms and 2 clicks`);
	expect(tookMs).toBeLessThan(10_000);
	await papersLink(a.page).click();
	await expect(a.app.row('ledger.txt')).toBeVisible();
	await a.app.search.fill('lagoon');
	await expect(a.app.row('quartz lagoon.jpg')).toBeVisible();

	await peer.stop();
	await a.app.search.fill('plan');
	await expect(a.app.row('plan.txt')).toBeVisible();
	await a.app.search.fill('');
	await papersLink(a.page).click();
	await expect(a.app.rows).toHaveCount(3);

	await peer.start();
	await joinByWords(b, peer);
	await papersLink(b.page).click();
	await expect(b.app.rows).toHaveCount(3);
	await peer.stop();
	await putTag(a, 'ledger.txt', 'attic');
	// F57: the tag, and that it is on a file.
	const offline = sidebar(a.page).getByRole('link', { name: /^Offline/ });
	await expect(offline).toHaveText('Offline – 2 changes waiting');
	await a.app.search.fill('plan');
	await expect(a.app.row('plan.txt')).toContainText(/On .+, off/);
	await a.app.search.fill('');
	await putTag(b, 'plan.txt', 'cellar');
	await expect(tagLink(a.page, 'cellar')).toBeHidden();
	await expect(tagLink(b.page, 'attic')).toBeHidden();

	await peer.start();
	for (const { page } of people) {
		await page.evaluate(() => dispatchEvent(new Event('online'))); // as when the network has come back
		await expect(tagLink(page, 'attic')).toBeVisible({ timeout: 30_000 });
		await expect(tagLink(page, 'cellar')).toBeVisible({ timeout: 30_000 });
	}
	await expect(offline).toBeHidden();
	const setMs = await putTag(a, 'quartz lagoon.jpg', 'harbour');
	await expect(tagLink(b.page, 'harbour')).toBeVisible();
	const lateMs = Date.now() - setMs;
	console.log(`a tag set in one browser was seen in the other, through the peer, within ${lateMs} ms`);
	expect(lateMs).toBeLessThan(3_000);
	for (const one of people)
		expect([await filesOf(one, 'attic'), await filesOf(one, 'cellar'), await filesOf(one, 'harbour')]).toEqual([
			['ledger.txt'],
			['plan.txt'],
			['quartz lagoon.jpg']
		]);
	// Another tab of A takes over the core, and its link.
	const next = await a.page.context().newPage();
	await next.goto(peer.origin);
	await expect(tagLink(next, 'harbour')).toBeVisible();
	const linksBefore = peer.links;
	await a.page.close();
	await putTag(b, 'ledger.txt', 'island');
	await expect(tagLink(next, 'island')).toBeVisible({ timeout: 20_000 });
	expect(peer.links).toBeGreaterThan(linksBefore);
	await next.evaluate(() => (location.hash = '#pair=1.AAAA'));
	await expect(next.getByText('There is a library already')).toBeVisible();
	expect(next.url()).not.toContain('pair');

	await peer.stop();
	for (const [name, file] of [
		['attic', 'ledger.txt'],
		['cellar', 'plan.txt'],
		['harbour', 'quartz lagoon.jpg'],
		['island', 'ledger.txt']
	] as const)
		expect(await peer.ask('tags', 'files', name)).toContain(file);
	expect((await peer.ask('devices')).match(/Chrome on Linux/g)).toHaveLength(2);
});

const lettingIn = 'F49: a browser lets another one in, through the peer that served both, while that is there';

test(lettingIn, { tag: '@timed' }, async ({ peer, people }) => {
	test.setTimeout(90_000);
	const [a, b] = people;
	peer.write('papers/ledger.txt', 'bytes');
	const address = await peer.start('papers');
	await open(a, address);
	await join(a, peer);
	await sidebar(a.page).getByRole('link', { name: 'Devices' }).click();
	const beginMs = Date.now();
	await a.app.button('Add a device').click();
	const adding = a.page.getByRole('dialog', { name: 'Add a device' });
	const link = adding.getByLabel('Link', { exact: true });
	await expect(link).toHaveText(/#pair=1\./);
	await expect(adding.getByRole('img'), 'a code that leads nowhere from a phone').toHaveCount(0);
	await expect(adding).toContainText('There is no code to scan');
	await expect(adding.getByRole('timer')).toHaveText(/^Good for [45]:\d\d, and for one device$/);

	const [invitation, askedBefore] = [await link.innerText(), peer.asked.length];
	await open(b, invitation);
	expectNothingSaid(peer, askedBefore, invitation);
	await b.app.button('Join').click();
	for (const { page } of people) await expect(page.getByLabel('Words to compare')).toBeVisible();
	const wordsOn = ({ page }: Person) => page.getByLabel('Words to compare').locator('span').allInnerTexts();
	expect(await wordsOn(b)).toEqual(await wordsOn(a));
	for (const { app } of [b, a]) await app.button('They match').click();
	// What the peer has the first one passes on.
	await expect(papersLink(b.page)).toBeVisible();
	const tookMs = Date.now() - beginMs;
	console.log(`from "Add a device" to the first folder in the other browser: ${tookMs} ms`);
	expect(tookMs).toBeLessThan(30_000);
	await expect(adding.getByText(/ is in$/)).toBeVisible();
	expect(peer.written.match(/ comes in /g), 'the peer let in the first one alone').toHaveLength(1);
	await a.app.button('Done').click();
	const setMs = await putTag(a, 'ledger.txt', 'harbour');
	await expect(tagLink(b.page, 'harbour')).toBeVisible();
	console.log(`a tag set in one browser was seen in the other, by way of the relay, within ${Date.now() - setMs} ms`);
	expect(await filesOf(b, 'harbour')).toEqual(['ledger.txt']);

	await papersLink(b.page).click();
	await expect(b.app.row('ledger.txt')).toBeVisible();
	// What brought them together is needed no more: from here on they talk with nobody between.
	for (const { page } of people) {
		await sidebar(page).getByRole('link', { name: 'Devices' }).click();
		await expect(page.getByText('Connected directly')).toHaveCount(2); // the peer and the other one
	}
	await peer.stop();
	for (const { page } of people) await expect(page.getByText('Connected directly')).toHaveCount(1);
	await putTag(b, 'ledger.txt', 'island');
	await expect(tagLink(a.page, 'island')).toBeVisible();

	await sidebar(a.page).getByRole('link', { name: 'Devices' }).click();
	await a.app.button('Add a device').click();
	await expect(adding.getByRole('alert')).toContainText('No other device can reach this browser now.');
	await expect(link).toHaveCount(0);
	await peer.start();
	await adding.getByRole('button', { name: 'Begin again' }).click();
	await expect(link).toHaveText(/#pair=1\./);
	await a.page.keyboard.press('Escape');
	await expect(adding).toHaveCount(0);

	// T42: removed by the one, the other is told when they meet, says so, and goes only when a person there wants it.
	await a.app.button(/^Remove Chrome/).click();
	await a.page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
	await b.page.evaluate(() => dispatchEvent(new Event('online')));
	await sidebar(b.page).getByRole('link', { name: 'Devices' }).click();
	const told = b.page.getByText('Another device removed this one from the library.');
	await expect(told).toBeVisible({ timeout: 20_000 });
	await expect(papersLink(b.page)).toBeVisible();
	await b.app.button('Remove library').click();
	await b.page.getByRole('textbox', { name: 'Type “remove” to confirm' }).fill('remove');
	await b.page.getByRole('dialog').getByRole('button', { name: 'Remove library' }).click();
	await expect(b.app.button('Join another device')).toBeVisible();
});
