import type { Page } from '@playwright/test';
import { expect, test } from './durability.ts';
import { ask, call, refusal, type Profile } from './profile.ts';
import { StoredLibrary } from './stored-library.ts';

type Kind = 'file_systems' | 'indexeddb';

/** Clears storage of the app's origin as the browser does for a person or for want of room, while no page is open. */
async function clear(profile: Profile, library: StoredLibrary, kinds: readonly Kind[]): Promise<Page> {
	await library.page.close();
	const idle = await profile.open('none');
	const session = await profile.context.newCDPSession(idle);
	const { origin } = profile.site;
	if (kinds.length > 0) await session.send('Storage.clearDataForOrigin', { origin, storageTypes: kinds.join(',') });
	const page = await profile.open();
	await idle.close();
	return page;
}

async function locationsOf(page: Page) {
	return ask<{ id: number; entry: number; name: string }[]>(page, 'locations.list');
}

for (const kinds of [['file_systems'], ['file_systems', 'indexeddb']] as const) {
	const tag = kinds.length === 1 ? '@nightly' : [];
	test(
		`cleared of ${kinds.join(' and ')}, it says that no library is here, and makes none by itself`,
		{ tag },
		async ({ profile }) => {
			const library = await StoredLibrary.make(profile);
			const page = await clear(profile, library, kinds);
			expect(await ask(page, 'library.status')).toEqual({ state: 'none' });
			for (const by of [{ by: 'device' }, { by: 'recovery-code', recoveryCode: library.recoveryCode }])
				expect(await refusal(page, 'library.unlock', by)).toEqual({ type: 'LibraryMissing', retry: 'never' });
			for (const query of ['locations.list', 'settings.read', 'library.verify'])
				expect(await refusal(page, query)).toEqual({ type: 'LibraryLocked' });
			expect(await ask(page, 'library.status')).toEqual({ state: 'none' });
			await page.reload();
			expect(await ask(page, 'library.status')).toEqual({ state: 'none' });

			// A new one takes nothing over from the old one, whose secret this device may still hold.
			await ask(page, 'library.create', { name: 'New', password: null });
			expect(await locationsOf(page)).toEqual([]);
			await ask(page, 'library.lock');
			expect(await ask(page, 'library.unlock', { by: 'device' })).toMatchObject({ state: 'open', name: 'New' });
		}
	);
}

test('cleared of its secrets and folders, it asks for the recovery code and keeps every entry', async ({ profile }) => {
	const library = await StoredLibrary.make(profile);
	const page = await clear(profile, library, ['indexeddb']);
	expect(await ask(page, 'library.status')).toMatchObject({ state: 'locked' });
	expect(await refusal(page, 'library.unlock', { by: 'device' })).toEqual({ type: 'PasswordNeeded' });
	expect(await refusal(page, 'locations.list')).toEqual({ type: 'LibraryLocked' });
	expect(await refusal(page, 'library.create', { name: 'New', password: null })).toMatchObject({
		type: 'LibraryExists'
	});

	const { recoveryCode } = library;
	await ask(page, 'library.unlock', { by: 'recovery-code', recoveryCode });
	const [location] = await locationsOf(page);
	if (location === undefined) throw new Error('no location');
	const shown = () => page.evaluate((entry) => window.probe.sizes(entry), location.entry);
	expect(await shown()).toEqual(library.truth);
	// The folder's handle is gone as well: that is no reason to forget what is in it.
	expect(await call(page, 'index.run', { location: location.id, acceptEmpty: true })).toMatchObject({
		failure: { type: expect.stringMatching(/^Folder(Missing|NeedsConsent)$/) }
	});
	expect(await shown()).toEqual(library.truth);
	expect((await ask<{ flaws: unknown[] }>(page, 'library.verify')).flaws).toEqual([]);
});

test('control: not cleared, this device opens the library by itself', { tag: '@nightly' }, async ({ profile }) => {
	const library = await StoredLibrary.make(profile);
	const page = await clear(profile, library, []);
	expect(await ask(page, 'library.unlock', { by: 'device' })).toMatchObject({ state: 'open', name: 'Home' });
});
