import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { describe, expect, test, vi } from 'vitest';
import { inHome, libraryIn, password, type Home } from './home.ts';

vi.setConfig({ testTimeout: 60_000 });

/** What a terminal was shown, without the marks that move its cursor. */
function shown(text: string): string {
	return text.replaceAll(/\u001b\[2K/g, '').replaceAll('\r', '');
}

async function withPassword(use: (home: Home) => Promise<void>): Promise<void> {
	await inHome(async (home) => {
		home.write('pw', `${password}\n`);
		expect(await home.run(['init', libraryIn(home), '-p', 'pw'])).toMatchObject({ code: 0 });
		await use(home);
	});
}

describe('on a terminal', () => {
	test('a password is typed twice, unseen, and opens the library afterwards', async () => {
		await inHome(async (home) => {
			const secret = `pässword ${randomBytes(4).toString('hex')}`;
			const made = await home.runOnTerminal(
				['init', libraryIn(home)],
				[
					{ at: 'New password', keys: `${secret}\r` },
					{ at: 'Once more', keys: `${secret.slice(0, 3)}x\u007f${secret.slice(3)}\r` }
				]
			);
			expect(made.code).toBe(0);
			expect(made.out).not.toContain(secret.slice(0, 5));
			expect(shown(made.out).match(/([0-9A-Z]{4}-){7}[0-9A-Z]{4}/g), 'the code, once').toHaveLength(1);
			expect(shown(made.out)).toContain('If the password is lost');
			const opened = await home.runOnTerminal(['ls'], [{ at: 'Password', keys: `${secret}\r` }]);
			expect(opened).toMatchObject({ code: 0 });
			expect(opened.out).not.toContain(secret);
			expect(await home.runOnTerminal(['ls'], [{ at: 'Password', keys: `${secret}!\r` }])).toMatchObject({ code: 3 });
			home.write('pw', `${secret}\r\n`);
			expect(await home.run(['ls', '-p', 'pw'])).toMatchObject({ code: 0 });
		});
	});

	test('two that differ make nothing; an empty one makes a library that this device opens', async () => {
		await inHome(async (home) => {
			const different = [
				{ at: 'New password', keys: `${password}\r` },
				{ at: 'Once more', keys: `${password}s\r` }
			];
			expect(await home.runOnTerminal(['init', libraryIn(home)], different)).toMatchObject({ code: 2 });
			expect(existsSync(libraryIn(home))).toBe(false);
			const none = [{ at: 'New password', keys: '\r' }];
			expect(await home.runOnTerminal(['init', libraryIn(home)], none)).toMatchObject({ code: 0 });
			expect(await home.run(['ls'])).toMatchObject({ code: 0 });
		});
	});

	test.each([
		['Ctrl-C', '\u0003'],
		['Ctrl-D', '\u0004']
	])('%s gives up: code 130', async (_, keys) => {
		await withPassword(async (home) => {
			expect(await home.runOnTerminal(['ls'], [{ at: 'Password', keys }])).toMatchObject({ code: 130 });
		});
	});
});

describe('without a terminal', () => {
	test('a wrong password, none at all and the right one', async () => {
		await withPassword(async (home) => {
			home.write('wrong', 'something else\n');
			const wrong = await home.run(['ls', '--json', '-p', 'wrong']);
			expect(wrong).toMatchObject({ code: 3, err: expect.stringContaining('does not open') });
			expect(JSON.parse(wrong.out)).toEqual({ failure: { type: 'WrongPassword' } });
			expect(wrong.err).not.toContain('something else');
			expect(await home.run(['ls'])).toMatchObject({ code: 3, err: expect.stringContaining('--password-file') });
			expect(await home.run(['ls', '-p', 'pw'])).toMatchObject({ code: 0, err: '' });
		});
	});

	test('init makes nothing unless told how the library opens, or with a password that is too short', async () => {
		await inHome(async (home) => {
			expect(await home.run(['init', 'lib'])).toMatchObject({ code: 3 });
			home.write('short', 'short\n');
			expect(await home.run(['init', 'lib', '-p', 'short'])).toMatchObject({
				code: 2,
				err: expect.stringContaining('at least 8')
			});
			expect(existsSync(home.path('lib'))).toBe(false);
			expect(await home.run(['init', 'lib', '--no-password'])).toMatchObject({ code: 0 });
			expect(await home.run(['init', 'lib', '--no-password'])).toMatchObject({
				code: 1,
				err: expect.stringContaining('already')
			});
		});
	});

	test('the recovery code opens a library whose password is lost', async () => {
		await inHome(async (home) => {
			home.write('pw', password);
			const made = await home.run(['init', libraryIn(home), '-p', 'pw', '--json']);
			const { recoveryCode } = JSON.parse(made.out);
			home.write('code', `${recoveryCode.toLowerCase().replaceAll('-', ' ')}\n`);
			expect(await home.run(['ls', '--recovery-code-file', 'code'])).toMatchObject({ code: 0 });
			home.write('code', `${recoveryCode.replace(/.$/, recoveryCode.endsWith('0') ? '1' : '0')}\n`);
			expect(await home.run(['ls', '--recovery-code-file', 'code'])).toMatchObject({
				code: 3,
				err: expect.stringContaining('recovery code')
			});
		});
	});

	test('key export wants the password of a library that has one', async () => {
		await withPassword(async (home) => {
			expect(await home.run(['key', 'export'])).toMatchObject({ code: 3, out: '' });
			home.write('wrong', 'something else\n');
			expect(await home.run(['key', 'export', '-p', 'wrong'])).toMatchObject({ code: 3, out: '' });
			const { out } = await home.run(['key', 'export', '-p', 'pw', '--json']);
			expect(JSON.parse(out)).toEqual({
				key: expect.stringMatching(/^[0-9a-f]{64}$/),
				salt: expect.stringMatching(/^[0-9a-f]{32}$/)
			});
		});
	});
});
