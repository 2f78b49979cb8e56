import { execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import type { Beacon } from '#core/devices';
import { deviceId } from '#core/kernel';
import type { ClockPort } from '#core/ports';
import { createClock } from '../../peer/host/clock.ts';
import { printAnswer, printQuestion, readMessage } from '../../peer/nearby/dns-message.ts';
import type { Multicast } from '../../peer/nearby/multicast.ts';
import { watchNearby } from '../../peer/nearby/nearby.ts';
import { peerOptions } from '../../peer/ready.mjs';
import { CpuTimes, mutated, slowMax } from '../sim/fuzz.ts';
import { createSimClock } from '../sim/host/clock.ts';
import { createSimRandom, testSeed } from '../sim/host/random.ts';
import { isNightly } from '../tier.ts';
import { atollProgram, follow, type Going, type Home } from './home.ts';
import { inTwoHomes, join, type Pair } from './two-homes.ts';

vi.setConfig({ testTimeout: 120_000 });

const seed = testSeed('nearby');
const bytes = Uint8Array.from(randomBytes(600));
const answer = printAnswer({ instance: 'a1b2', port: 4311, address: '192.168.1.5', bytes });

describe('messages of multicast DNS', () => {
	test('a question and an answer are read as they were written', () => {
		expect(readMessage(printQuestion())).toEqual({ asks: true, calls: [] });
		expect(readMessage(answer)).toEqual({ asks: false, calls: [bytes] });
	});

	test('of other services nothing is taken, and names may point back, but in no circle', () => {
		const other = Buffer.from(printQuestion().toString('latin1').replace('_atoll', '_ipp00'), 'latin1');
		expect(readMessage(other)).toEqual({ asks: false, calls: [] });
		const end = Buffer.of(0, 12, 0, 1);
		const question = printQuestion();
		const twice = Buffer.concat([question, Buffer.of(0xc0, 12), end]);
		twice.writeUInt16BE(2, 4);
		expect(readMessage(twice)).toEqual({ asks: true, calls: [] });
		for (const to of [question.length, question.length + 2, 0xfff]) {
			const circle = Buffer.concat([question, Buffer.of(0xc0 | (to >> 8), to & 0xff), end]);
			circle.writeUInt16BE(2, 4);
			expect(readMessage(circle), `to ${to}`).toBeNull();
		}
		question.writeUInt16BE(60_000, 6);
		expect(readMessage(question), 'more records than anybody has').toBeNull();
	});

	test('whatever comes is read or refused, at once', () => {
		const random = createSimRandom(seed);
		const times = new CpuTimes();
		for (let n = 0; n < (isNightly ? 1_000_000 : 20_000); n++) {
			const what = random.chance(0.2) ? random.bytes(random.integer(600)) : mutated(random, answer);
			times.of(() => expect(readMessage(Buffer.from(what))?.calls.length ?? 0, `seed ${seed}`).toBeLessThan(65));
		}
		expect(times.slow).toBeLessThanOrEqual(slowMax);
	});
});

describe('devices around each other', () => {
	const closing: (() => void)[] = [];
	afterEach(() => closing.splice(0).forEach((close) => close()));

	/** A network that everybody hears. */
	function createNetwork() {
		const members = new Set<(bytes: Buffer) => void>();
		const sent: Buffer[] = [];
		const join =
			(address: string) =>
			(onMessage: (bytes: Buffer) => void): Multicast => {
				let isNew = true;
				members.add(onMessage);
				return {
					refresh: () => isNew && !(isNew = false),
					send: (make) => {
						sent.push(make(address));
						for (const hear of members) hear(make(address));
					},
					close: () => void members.delete(onMessage)
				};
			};
		return { join, sent, shout: (message: Buffer) => members.forEach((hear) => hear(message)) };
	}

	type Network = ReturnType<typeof createNetwork>;
	function put(
		network: Network,
		name: string,
		libraryKey: Uint8Array,
		reached: readonly string[],
		clock: ClockPort = createClock()
	): Beacon[] {
		const heard: Beacon[] = [];
		const { close } = watchNearby({
			clock,
			random: createSimRandom(seed),
			libraryKey: () => libraryKey,
			own: () => Promise.resolve(deviceId(name.repeat(32))),
			addresses: () => Promise.resolve(reached),
			port: 4311,
			onHeard: (beacon) => heard.push(beacon),
			multicast: network.join('192.168.1.5')
		});
		closing.push(close);
		return heard;
	}

	test('those of one library find each other; a stranger hears that somebody is there', async () => {
		const network = createNetwork();
		const [ours, theirs] = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)];
		const stranger = put(network, 'c', theirs, ['tls://192.168.1.9:1']);
		const laptop = put(network, 'a', ours, []);
		const nas = put(network, 'b', ours, ['tls://192.168.1.5:4311']);
		const called = { device: deviceId('b'.repeat(32)), addresses: ['tls://192.168.1.5:4311'] };
		await vi.waitUntil(() => laptop.length > 0);
		expect(laptop).toEqual(laptop.map(({ atMs }) => ({ ...called, atMs })));
		expect(
			nas.every(({ device }) => device === called.device),
			'of the laptop, which nobody reaches'
		).toBe(true);
		expect(stranger.every(({ device }) => device === deviceId('c'.repeat(32)))).toBe(true);
		for (const message of network.sent)
			for (const secret of ['tls://', called.device, 'library'])
				expect(message.toString('latin1')).not.toContain(secret);
	});

	test('however often it is asked, it answers once a second, and never under the name of before', async () => {
		const network = createNetwork();
		const clock = createSimClock();
		const heard = put(network, 'b', new Uint8Array(32).fill(1), ['tls://192.168.1.5:4311'], clock);
		await vi.waitUntil(() => heard.length > 0);
		const ask = async () => {
			for (let n = 0; n < 1_000; n++) network.shout(printQuestion());
			await new Promise((resolve) => setImmediate(resolve));
			return heard.length;
		};
		expect(await ask()).toBe(1);
		await clock.advance(1_000);
		expect(await ask()).toBe(2);
		const answers = network.sent.filter((message) => readMessage(message)?.calls.length === 1);
		const names = answers.map((message) => /([0-9a-f]{16})\x06_atoll/.exec(message.toString('latin1'))?.[1]);
		expect(new Set(names).size).toBe(2);
	});
});

