/**
 * replicas: what other devices of the library have, as they have told it, and what this one tells them of its own.
 *
 * Owns the log of what changed in this device's index and how far it has come with those of others; the replicas
 * themselves are rows of the tables of locations, volumes and entries, under numbers that no device gives itself. Guarantees:
 * a change is noted in the transaction that makes it, whatever has made it, and nothing is noted before the index is
 * shared; only what its owner has signed is taken over, whoever passes it on, all of a batch or nothing, and a batch that comes twice, late or out of
 * order changes nothing; once the owner has told all, a replica is what the owner had at one instant; what has gone never comes
 * back by an older telling; many that go at once, and that nobody had removed, wait for a person, and hold up nothing else.
 */
export { createIndexSync, type IndexSync } from './index-domain.ts';
export { dumpIndex } from './dump.ts';
export type { Held } from './remove-doubted.ts';
export {
	handOn,
	hasMovable,
	insist,
	mayLetGo,
	readLostFolders,
	readOwnerOf,
	readTheirFolders,
	settleHolders,
	takeOver,
	type LostFolder
} from './claims.ts';
