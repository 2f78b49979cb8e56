import { expect, test, vi } from 'vitest';
import { isNightly } from '../tier.ts';
import { inLibrary, type Going, type Home } from './home.ts';
import { NatLab, publicAddress, sorts, whyNoLab, type Sort } from './nat-lab.ts';
import { inTwoHomes, join, type Pair } from './two-homes.ts';

vi.setConfig({ testTimeout: 1_800_000 });

const user = 'atoll@night';
const password = 'a/b+c=';
const stun = `stun:${publicAddress}:3478`;
const turn = `turn:${encodeURIComponent(user)}:${encodeURIComponent(password)}@${publicAddress}:3478?transport=udp`;
/** After this ICE has given up. */
const givenUpMs = 25_000;

const why = isNightly ? whyNoLab() : 'it takes minutes, so it runs at night';
if (why !== null && isNightly) console.log(`The NAT matrix is left out: ${why}`);

/** Whether a way can be found without anybody between, by what is known of such routers (RFC 8445, RFC 5128). */
function isWay(a: Sort, b: Sort, hasTurn: boolean): boolean {
	if (a === 'no UDP' || b === 'no UDP') return false;
	if (hasTurn || a === 'open' || b === 'open') return true;
	return a === 'cone' && b === 'cone';
}

async function end(going: Going): Promise<void> {
	going.child.kill('SIGTERM');
	await going.ended;
}

const withWeb = (home: Home) => {
	home.write('web/index.html', '<!doctype html><title>Atoll</title>');
	return ['--web', home.path('web')];
};

type Row = { readonly way: 'direct' | 'relayed'; readonly relayedMs: number; readonly directMs: number | null };

/** Both started anew behind such routers: how they are linked in the end, and how soon. */
async function tryRow(lab: NatLab, { a, b }: Pair, relay: string, servers: string): Promise<Row> {
	const env = { ATOLL_ICE_SERVERS: servers };
	const onA = await lab.start('ca', a, ['serve', '--port', '0', '--relay-at', relay, ...withWeb(a)], env);
	await onA.until(/find this one at/);
	const onB = await lab.start('cb', b, ['serve', '--port', '0', ...withWeb(b)], env);
	try {
		await onB.until(/Atoll is at/);
		const fromMs = performance.now();
		await onB.until(/is linked through/);
		const relayedMs = performance.now() - fromMs;
		const late = new Promise<null>((resolve) => setTimeout(() => resolve(null), givenUpMs));
		const isDirect = await Promise.race([onB.until(/is linked directly/), late]);
		const directMs = isDirect === null ? null : performance.now() - fromMs;
		if (directMs === null) expect(onB.written.err, 'a try that fails changes nothing').not.toContain('broke');
		return { way: directMs === null ? 'relayed' : 'direct', relayedMs, directMs };
	} finally {
		await Promise.all([end(onA), end(onB)]);
	}
}

test.runIf(why === null)(
	'two peers behind routers are linked directly where they can be, and through the relay at once',
	async () => {
		const lab = new NatLab();
		try {
			lab.make();
			await inTwoHomes((pair) =>
				inLibrary(async (c) => {
					await join(pair);
					lab.set('open', 'open');
					const coturn = lab.startCoturn(user, password);
					const process = await lab.start('wan', c, ['serve', '--relay', '--host', publicAddress, ...withWeb(c)]);
					const [, name = ''] = await process.until(/Devices meet at (\S+)/);
					const relay = name.replace('localhost', publicAddress);
					const atA = await lab.start('ca', pair.a, ['serve', '--port', '0', '--relay-at', relay, ...withWeb(pair.a)]);
					const [, address = ''] = await atA.until(/find this one at (\S+)/);
					await end(atA);
					const listed: readonly { id: string; isThis: boolean }[] = JSON.parse(
						(await pair.b.run(['devices', '--json'])).out
					);
					const other = listed.find(({ isThis }) => !isThis)?.id ?? '';
					expect(await pair.b.run(['devices', 'at', other, address])).toMatchObject({ code: 0 });
					const table: string[] = [];
					const wrong: string[] = [];
					for (const [hasTurn, servers] of [
						[false, stun],
						[true, `${stun} ${turn}`]
					] as const)
						for (const [at, one] of sorts.entries())
							for (const two of sorts.slice(at)) {
								lab.set(one, two);
								const { way, relayedMs, directMs } = await tryRow(lab, pair, relay, servers);
								const line = `| ${one} | ${two} | ${hasTurn ? 'STUN and TURN' : 'STUN'} | ${way} | ${Math.round(relayedMs)} | ${directMs === null ? '–' : Math.round(directMs)} |`;
								console.log(line);
								table.push(line);
								if ((way === 'direct') !== isWay(one, two, hasTurn)) wrong.push(line);
							}
					console.log(table.join('\n'));
					expect(wrong).toEqual([]);
					await end(process);
					coturn.child.kill('SIGTERM');
				})
			);
		} finally {
			lab.remove();
		}
	}
);
