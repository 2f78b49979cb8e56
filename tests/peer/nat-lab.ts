import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { accessSync } from 'node:fs';
import { peerOptions } from '../../peer/ready.mjs';
import { atollProgram, follow, type Going, type Home } from './home.ts';

/**
 * What stands between a machine and the others: nothing; a router that keeps the port that a machine has, whomever it
 * talks to (RFC 4787: endpoint-independent, as far as Linux has it); one that gives another port for each; the first of
 * these, which lets no UDP through.
 */
export const sorts = ['open', 'cone', 'symmetric', 'no UDP'] as const;
export type Sort = (typeof sorts)[number];

/** The one machine that everybody reaches: a relay, STUN and TURN. */
export const publicAddress = '198.51.100.5';
const sides = [
	{ side: 'a', outside: '203.0.113.10', gateway: '203.0.113.1', lan: '10.1.0' },
	{ side: 'b', outside: '203.0.113.140', gateway: '203.0.113.129', lan: '10.2.0' }
] as const;
const spaces = ['wan', 'ra', 'rb', 'ca', 'cb'] as const;
export type Space = (typeof spaces)[number];

const nameOf = (space: Space) => `atoll-${process.pid}-${space}`;

function ip(...args: readonly string[]): void {
	execFileSync('ip', args, { stdio: ['ignore', 'ignore', 'pipe'] });
}

function inSpace(space: Space, command: string, ...args: readonly string[]): void {
	ip('netns', 'exec', nameOf(space), command, ...args);
}

/** Why there can be no such lab here; null where there can. */
export function whyNoLab(): string | null {
	try {
		accessSync('/usr/bin/turnserver');
		accessSync('/usr/sbin/nft');
	} catch {
		return 'coturn and nftables have to be installed';
	}
	try {
		ip('netns', 'add', `atoll-${process.pid}-try`);
		ip('netns', 'del', `atoll-${process.pid}-try`);
		return null;
	} catch {
		return 'network namespaces are not to be had: it takes root on Linux';
	}
}

/** What a router does that is not open. */
function rulesOf(sort: Sort): string {
	const known = 'ct state established,related accept';
	const udp = sort === 'no UDP' ? 'meta l4proto udp drop;' : '';
	return `
table ip nat {
	chain post { type nat hook postrouting priority 100; oifname ext masquerade ${sort === 'symmetric' ? 'fully-random' : ''}; }
}
table ip guard {
	chain through { type filter hook forward priority 0; policy drop; ${udp} ${known}; iifname lan accept; }
	chain in { type filter hook input priority 0; policy drop; ${known}; iifname lan accept; iifname lo accept; }
}`;
}

/** Two machines behind routers, and one that both reach. */
export class NatLab {
	readonly #going: Going[] = [];

	/** Makes it; `remove` has to follow, whatever comes of this. */
	make(): void {
		for (const space of spaces) {
			ip('netns', 'add', nameOf(space));
			inSpace(space, 'ip', 'link', 'set', 'lo', 'up');
			inSpace(space, 'sysctl', '-qw', 'net.ipv4.ip_forward=1');
		}
		inSpace('wan', 'ip', 'addr', 'add', `${publicAddress}/32`, 'dev', 'lo');
		// What leads nowhere is lost, as on the internet: told that it is out of reach, coturn gives up the whole talk.
		inSpace('wan', 'ip', 'link', 'add', 'lost', 'type', 'veth', 'peer', 'name', 'nowhere');
		for (const device of ['lost', 'nowhere']) inSpace('wan', 'ip', 'link', 'set', device, 'up', 'arp', 'off');
		inSpace('wan', 'ip', 'route', 'add', 'default', 'dev', 'lost');
		for (const { side, outside, gateway, lan } of sides) {
			const [router, machine] = [`r${side}`, `c${side}`] as const;
			const link = (one: string, at: Space, other: string, to: Space) =>
				ip('link', 'add', one, 'netns', nameOf(at), 'type', 'veth', 'peer', 'name', other, 'netns', nameOf(to));
			link(`w${side}`, 'wan', 'ext', router);
			link('lan', router, 'eth0', machine);
			for (const [space, device, address] of [
				['wan', `w${side}`, `${gateway}/25`],
				[router, 'ext', `${outside}/25`],
				[router, 'lan', `${lan}.1/24`],
				[machine, 'eth0', `${lan}.10/24`]
			] as const) {
				inSpace(space, 'ip', 'addr', 'add', address, 'dev', device);
				inSpace(space, 'ip', 'link', 'set', device, 'up');
			}
			inSpace(router, 'ip', 'route', 'add', 'default', 'via', gateway);
			inSpace(machine, 'ip', 'route', 'add', 'default', 'via', `${lan}.1`);
		}
	}

	/** What is between each of the two machines and the rest from now on. */
	set(...between: readonly [Sort, Sort]): void {
		for (const [at, { side, lan, outside }] of sides.entries()) {
			const sort = between[at] ?? 'open';
			const router = `r${side}` as const;
			inSpace(router, 'nft', 'flush', 'ruleset');
			inSpace('wan', 'ip', 'route', 'flush', `${lan}.0/24`);
			// Behind a router nobody outside knows the way to the network inside.
			if (sort === 'open') inSpace('wan', 'ip', 'route', 'add', `${lan}.0/24`, 'via', outside);
			else execFileSync('ip', ['netns', 'exec', nameOf(router), 'nft', '-f', '-'], { input: rulesOf(sort) });
		}
	}

	/** STUN, and TURN for `user` with `password`. */
	startCoturn(user: string, password: string): Going {
		const options = ['-n', '--no-cli', '--no-tls', '--no-dtls', '--lt-cred-mech', '--realm=atoll', '--log-file=stdout'];
		const where = [`--listening-ip=${publicAddress}`, `--relay-ip=${publicAddress}`, `--user=${user}:${password}`];
		return this.#keep(
			spawn('ip', ['netns', 'exec', nameOf('wan'), 'turnserver', ...options, '--pidfile=/dev/null', ...where], {
				stdio: ['ignore', 'pipe', 'pipe']
			})
		);
	}

	/** `atoll` in `home`, on one of the machines. */
	async start(
		space: Space,
		home: Home,
		args: readonly string[],
		env: Readonly<Record<string, string>> = {}
	): Promise<Going> {
		const line = ['netns', 'exec', nameOf(space), process.execPath, ...peerOptions, await atollProgram(), ...args];
		return this.#keep(
			spawn('ip', line, {
				cwd: home.folder,
				env: { PATH: process.env['PATH'] ?? '', HOME: home.folder, TZ: 'UTC', ...env },
				stdio: ['ignore', 'pipe', 'pipe']
			})
		);
	}

	#keep(child: ChildProcess): Going {
		const going = follow(child);
		this.#going.push(going);
		return going;
	}

	/** Ends all that goes on in it. */
	remove(): void {
		for (const { child } of this.#going) child.kill('SIGKILL');
		for (const space of spaces)
			try {
				ip('netns', 'del', nameOf(space));
			} catch {
				// it was never made
			}
	}
}
