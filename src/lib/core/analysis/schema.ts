import type { ContentId, LocationId } from '#core/kernel';
import type { FileKind } from '#core/content';
import type { AnalysisKind, AnalysisPolicy } from './analyses.ts';

/** A content with the locations in which it has a file. */
export type Holding = {
	readonly content: ContentId;
	readonly fileKind: FileKind;
	readonly sizeBytes: number;
	readonly locations: readonly LocationId[];
};

/** Contents that wait for an analysis under one policy. */
export type QueueCount = {
	readonly kind: AnalysisKind;
	readonly policy: AnalysisPolicy;
	readonly contents: number;
	readonly bytes: number;
};

/** What a person has said; of all locations where `location` is null. */
export type SaidPolicy = {
	readonly location: LocationId | null;
	readonly kind: AnalysisKind;
	readonly policy: AnalysisPolicy;
};

export type AnalysisQueue = { readonly counts: readonly QueueCount[]; readonly said: readonly SaidPolicy[] };
