import type { FilesDomain } from '#core/files';
import type { MetadataDomain } from '#core/metadata';
import type { RenameDomain } from '#core/volumes';

/** All that actions are made of: a room that has some adds its domain here, and everything else asks for the rest. */
type Parts = RenameDomain | FilesDomain | MetadataDomain;

/** The operations of all rooms, and what can be said against one. */
export type AtollDomain = {
	readonly operation: Parts['operation'];
	readonly block: Parts['block'];
	readonly warning: Parts['warning'];
	readonly failure: Parts['failure'];
};
