import { err, ok, type Result } from '#core/kernel';
import { addressMax, type MadeOffer, type OfferKind } from '#core/devices';
import { readAddress } from '../../host/peer-devices.ts';
import { defineCommand, libraryOptions, peerOptions } from '../command.ts';
import type { AnyFailure } from '../failure.ts';
import { peerPlace } from '../listen-for-devices.ts';
import { withLibrary, type OpenLibrary } from '../open-library.ts';
import { atRelay } from '../relay-place.ts';
import { goThroughPairing, type Paired } from '../pairing.ts';
import { pairBeside } from '../pair-beside.ts';
import { printName } from '../print.ts';
import { settingsOf } from '../read-settings.ts';
import type { Shell } from '../shell.ts';

const portDefault = 4311;
const app = 'atoll://join';

function wrong(problem: string): Result<never, AnyFailure> {
	return err({ type: 'UsageWrong', command: 'pair', problem });
}

function sayOffer(kind: OfferKind, { text }: MadeOffer, addresses: readonly string[], shell: Shell): void {
	const [first = ''] = addresses;
	const isPlain = first.startsWith('tls://');
	const at = kind === 'link' ? '' : ` --at ${isPlain ? first.slice('tls://'.length) : `'${first}'`}`;
	shell.terminal.out(`atoll join ${kind === 'link' ? `'${text}'` : text}${at}\n`);
	shell.terminal.say(
		'Say this on the new device within five minutes. It lets in one device, and only after a yes here.'
	);
}

/** A device that has all, and does not keep its links, leaves within this by itself. */
const leavesWithinMs = 3_000;

/** How far the new device is: `fetched` while it is still linked. */
async function standing(
	{ commands, context }: OpenLibrary,
	{ device }: Paired
): Promise<'fetching' | 'fetched' | 'gone'> {
	const listed = await commands['devices.list']({}, context());
	const row = listed.ok ? listed.value.find(({ id }) => id === device) : undefined;
	if (row === undefined) return 'gone';
	const status = await commands['sync.status']({}, context());
	const peer = status.ok ? status.value.find((one) => one.device === device) : undefined;
	if (row.link === 'none') return row.levelMs !== null || peer?.ended?.type === 'PeerEnded' ? 'gone' : 'fetching';
	const domains = peer?.domains ?? [];
	const isLevel =
		domains.length > 0 && domains.every(({ pull, give }) => pull.type === 'level' && give.type === 'level');
	return isLevel ? 'fetched' : 'fetching';
}

/** Resolves when the new device has fetched what is here, and has left or stays linked for good. */
async function untilFetched(library: OpenLibrary, paired: Paired, shell: Shell): Promise<void> {
	let leaving: ReturnType<typeof setTimeout> | undefined;
	await new Promise<void>((resolve, reject) => {
		const look = () =>
			void standing(library, paired).then((state) => {
				if (state === 'gone' || shell.signal.aborted) finish();
				else if (state === 'fetched') leaving ??= setTimeout(finish, leavesWithinMs);
			}, reject);
		const end = library.core.subscribe(look);
		const finish = () => {
			end();
			clearTimeout(leaving);
			resolve();
		};
		shell.signal.addEventListener('abort', finish, { once: true });
		look();
	});
}

/** Goes through one pairing, with whoever comes to one of the addresses. */
async function letIn(
	library: OpenLibrary,
	kind: OfferKind,
	addresses: readonly string[],
	shell: Shell
): Promise<Result<null, AnyFailure>> {
	const { commands, context } = library;
	const offered = await commands['devices.offer']({ kind, app, addresses }, context());
	if (!offered.ok) return offered;
	sayOffer(kind, offered.value, addresses, shell);
	const paired = await goThroughPairing(library, shell);
	if (!paired.ok) return paired;
	shell.terminal.say(`${printName(paired.value.name)} is in. It fetches what is here.`);
	await untilFetched(library, paired.value, shell);
	shell.terminal.out(`${printName(paired.value.name)} is a device of this library.\n`);
	return ok(null);
}

export const pair = defineCommand({
	name: 'pair',
	operands: '',
	operandsMin: 0,
	operandsMax: 0,
	summary: 'Let a new device into the library',
	details: `Prints what to say on the new device, listens for it for five minutes, and shows three words that
must be the same on both screens. Only a yes here lets it in; it then gets the library's key and a copy
of the index. What is listened to is a port on all addresses of this machine, for this time only.
Stays until the new device has fetched the index. While atoll start runs it asks that to let the device in,
which comes over the port of the app then. With --relay-at and no --peer-port this device is found at that
relay alone, and listens nowhere.`,
	options: {
		...libraryOptions,
		...peerOptions,
		code: { type: 'boolean', help: 'a short code to type instead of a link' },
		words: { type: 'boolean', help: 'twelve words to type instead of a link' },
		'peer-address': { type: 'string', hint: 'HOST:PORT', help: 'where the new device reaches this one, if elsewhere' }
	},
	run: async ({ values, shell }) => {
		if (values.code === true && values.words === true) return wrong('--code or --words: one of them.');
		const kind = values.code === true ? 'code' : values.words === true ? 'words' : 'link';
		const place = peerPlace('pair', values, portDefault);
		if (!place.ok) return place;
		const told = values['peer-address'];
		const elsewhere = told === undefined ? null : readAddress(told);
		if (told !== undefined && elsewhere === null) return wrong('--peer-address is <host>:<port>.');
		if (!shell.terminal.canAsk) return err({ type: 'ConfirmationNeeded' });
		const settings = settingsOf('pair', values, shell);
		if (!settings.ok) return settings;
		const beside = await pairBeside(settings.value.library, kind, shell);
		if (beside !== null) return beside;
		const isAtRelayOnly = values['relay-at'] !== undefined && values['peer-port'] === undefined;
		return withLibrary<null>('pair', values, shell, async (library) => {
			const { settings, core, devices } = library;
			const listening = isAtRelayOnly
				? null
				: await devices.listen(core, place.value ?? { host: undefined, port: portDefault }, shell.signal);
			if (listening?.ok === false) return listening;
			const own = elsewhere === null ? (listening?.value.addresses ?? []) : [elsewhere];
			try {
				return await atRelay(settings.relayAt, library, shell, isAtRelayOnly, (relayed) =>
					letIn(library, kind, [...own.slice(0, addressMax.count - relayed.length), ...relayed], shell)
				);
			} finally {
				await listening?.value.close();
			}
		});
	}
});