/** Whether two network namespaces with a cable between them can be made here. */
function canMakeNetworks(): boolean {
	try {
		execFileSync('ip', ['netns', 'add', 'atoll-probe'], { stdio: 'ignore' });
		execFileSync('ip', ['netns', 'delete', 'atoll-probe'], { stdio: 'ignore' });
		return true;
	} catch {
		return false;
	}
}

const why = 'wants root and network namespaces of Linux';
test.runIf(isNightly && canMakeNetworks())(
	`over a cable between two machines, one that moves to another address is linked again by itself (${why})`,
	async () => {
		const [one, two] = [`atoll-a-${process.pid}`, `atoll-b-${process.pid}`];
		const ip = (...args: readonly string[]) => execFileSync('ip', args, { stdio: 'pipe' });
		const within = (name: string, ...args: readonly string[]) => ip('-n', name, ...args);
		const [near, far] = [`va${process.pid % 100_000}`, `vb${process.pid % 100_000}`];
		ip('netns', 'add', one);
		ip('netns', 'add', two);
		try {
			ip('link', 'add', near, 'netns', one, 'type', 'veth', 'peer', 'name', far, 'netns', two);
			for (const [name, link, address] of [
				[one, near, '10.77.0.1/24'],
				[two, far, '10.77.0.2/24']
			] as const) {
				within(name, 'address', 'add', address, 'dev', link);
				for (const up of ['lo', link]) within(name, 'link', 'set', up, 'up');
				within(name, 'route', 'add', '224.0.0.0/4', 'dev', link);
			}
			await inTwoHomes((pair) => moves(pair, { one, two, far, within }));
		} finally {
			for (const name of [one, two]) ip('netns', 'delete', name);
		}
	}
);

type Networks = {
	readonly one: string;
	readonly two: string;
	readonly far: string;
	readonly within: (name: string, ...args: readonly string[]) => unknown;
};

/** `atoll serve` on a machine of its own. */
async function serveIn(name: string, home: Home, web: string): Promise<Going> {
	const args = ['serve', '--web', web, '--port', '0', '--peer-port', '4311'];
	const program = [process.execPath, ...peerOptions, await atollProgram(), ...args];
	const env = { PATH: process.env['PATH'] ?? '', HOME: home.folder };
	const going = follow(spawn('ip', ['netns', 'exec', name, ...program], { cwd: home.folder, env }));
	onTestFinished(() => void going.child.kill('SIGKILL'));
	await going.until(/are awaited on port 4311/);
	return going;
}

async function moves(pair: Pair, { one, two, far, within }: Networks): Promise<void> {
	await join(pair);
	const { a, b } = pair;
	a.write('web/index.html', '<title>Atoll</title>');
	const isLinked = (address: string) => {
		// Addresses of IPv4 stand in it from their last byte on, within IPv6 as well.
		const hex = Buffer.from(address.split('.').map(Number).toReversed()).toString('hex').toUpperCase();
		const tables = execFileSync('ip', ['netns', 'exec', one, 'cat', '/proc/net/tcp', '/proc/net/tcp6']).toString();
		return new RegExp(`${hex}:[0-9A-F]{4} 01 `).test(tables);
	};
	const linked = async (address: string) => {
		const fromMs = performance.now();
		await vi.waitUntil(() => isLinked(address), { timeout: 60_000, interval: 100 });
		return Math.round(performance.now() - fromMs);
	};
	const going = await Promise.all([serveIn(one, a, a.path('web')), serveIn(two, b, a.path('web'))]);
	const foundMs = await linked('10.77.0.2');
	within(two, 'address', 'del', '10.77.0.2/24', 'dev', far);
	within(two, 'address', 'add', '10.77.0.55/24', 'dev', far);
	const routed = ['route', 'replace', '224.0.0.0/4', 'dev', far];
	within(two, ...routed);
	const foundAgainMs = await linked('10.77.0.55');
	console.log(`found after ${foundMs} ms, after moving again after ${foundAgainMs} ms`);
	for (const { child } of going) child.kill('SIGTERM');
	for (const { ended } of going) expect(await ended).toMatchObject({ code: 0 });
	const { out } = await a.run(['devices', '--json']);
	expect(out).toContain('tls://10.77.0.55:4311');
}
