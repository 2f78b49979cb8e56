import {
	createCore,
	type ActionName,
	type AnyAction,
	type AnyBlock,
	type Commands,
	type Core,
	type CoreContext,
	type CoreOptions
} from '#core';
import { commandId, type EntryId } from '#core/kernel';
import type { RootRef } from '#core/ports';
import type { Location } from '#core/volumes';
import { holds, type World } from './core-world.ts';

/** SQLCipher's own number of rounds is the least that a header may hold; tests need no more. */
const rounds = 256_000;

type Name = keyof Commands;
type Value<N extends Name> = Extract<Awaited<ReturnType<Commands[N]>>, { ok: true }>['value'];
type Failure<N extends Name> = Extract<Awaited<ReturnType<Commands[N]>>, { ok: false }>['failure'];
type Call = (input: unknown, context: CoreContext) => Promise<{ ok: boolean; value: unknown; failure: unknown }>;

let commands = 0;
export function nextCommand() {
	return commandId((++commands).toString(16).padStart(32, '0'));
}

/** A core under test: calls that must succeed give the value, calls that must fail the failure. */
export type Driver = {
	readonly core: Core;
	value<N extends Name>(name: N, input: Parameters<Commands[N]>[0], context?: Partial<CoreContext>): Promise<Value<N>>;
	failure<N extends Name>(name: N, input: Parameters<Commands[N]>[0]): Promise<Failure<N>>;
	/** For calls that may do either: the failure, or null where it succeeded. */
	refusal<N extends Name>(name: N, input: Parameters<Commands[N]>[0]): Promise<Failure<N> | null>;
};

export function drive(
	world: Pick<World, 'host' | 'libraryFolder'>,
	library: number,
	options: CoreOptions = {}
): Driver {
	const core = createCore(world.host, world.libraryFolder(library), { rounds, ...options });
	const call = (name: Name, input: unknown, context: Partial<CoreContext> = {}) =>
		(core.commands[name] as Call)(input, {
			signal: new AbortController().signal,
			command: nextCommand(),
			...context
		});
	return {
		core,
		value: async (name, input, context) => {
			const answer = await call(name, input, context);
			holds(answer.ok, `${name} failed: ${JSON.stringify(answer.failure)}`);
			return answer.value as Value<typeof name>;
		},
		failure: async (name, input) => {
			const answer = await call(name, input);
			holds(!answer.ok, `${name} succeeded: ${JSON.stringify(answer.value)}`);
			return answer.failure as Failure<typeof name>;
		},
		refusal: async (name, input) => {
			const answer = await call(name, input);
			return answer.ok ? null : (answer.failure as Failure<typeof name>);
		}
	};
}

/** Does an action once its plan was looked at, and waits for its end; null where there is nothing to do. */
export async function act(driver: Driver, action: ActionName, input: unknown): Promise<AnyAction | null> {
	const plan = await driver.value('actions.preview', { action, input });
	if (plan.counts.operations + plan.counts.blocked === 0) return null;
	const { id } = await driver.value('actions.commit', { action, input, plan: plan.id });
	return driver.value('actions.end', { action: id });
}

/** Why the one thing that an action is about cannot be done. */
export async function refusal(driver: Driver, action: ActionName, input: unknown): Promise<AnyBlock> {
	const { operations, blocked } = await driver.value('actions.preview', { action, input });
	const [first] = blocked;
	holds(operations.length === 0 && first !== undefined, `${action} would be done`);
	return first.why;
}

/** Puts a folder under management. */
export async function addLocation(
	driver: Driver,
	input: { readonly root: RootRef; readonly name: string | null },
	context?: Partial<CoreContext>
): Promise<Location> {
	await driver.value('actions.commit', { action: 'locations.add', input, plan: null }, context);
	const location = (await driver.value('locations.list', {})).find(({ root }) => root === input.root);
	holds(location !== undefined, 'the folder is in the library');
	return location;
}

/** Puts `root` under management and indexes it. */
export async function addIndexed(driver: Driver, root: RootRef, name: string | null = null): Promise<Location> {
	const location = await addLocation(driver, { root, name });
	await driver.value('index.run', { location: location.id, acceptEmpty: false });
	return location;
}

/** Everything below `folder` as `path → kind:size`, read through the commands. */
export async function dump(driver: Driver, folder: EntryId, at = ''): Promise<Record<string, string>> {
	const ids = await driver.value('entries.ids', { folder, order: { by: 'name', descending: false } });
	const found: Record<string, string> = {};
	for (const row of await driver.value('entries.rows', { ids: [...ids] })) {
		const path = `${at}/${row.name}`;
		found[path] = row.kind === 'file' ? `file:${row.sizeBytes}` : row.kind;
		if (row.kind === 'directory') Object.assign(found, await dump(driver, row.id, path));
	}
	return found;
}
