import { domainTitle, endedWords } from '../sync.ts';
import type { AnyFailure, WordsTable } from './failure.ts';

type Plain = { readonly title: string; readonly text: string; readonly remedy: null };

const plain = (title: string, text: string): Plain => ({ title, text, remedy: null });

/** Of a link, words or a code that a person was given. */
const doorFailures = {
	NotAnInvitation: () => plain('That is no invitation', 'Copy the whole link from the other device.'),
	InvitationNewer: () =>
		plain('This invitation needs a newer Atoll', 'A later version wrote it. Update Atoll on this device.'),
	InvitationDamaged: () => plain('Part of this invitation is missing', 'Copy the whole link, or scan it again.'),
	InvitationExpired: () =>
		plain('This invitation is over', 'It was good for five minutes. Ask for a new one on the other device.'),
	CodeIncomplete: () => plain('That is no whole code', 'A code is a number and two words: 7-orbit-violin.'),
	WordCountWrong: ({ wanted }) =>
		plain('Some words are missing', `There must be ${wanted}, in the order of the other screen.`),
	WordsUnknown: ({ unknown }) =>
		plain('Not in the list of words', `Check the spelling: ${unknown.map(({ word }) => word).join(', ')}.`),
	WordsMistyped: () =>
		plain('One word is another one', 'All of them are in the list, but not these together. Compare them one by one.')
} satisfies Partial<WordsTable>;

/** Whether something is wrong with what a person was given, or has typed of it. */
export function isOfDoor({ type }: AnyFailure): boolean {
	return Object.hasOwn(doorFailures, type);
}

/** Of the talk of two devices, one of which is to be let in. */
const pairingFailures = {
	PairingExpired: () =>
		plain(
			'The five minutes are over',
			'Nobody was let in, and nothing was given away. Begin again when both are at hand.'
		),
	PairingUsed: () =>
		plain(
			'That was used already',
			'It was good for one device, once. Ask for a new one on the device with the library.'
		),
	PairingCodeWrong: () =>
		plain(
			'The code was not the right one',
			'One guess is all there is, and nothing was given away. Make a new code. If nobody of yours typed it, somebody is guessing.'
		),
	PairingBroken: () =>
		plain(
			'The two devices did not understand each other',
			'One of them did not know the secret, or runs another version of Atoll. Nothing was given away. Begin again.'
		),
	PairingRefused: () => plain('The other device said no', 'Nothing was kept on either of them.'),
	PairingCancelled: () => plain('It was called off here', 'Nothing was kept on either device.'),
	PairingLost: () =>
		plain(
			'The connection broke before it was done',
			'Begin again. If the list of devices shows the other one by now, it was let in: remove it there if it is not to be.'
		),
	DeviceKeyChanged: () =>
		plain(
			'It is not the device that it says it is',
			'It calls itself one that is known here, and has another key. Nothing was given to it. Do not try again unless you know why.'
		),
	PairedWithItself: () => plain('That is this device itself', 'Use it on another device.')
} satisfies Partial<WordsTable>;

/** Of devices that know each other, and were to meet. */
const meetFailures = {
	DeviceMissing: () => plain('That device is not there', 'It may have been removed meanwhile.'),
	DeviceNoAddress: () =>
		plain('It is not known where that device is', 'Let it come to this one, or pair the two again.'),
	NobodyCanCall: ({ isAlone }) =>
		isAlone
			? plain(
					'No other device can reach this browser',
					'It is the only device of this library. A library for many devices begins on a computer: “atoll start” there says an address that brings it into browsers.'
				)
			: plain(
					'No other device can reach this browser now',
					'The computer that this page came from does not answer, or has another library. Begin again once they are connected, or let the device in on the computer that runs Atoll: “atoll pair”.'
				),
	DeviceUnreachable: () =>
		plain('The other device does not answer', 'Check that it runs and that both are in the same network.'),
	DeviceSilent: () =>
		plain(
			'The other device does not answer',
			'It may be switched off, or in another network than this one. See to that, then try again.'
		),
	NetworkUnanswered: () =>
		plain(
			'The browser still waits for your answer',
			'It asks whether this page may reach devices in your network, maybe in another tab of Atoll. Try again, and choose Allow.'
		),
	NetworkRefused: () =>
		plain(
			'This browser keeps the page out of your network',
			'The other device may well be there. Click the sign beside the address of this page, allow the local network, and try again. Or open the address that Atoll shows on the other device: that page needs no such leave.'
		),
	DeviceOther: () => plain('Another device answers there', 'Nothing was sent to it. Check its address.'),
	LibraryOfAnotherDevice: () =>
		plain(
			'This copy belongs to another device',
			'It came from a backup or a copied folder, and cannot speak for that device. To have the library here as well, remove it here and join that device.'
		),
	ThisDeviceRemoved: () =>
		plain('This device was removed from the library', 'Another device did that. What is here stays here.'),
	DeletionsHeld: ({ deleted, of }) =>
		plain(
			'Much was deleted there',
			`${deleted} of ${of} tags and marks. Nothing of that was done here: say whether they go or are put back.`
		),
	RemovedThere: () =>
		plain('This device was removed there', 'Nothing more comes from it or goes to it. What is here stays here.'),
	NotKnownThere: () => plain('The other device does not know this one', 'Add this device there again.'),
	SyncRefused: ({ domain }) =>
		plain(
			`${domainTitle(domain)}: one of the two refused what the other has`,
			'Nothing of it was taken. What to do is said beside the device.'
		),
	SyncEnded: ({ why }) =>
		plain(
			'It ended before both were in step',
			(why === null ? null : endedWords(why, { name: 'the other device', fullDisk: null })?.text) ??
				'The next time it goes on where it was.'
		)
} satisfies Partial<WordsTable>;

/** The words for what goes wrong between devices. */
export const deviceFailures = { ...doorFailures, ...pairingFailures, ...meetFailures };
