/**
 * analysis: what is to be made of files, and how much that is wanted.
 *
 * Owns the queue of analyses and what people have said of them. Guarantees: a content that has a file in a location in
 * deep mode has one row for each analysis that its kind of file and the policies ask for, whatever the number of its
 * copies; where copies disagree the policy that wants it most holds; a content that goes takes its rows along. Nothing
 * is made here.
 */
export {
	analyses,
	analysisPolicies,
	isAnalysisKind,
	isAnalysisPolicy,
	type AnalysisKind,
	type AnalysisPolicy
} from './analyses.ts';
export { createQueueJob, type QueueJob } from './queue-job.ts';
export { setPolicyAction, setPolicyOperation, type SetPolicyDomain } from './set-policy.ts';
export type { AnalysisQueue, Holding, QueueCount, SaidPolicy } from './schema.ts';
export {
	addToQueue,
	createWishList,
	isQueued,
	readQueue,
	readSaid,
	readWishes,
	writePolicy,
	writeQueue,
	type Wishes,
	type WishList
} from './store.ts';
