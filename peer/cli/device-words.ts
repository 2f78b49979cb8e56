import { exitCodes, type ExitCode } from './failure.ts';
import { printName, printNumber } from './print.ts';
import type { Words, WordsTable } from './words.ts';

const { failed, usage, missing } = exitCodes;

function words(exit: ExitCode, what: string, next: string): Words {
	return { what, next, exit };
}

const askAgain = 'Ask for a new one there: atoll pair. Nothing was changed here.';

const doorWords = {
	NotAnInvitation: () => words(usage, 'That is no invitation.', 'Copy the whole link that atoll pair has printed.'),
	InvitationNewer: () =>
		words(failed, 'A newer version of Atoll wrote this invitation.', 'Update Atoll on this device, then join again.'),
	InvitationDamaged: () => words(usage, 'Part of this invitation is missing.', 'Copy the whole link, and quote it.'),
	InvitationExpired: () => words(failed, 'This invitation is more than five minutes old.', askAgain),
	CodeIncomplete: () => words(usage, 'That is no whole code.', 'A code is a number and two words: 7-orbit-violin.'),
	WordCountWrong: ({ found, wanted }) =>
		words(usage, `These are ${found} words, and there must be ${wanted}.`, 'Type all of them, in their order.'),
	WordsUnknown: ({ unknown }) =>
		words(
			usage,
			`No such ${unknown.length === 1 ? 'word is' : 'words are'} in the list: ${unknown.map(({ word }) => printName(word)).join(', ')}.`,
			'Check how it is spelled on the other screen.'
		),
	WordsMistyped: () => words(usage, 'One of the words is another one, or their order is.', 'Compare them one by one.')
} satisfies Partial<WordsTable>;

const pairingWords = {
	PairingExpired: () => words(failed, 'The five minutes are over.', 'Begin again with atoll pair on the other device.'),
	PairingUsed: () => words(failed, 'That invitation or code was used before.', askAgain),
	PairingCodeWrong: () =>
		words(
			failed,
			'The code was wrong, and one guess is all there is.',
			'If it was not you who typed it, somebody is guessing. Begin again with atoll pair: nothing was given away.'
		),
	PairingBroken: () =>
		words(
			failed,
			'The other side did not know the secret, or is no Atoll of this version.',
			'Check the words or the link, and begin again with atoll pair. Nothing was given away.'
		),
	PairingRefused: () => words(failed, 'Somebody said no on the other device.', 'Nothing was kept on either of them.'),
	PairingCancelled: () => words(failed, 'The pairing was called off here.', 'Nothing was kept on either device.'),
	PairingLost: () =>
		words(
			failed,
			'The connection broke before the pairing was done.',
			'What was offered may be over: begin again with atoll pair. Where atoll devices shows the other one by now, it was let in: sync with it, or revoke it.'
		),
	DeviceKeyChanged: ({ device }) =>
		words(
			failed,
			`It calls itself the device ${device}, which is known by another key.`,
			'Do not let it in unless you know why.'
		),
	PairedWithItself: () => words(failed, 'That is this device itself.', 'Join from another one.')
} satisfies Partial<WordsTable>;

const meetWords = {
	DeviceMissing: () => words(missing, 'There is no such other device.', 'See them all: atoll devices.'),
	DeviceUnknown: ({ name }) =>
		words(missing, `There is no device called ${printName(name)}.`, 'See them all: atoll devices.'),
	DeviceAmbiguous: ({ name }) =>
		words(
			usage,
			`More than one device is called ${printName(name)}.`,
			'Give the first digits of its id: atoll devices.'
		),
	DeviceNoAddress: () =>
		words(
			failed,
			'It is not known where that device can be reached.',
			'Let it come here, or say where it is: --at to join, atoll devices at to sync.'
		),
	NobodyCanCall: () =>
		words(failed, 'Nobody can reach this device.', 'Let the other one in on a device that can be reached: atoll pair.'),
	DeviceUnreachable: ({ what }) =>
		words(
			failed,
			`The other device could not be reached (${printName(what)}).`,
			'Check that it runs with --peer-port or --relay-at, that its address is right, and that it knows this device.'
		),
	RelayUnreachable: ({ relay, what }) =>
		words(
			failed,
			`There is no place for this device at the relay ${printName(relay)} (${printName(what)}).`,
			'Check its address, that it runs with --relay, and the token behind the #. A relay of another library wants one.'
		),
	DeviceSilent: () =>
		words(
			failed,
			'Nobody answered there in time.',
			'Check that the other device runs and lets devices in, and that no firewall stands between.'
		),
	NetworkUnanswered: () =>
		words(failed, 'Nobody has let this device into the network yet.', 'Say yes, then try again.'),
	NetworkRefused: () =>
		words(failed, 'This device may not reach the network around it.', 'Let it, in the settings of the system.'),
	DeviceOther: () =>
		words(
			failed,
			'Another device answers at that address.',
			'Nothing was sent to it. Check which device has the address now.'
		),
	LibraryOfAnotherDevice: () =>
		words(
			failed,
			'This copy of the library belongs to another device.',
			'A copied library folder cannot sync beside the one that it was copied from. Join with a new folder instead.'
		),
	RemovedThere: () =>
		words(
			failed,
			'The other device has removed this one from the library: nothing more is exchanged.',
			'What is here stays here, until you delete its folder. To come back, ask for atoll pair there and join with a new folder.'
		),
	ThisDeviceRemoved: () =>
		words(
			failed,
			'This device was removed from the library by another one: nothing more is exchanged.',
			'What is here stays here, until you delete its folder. To come back, ask for atoll pair on another device and join with a new folder.'
		),
	NotKnownThere: () =>
		words(failed, 'The other device does not know this one.', 'Pair them again: atoll pair there, atoll join here.'),
	DeletionsHeld: ({ deleted, of }) =>
		words(
			failed,
			`The other device has deleted ${deleted} of ${printNumber(of, 'thing', 'things')} that people had said of files.`,
			'Nothing of that was done here. Let it through, or put all of it back: atoll sync accept <device> [--refuse].'
		),
	SyncRefused: ({ domain }) =>
		words(
			failed,
			`One of the two has refused what the other has of "${printName(domain)}".`,
			'It is asked for again the next time. If that goes on, the other device is wrong or means harm.'
		),
	SyncEnded: ({ why }) =>
		words(
			failed,
			`The talk with the other device has ended early${why === null ? '' : ` (${why.type})`}.`,
			'Run atoll sync again: it goes on where it was.'
		),
	ToldByHolder: ({ what, next }) => words(failed, what, next),
	HolderGone: () =>
		words(
			failed,
			'The program that holds the library has ended, or another atoll pair has taken over.',
			'Nobody was let in by this one. Begin again: atoll pair.'
		),
	DevicesNotReached: ({ failed: count, of }) =>
		words(
			failed,
			`${count} of ${printNumber(of, 'device', 'devices')} could not be brought in step.`,
			'Each is named above.'
		)
} satisfies Partial<WordsTable>;

/** The words for what goes wrong between devices. */
export const deviceWords = { ...doorWords, ...pairingWords, ...meetWords };
