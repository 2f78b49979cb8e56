/**
 * sync: what devices tell each other, and how it becomes one.
 *
 * Owns the table of the devices that a library knows, and of what has happened between them. Guarantees: what is merged is the same on every device, whatever
 * the order in which it came, however often; a number that another device gave is another number here, and its again
 * when it travels. A session keeps nothing that matters: cut anywhere, a new one goes on from what each side has in its
 * database. A batch is acknowledged only once it is merged and durable; one that is refused leaves every other domain
 * going. Whatever comes is bounded and parsed, and who does not keep to the protocol, or is of another library, is told
 * so and left.
 */
export { StorageFault, type Batch, type Have, type MergeRefusal, type Progress, type SyncDomain } from './domain.ts';
export { batchBytes, messageBytesMax, type SyncChannel } from './channel.ts';
export { messageSchemas, parseMessage, protocolVersions, type Message, type RefusalCode } from './messages/message.ts';
export { streamToChannel, syncStreamKind } from './stream-channel.ts';
export { unaskedOf } from './mass-deletion.ts';
export type { OwnSide } from './agree.ts';
export { createSessions, type Sessions, type SessionsDeps } from './sessions.ts';
export type { DomainStatus, GiveState, PeerStatus, PullState, SessionEnd } from './status.ts';
export { joinNumber, numbersPerSlot, slotMax, splitNumber, type SlotNumber } from './slot-numbers.ts';
export {
	noteAnswered,
	noteHeld,
	noteRenamed,
	noteTold,
	readHappenings,
	type Happening,
	type HappeningDetail
} from './happenings.ts';
export { deviceOf, findSlot, hasMetOthers, nameThisDevice, slotOf, thisDevice } from './store.ts';
export {
	deviceKeyOf,
	keepIntroduced,
	readKnownMembers,
	readMembers,
	readRemoved,
	readVouching,
	writeVouching,
	type DeviceKey,
	type IntroducedDevice,
	type Member,
	type Vouching
} from './member-store.ts';
