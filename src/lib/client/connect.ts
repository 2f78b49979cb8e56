import type { CoreEvent, Commands } from '#core';
import type { Failure, Result } from '#core/kernel';
import type { DatabaseFailure } from '#core/ports';
import type { RootRef } from '#core/ports';
import type { BackupCommands, OutsideFile } from '../../workers/session/protocol.ts';
import { createSend, type Send } from './call.ts';
import type { CallFailure, CommandName, FailureOf, InputOf, ValueOf } from './commands.ts';
import { ConnectionCell, type Connection, type FailedReason } from './connection.svelte.ts';
import { Listeners, listenToCore } from './events.ts';
import { LeaderFinder } from './find-leader.ts';
import { Line } from './line.ts';
import { HeldFiles } from './held-files.ts';
import { findObstacle } from './obstacle.ts';

type CoreFailureOf<Name extends keyof Commands> = Extract<
	Awaited<ReturnType<Commands[Name]>>,
	{ readonly ok: false }
>['failure'];
type CoreValueOf<Name extends keyof Commands> = Extract<
	Awaited<ReturnType<Commands[Name]>>,
	{ readonly ok: true }
>['value'];

/** This page's way to the core. */
export type Client = {
	readonly connection: Connection;
	/** Runs a command in the core, wherever that is. Ends for certain; a write is applied at most once. */
	call<Name extends CommandName>(
		name: Name,
		input: InputOf<Name>,
		signal: AbortSignal
	): Promise<Result<ValueOf<Name>, FailureOf<Name>>>;
	/** Hears the core's events, at most ten times a second; returns what stops it. */
	onEvent(listener: (event: CoreEvent) => void): () => void;
	/** Hears that the core has moved to another tab or started again: what was read may be old. */
	onMoved(listener: () => void): () => void;
	/**
	 * The open library as one encrypted file, which lies in this browser's storage until the next backup,
	 * `discardBackup` or the end of the tab: save it before.
	 */
	makeBackup(
		signal: AbortSignal
	): Promise<Result<File, CoreFailureOf<'library.export'> | DatabaseFailure | CallFailure>>;
	discardBackup(signal: AbortSignal): Promise<Result<null, CallFailure>>;
	/** Makes the library of a backup that a person chose; it is locked then. */
	restoreBackup(
		file: File,
		signal: AbortSignal
	): Promise<Result<CoreValueOf<'library.import'>, CoreFailureOf<'library.import'> | CallFailure>>;
	/**
	 * Lets the core read files that this page was given, each at its place below the root that is answered, until
	 * `releaseFiles` or the end of this page and of the core's tab.
	 */
	holdFiles(files: readonly OutsideFile[], signal: AbortSignal): Promise<Result<RootRef, CallFailure>>;
	releaseFiles(root: RootRef): void;
	/** Ends this page's worker and its calls, as `Cancelled`. */
	close(): void;
};

function startCoreWorker(): Worker {
	return new Worker(new URL('../../workers/core.worker.ts', import.meta.url), { type: 'module' });
}

/** The one place where what came over the wire gets its type: `Commands` is what both sides were built from. */
function typed<T, F extends Failure>(answer: Promise<Result<unknown, Failure>>): Promise<Result<T, F | CallFailure>> {
	return answer as Promise<Result<T, F | CallFailure>>;
}

function backup<Name extends keyof BackupCommands>(
	send: Send,
	name: Name,
	input: BackupCommands[Name],
	signal: AbortSignal
): Promise<Result<unknown, Failure>> {
	return send(name, input, signal);
}

/** Starts this page's core worker and finds the leader; one client for each page. */
export function createClient(createWorker: () => Worker = startCoreWorker): Client {
	const closed = new AbortController();
	const connection = new ConnectionCell();
	const line = new Line();
	const send = createSend(line, closed.signal);
	const events = new Listeners<CoreEvent>();
	const moves = new Listeners<void>();
	const held = new HeldFiles(send, closed.signal);
	moves.add(() => held.holdAgain());
	function fail(reason: FailedReason): void {
		line.set({ reason });
		connection.fail(reason);
	}

	async function connect(): Promise<void> {
		const obstacle = await findObstacle();
		if (obstacle !== null) return fail(obstacle);
		listenToCore((event) => events.tell(event), closed.signal);
		const onMoved = () => moves.tell();
		await new LeaderFinder({ line, connection, createWorker, onMoved, signal: closed.signal }).start();
	}

	connect().catch((defect: unknown) => {
		if (closed.signal.aborted) return;
		console.error('the page cannot look for the core', defect);
		fail('core-failed');
	});
	return {
		connection,
		call: (name, input, signal) => typed(send(name, input, signal)),
		onEvent: (listener) => events.add(listener),
		onMoved: (listener) => moves.add(listener),
		makeBackup: (signal) => typed(backup(send, 'backup.make', null, signal)),
		discardBackup: (signal) => typed(backup(send, 'backup.discard', null, signal)),
		restoreBackup: (file, signal) => typed(backup(send, 'backup.restore', file, signal)),
		holdFiles: (files, signal) => held.hold(files, signal),
		releaseFiles: (root) => held.release(root),
		close: () => closed.abort()
	};
}
