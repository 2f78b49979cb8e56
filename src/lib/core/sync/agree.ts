import type { DeviceId, LibraryId } from '#core/kernel';
import type { ByeCode, MessageOf } from './messages/message.ts';
import type { SessionEnd } from './status.ts';

/** Who this device is, and what it speaks. */
export type OwnSide = {
	readonly library: LibraryId;
	readonly device: DeviceId;
	/** The oldest and the newest version of the protocol that it speaks. */
	readonly versions: { readonly from: number; readonly to: number };
	readonly features: readonly string[];
};

export type Agreed = {
	/** The newest that both speak. */
	readonly version: number;
	readonly features: readonly string[];
};

type Disagreement = { readonly type: 'Disagreed'; readonly end: SessionEnd; readonly code: ByeCode };

/** What both sides have in common, or why this session cannot be. */
export function agree(own: OwnSide, peer: DeviceId, hello: MessageOf<'hello'>): Agreed | Disagreement {
	const { from, to } = hello.versions;
	const version = Math.min(own.versions.to, to);
	if (version < Math.max(own.versions.from, from))
		return { type: 'Disagreed', end: { type: 'OtherVersion', from, to }, code: 'version' };
	if (hello.library !== own.library) return { type: 'Disagreed', end: { type: 'OtherLibrary' }, code: 'library' };
	if (hello.device !== peer) return { type: 'Disagreed', end: { type: 'OtherDevice' }, code: 'device' };
	return { version, features: own.features.filter((feature) => hello.features.includes(feature)) };
}
