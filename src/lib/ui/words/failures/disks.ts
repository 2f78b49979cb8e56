import type { WordsTable } from './failure.ts';
import { goHome, tryAgain } from './remedies.ts';

/** The words for what goes wrong with disks, addresses and copies. */
export const diskFailures = {
	VolumeMissing: () => ({
		title: 'That disk is not known any more',
		text: 'No folder of the library lies on it.',
		remedy: goHome
	}),
	VolumeAway: ({ disk }) => ({
		title: disk === null ? 'The disk is not here' : `“${disk}” is not here`,
		text: 'Bring it back, then try again.',
		remedy: tryAgain
	}),
	NothingToMeasure: () => ({
		title: 'There is too little to read',
		text: 'Speed is told by reading files, and this takes at least a megabyte in files of 64 kB or more.',
		remedy: null
	}),
	VolumeUnknown: () => ({
		title: 'That disk is not in the library',
		text: 'None of the library’s folders lies on the disk of this address.',
		remedy: null
	}),
	PlaceUnknown: () => ({
		title: 'There is no address yet',
		text: 'It is not known which disk the folder lies on. Reconnect it first.',
		remedy: null
	}),
	AddressInvalid: () => ({
		title: 'That is not an address',
		text: 'An address begins with atoll:// and is easily cut short. Copy it again.',
		remedy: null
	}),
	AddressElsewhere: () => ({
		title: 'That address is of another device',
		text: 'It names a file there, and works only on that device.',
		remedy: null
	}),
	ContentUnknown: () => ({
		title: 'No copy is known',
		text: 'Nothing in the library has that content.',
		remedy: null
	}),
	CopiesAway: ({ disks }) => ({
		title: 'Every copy is away',
		text: `There are copies on ${disks.map((disk) => `“${disk}”`).join(', ')}. Bring one of them back.`,
		remedy: tryAgain
	}),
	ContentMissing: () => ({
		title: 'These copies are not here any more',
		text: 'They were changed or removed.',
		remedy: null
	})
} satisfies Partial<WordsTable>;
