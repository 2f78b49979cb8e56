import type { Commands } from '#core';
import { nextCommand } from '../conformance/core-driver.ts';
import type { PeerWorld } from './peer-world.ts';

type Value<N extends keyof Commands> = Extract<Awaited<ReturnType<Commands[N]>>, { ok: true }>['value'];

/** What a command of a device answers, while time passes in its world; throws where it fails. */
export async function ask<N extends keyof Commands>(
	world: PeerWorld,
	peer: number,
	name: N,
	input: Parameters<Commands[N]>[0]
): Promise<Value<N>> {
	const commands = world.peers[peer]?.core?.commands;
	if (commands === undefined) throw new Error('the device is off');
	const call = commands[name] as (input: unknown, context: object) => Promise<{ ok: boolean; value: Value<N> }>;
	const asked = call(input, { signal: new AbortController().signal, command: nextCommand() });
	let isAnswered = false;
	const answered = asked.finally(() => (isAnswered = true));
	for (let turns = 0; turns < 2_000 && !isAnswered; turns++) await world.take({ do: 'wait', ms: 1 });
	const answer = await answered;
	if (!answer.ok) throw new Error(`${name}: ${JSON.stringify(answer)}`);
	return answer.value;
}

/** Does an action on a device, as a person who has looked at its plan. */
export async function act(world: PeerWorld, peer: number, action: string, input: unknown): Promise<void> {
	const plan = await ask(world, peer, 'actions.preview', { action: action as never, input });
	const done = await ask(world, peer, 'actions.commit', { action: action as never, input, plan: plan.id });
	await ask(world, peer, 'actions.end', { action: done.id });
}

/** Has a world of people who have met, begun and level. */
export async function settled(world: PeerWorld): Promise<PeerWorld> {
	await world.begin();
	await world.take({ do: 'wait', ms: 5_000 });
	return world;
}

/** What a device says of its talks with another one. */
export async function statusOf(world: PeerWorld, peer: number, other: number) {
	const device = world.peers[other]?.device;
	return (await ask(world, peer, 'sync.status', {})).find((one) => one.device === device);
}
