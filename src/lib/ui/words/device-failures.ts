type Plain = { readonly title: string; readonly text: string; readonly remedy: null };

const plain = (title: string, text: string): Plain => ({ title, text, remedy: null });

/** The words for what goes wrong between devices. */
export const deviceFailures = {
	NotAnInvitation: () => plain('That is no invitation', 'Copy the whole link from the other device.'),
	InvitationNewer: () =>
		plain('This invitation needs a newer Atoll', 'A later version wrote it. Update Atoll on this device.'),
	InvitationDamaged: () => plain('Part of this invitation is missing', 'Copy the whole link, or scan it again.'),
	InvitationExpired: () =>
		plain('This invitation is over', 'It was good for five minutes. Ask for a new one on the other device.'),
	CodeIncomplete: () => plain('That is no whole code', 'A code is a number and two words: 7-orbit-violin.'),
	WordCountWrong: ({ wanted }: { readonly wanted: number }) =>
		plain('Some words are missing', `There must be ${wanted}, in the order of the other screen.`),
	WordsUnknown: ({ unknown }: { readonly unknown: readonly { readonly word: string }[] }) =>
		plain('Not in the list of words', `Check the spelling: ${unknown.map(({ word }) => word).join(', ')}.`),
	WordsMistyped: () =>
		plain('One word is another one', 'All of them are in the list, but not these together. Compare them one by one.'),
	DeviceMissing: () => plain('That device is not there', 'It may have been removed meanwhile.'),
	ThisDeviceRemoved: () =>
		plain('This device was removed from the library', 'Nothing more is exchanged. What is here stays here.'),
	DeviceNoAddress: () =>
		plain('It is not known where that device is', 'Let it come to this one, or pair the two again.'),
	DeviceUnreachable: () =>
		plain('The other device does not answer', 'Check that it runs and that both are in the same network.'),
	DeviceOther: () => plain('Another device answers there', 'Nothing was sent to it. Check its address.'),
	LibraryOfAnotherDevice: () =>
		plain(
			'This copy belongs to another device',
			'A copy of a library’s folder cannot sync beside the one that it was copied from. Pair this device instead.'
		)
};
