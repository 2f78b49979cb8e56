/** Why a folder's files cannot be had here and now, though it is known where they are. */
export const placeWords = {
	NotOnThisDevice: ({ device }: { readonly device: string }) => ({
		title: device === '' ? 'On another device' : `On “${device}”`,
		text: 'You see what that device has last told. Its files are changed there.',
		remedy: null
	}),
	VolumeReplaced: ({ disk }: { readonly disk: string | null }) => ({
		title: 'Another disk is in its place',
		text: `The folder’s path leads to another disk than ${disk === null ? 'its own' : `“${disk}”`}. Nothing was forgotten. Bring its own disk back, or say that this one is to be it.`,
		remedy: { does: 'try-again', title: 'Try again' } as const
	})
};
