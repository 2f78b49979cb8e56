import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { searchMemory } from '../peer/process-memory.ts';
import { expect, test } from './support/app.ts';
import { LibraryPeer } from './support/library-peer.ts';
import { papersLink, putTag } from './support/person.ts';

const program = resolve('build/peer.js');

/** `atoll pair` on a pseudo-terminal, in the home of a peer that is stopped. */
function pairOnTerminal(home: string, relay: string) {
	const line = `exec '${process.execPath}' '${program}' pair --relay-at '${relay}'`;
	const child = spawn('script', ['--quiet', '--flush', '--return', '--command', line, '/dev/null'], {
		cwd: home,
		env: { PATH: process.env['PATH'] ?? '', HOME: home, SHELL: '/bin/sh' },
		stdio: ['pipe', 'pipe', 'inherit']
	});
	let written = '';
	child.stdout.setEncoding('utf8').on('data', (text: string) => (written += text));
	const ended = once(child, 'exit');
	return {
		async until(pattern: RegExp): Promise<RegExpExecArray> {
			for (let found = pattern.exec(written); ; found = pattern.exec(written)) {
				if (found !== null) return found;
				if (child.exitCode !== null) throw new Error(`ended: ${written}`);
				await Promise.race([once(child.stdout, 'data'), ended]);
			}
		},
		say: (text: string) => child.stdin.write(`${text}\r`),
		/** The process of `atoll` itself, which the terminal has begun. */
		get pid(): number {
			return Number(readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').trim());
		},
		/** With its terminal it ends. */
		stop: async () => {
			child.kill('SIGKILL');
			await ended;
		}
	};
}

const marker = 'quartz lagoon';
const tagName = 'marker osprey';

test('a browser joins the library of a machine that it cannot reach, through a relay that has nothing of what they say', async ({
	page,
	app
}) => {
	const [relay, far] = [new LibraryPeer(), new LibraryPeer()];
	far.write(`papers/${marker}.txt`, 'bytes');
	const run = (...args: readonly string[]) =>
		promisify(execFile)(process.execPath, [program, ...args], { cwd: far.home, env: { HOME: far.home } });
	for (const args of [['init', '.local/share/atoll/library.sdlibrary', '--no-password'], ['add', 'papers'], ['index']])
		await run(...args);
	await relay.start('--relay');
	const [, name = ''] = await relay.until(/Devices meet at (\S+)/);
	// All go through the door, which keeps what passes.
	const { host } = new URL(relay.origin);
	const pairing = pairOnTerminal(far.home, name.replace(/localhost:\d+/, host));
	try {
		const [, invitation = ''] = await pairing.until(/atoll join 'atoll:\/\/join(#pair=\S+)'/);
		await page.goto(`${relay.origin}/${invitation}`);
		await app.button('Join').click();
		const [, words = ''] = await pairing.until(/the words\s+(\S+ \S+ \S+)\s[^]*both screens\?/);
		await expect(page.getByLabel('Words to compare')).toHaveText(words.replaceAll(' ', ''));
		pairing.say('y');
		await app.button('They match').click();
		await papersLink(page).click();
		await expect(app.row(`${marker}.txt`)).toBeVisible();
		expect(relay.written).not.toContain('comes in');

		await putTag({ page, app }, `${marker}.txt`, tagName);
		// It has come to the machine, which has both in its memory: whoever has them is found.
		await expect
			.poll(() => searchMemory(pairing.pid, [marker, tagName]).found.toSorted())
			.toEqual([tagName, marker].toSorted());
		const atRelay = searchMemory(relay.pid, [marker, tagName]);
		expect(atRelay).toMatchObject({ found: [] });
		expect(atRelay.bytes).toBeGreaterThan(10_000_000);
		expect([marker, tagName].filter((text) => relay.hasPassed(text))).toEqual([]);
		expect(relay.hasPassed('GET /relay')).toBe(true);
	} finally {
		await pairing.stop();
		await Promise.all([relay.remove(), far.remove()]);
	}
});
