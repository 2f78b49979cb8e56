/**
 * sayings: what devices have said of files, and when; how that becomes one on all of them.
 *
 * Owns the log of facts and what was overwritten. Guarantees: from when a library meets another device, whatever
 * changes in what people say becomes a fact in the same transaction, whoever changes it; devices that have the same facts
 * say the same, in whichever order these came; a tag, a tie or a member that was put somewhere at the same time as another
 * device took it away is there; of a field the value that was set last counts, and another device's that it has taken
 * the place of can be looked up; what would take away more than one overlooks waits for a person; what is said of a file that
 * is not known yet waits for it. What is left out of the log means nothing to whoever still has it, or will ever hear of it:
 * however long a device was away, nothing that was taken away comes back, and nothing is lost.
 */
export { beginComingBack } from './come-back.ts';
export { createSayingsDomain, type SayingsDeps, type SayingsDomain } from './domain.ts';
export { dump } from './dump.ts';
export type { FoundFile } from './find-file.ts';
export { readSaid, type Said, type SaidVerb } from './read-said.ts';
export { readOverwritten, type Lost, type LostOn } from './overwritten.ts';
