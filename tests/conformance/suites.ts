import { describe, test } from 'vitest';
import { clockCases, type ClockWorld } from './clock.ts';
import { computeCases, type ComputeWorld } from './compute.ts';
import { databaseCases, type DatabaseWorld } from './database.ts';
import type { Cases, Disposable } from './expectation.ts';
import { fileChangesCases, type ChangesWorld } from './file-changes.ts';
import { fileStepsCases, type StepsWorld } from './file-steps.ts';
import { filesCases, type FilesWorld } from './files.ts';
import { linkCases, type LinksWorld } from './links.ts';
import { randomCases, type RandomWorld } from './random.ts';
import { secretsCases, type SecretsWorld } from './secrets.ts';
import { volumesCases, type VolumesWorld } from './volumes.ts';

type MakeWorld<World> = () => Promise<Disposable<World>>;

function conformance<World>(title: string, cases: Cases<World>, makeWorld: MakeWorld<World>): void {
	describe(title, () => {
		for (const [name, run] of Object.entries(cases)) {
			test(name, async () => {
				const { world, dispose } = await makeWorld();
				try {
					await run(world);
				} finally {
					await dispose();
				}
			});
		}
	});
}

/** Holds a port that `makeWorld` gives to what every host promises of it. */
export function databaseConformance(host: string, makeWorld: MakeWorld<DatabaseWorld>): void {
	conformance(`database on ${host}`, databaseCases, makeWorld);
}

export function filesConformance(host: string, makeWorld: MakeWorld<FilesWorld>): void {
	conformance(`files on ${host}`, filesCases, makeWorld);
}

export function fileChangesConformance(host: string, makeWorld: MakeWorld<ChangesWorld>): void {
	conformance(`file changes on ${host}`, fileChangesCases, makeWorld);
}

/** Holds the steps of the room `files` to the same on every host. */
export function fileStepsConformance(host: string, makeWorld: MakeWorld<StepsWorld>): void {
	conformance(`file steps on ${host}`, fileStepsCases, makeWorld);
}

export function clockConformance(host: string, makeWorld: MakeWorld<ClockWorld>): void {
	conformance(`clock on ${host}`, clockCases, makeWorld);
}

export function randomConformance(host: string, makeWorld: MakeWorld<RandomWorld>): void {
	conformance(`random on ${host}`, randomCases, makeWorld);
}

export function secretsConformance(host: string, makeWorld: MakeWorld<SecretsWorld>): void {
	conformance(`secrets on ${host}`, secretsCases, makeWorld);
}

export function computeConformance(host: string, makeWorld: MakeWorld<ComputeWorld>): void {
	conformance(`compute on ${host}`, computeCases, makeWorld);
}

export function volumesConformance(host: string, makeWorld: MakeWorld<VolumesWorld>): void {
	conformance(`volumes on ${host}`, volumesCases, makeWorld);
}

/** Holds the links of a carrier to what every link promises. */
export function linkConformance(carrier: string, makeWorld: MakeWorld<LinksWorld>): void {
	conformance(`links over ${carrier}`, linkCases, makeWorld);
}
