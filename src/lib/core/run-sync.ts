import { err, ok, type DeviceId, type Result } from '#core/kernel';
import { linkCodes, type Dialled, type KnownDevice } from '#core/devices';
import type { LibraryFailure } from '#core/library';
import type { LinkEnd } from '#core/net';
import type { DomainStatus, PeerStatus, SessionEnd } from '#core/sync';
import type { CoreEvent, Joined } from './joined.ts';

type DialledFailure = Extract<Dialled, { readonly ok: false }>['failure'];

/** Why this device and another one are not in step after they were to meet. */
export type MeetFailure =
	| DialledFailure
	/** A person there has removed this device. */
	| { readonly type: 'RemovedThere' }
	/** It does not know this device. */
	| { readonly type: 'NotKnownThere' }
	/** Much of what people say was deleted there: it waits here for a person, and all that was said after it. */
	| { readonly type: 'DeletionsHeld'; readonly deleted: number; readonly of: number }
	/** One of them has refused what the other one had. */
	| { readonly type: 'SyncRefused'; readonly domain: string }
	| { readonly type: 'SyncEnded'; readonly why: SessionEnd | null };

export type SyncedDevice = {
	readonly device: DeviceId;
	readonly name: string;
	/** Null where both have all that the other one has. */
	readonly failure: MeetFailure | null;
};

type Met = 'level' | MeetFailure | null;

function isSettled({ pull, give }: DomainStatus): boolean {
	return ['level', 'refused', 'denied'].includes(pull.type) && ['level', 'refused', 'denied'].includes(give.type);
}

/** How far a meeting is; null while it goes on. */
function metOf(status: PeerStatus | undefined): Met {
	if (status?.link !== 'open' || status.domains.length === 0 || !status.domains.every(isSettled)) return null;
	const refused = status.domains.find(({ pull, give }) => pull.type !== 'level' || give.type !== 'level');
	if (refused === undefined) return 'level';
	const why = refused.pull.type === 'refused' ? refused.pull.why : null;
	return why?.type === 'BatchDeletesMuch'
		? { type: 'DeletionsHeld', deleted: why.deleted, of: why.of }
		: { type: 'SyncRefused', domain: refused.domain };
}

function endOf(end: LinkEnd, why: SessionEnd | null): MeetFailure {
	if (end.type === 'LinkLost')
		return why === null || why.type === 'Cut'
			? { type: 'DeviceUnreachable', what: end.what }
			: { type: 'SyncEnded', why };
	if (end.code === linkCodes.removed) return { type: 'RemovedThere' };
	return end.code === linkCodes.unknown ? { type: 'NotKnownThere' } : { type: 'SyncEnded', why };
}

/** Resolves once `look` finds something, which it is asked after each event, or once `ended` has. */
function until<T>(joined: Joined, look: () => T | null, ended: Promise<T>): Promise<T> {
	return new Promise((resolve, reject) => {
		const told = (event: CoreEvent | null) => {
			const found = event === null || event.type === 'sync-changed' ? look() : null;
			if (found !== null) finish(() => resolve(found));
		};
		const end = joined.subscribe(told);
		const finish = (settle: () => void) => {
			end();
			settle();
		};
		ended.then(
			(value) => finish(() => resolve(value)),
			(thrown: unknown) => finish(() => reject(thrown))
		);
		told(null);
	});
}

async function meet(
	joined: Joined,
	device: KnownDevice,
	isOut: boolean,
	signal: AbortSignal
): Promise<MeetFailure | null> {
	const { devices, opened } = joined;
	if (isOut) return { type: 'RemovedThere' };
	const status = () => {
		const rooms = opened();
		return rooms.ok ? rooms.value.sync.status().find((one) => one.device === device.id) : undefined;
	};
	const look = () => (signal.aborted ? { type: 'SyncEnded' as const, why: null } : metOf(status()));
	if (devices.links.isLinked(device.id)) {
		const met = metOf(status());
		return met === 'level' ? null : (met ?? { type: 'SyncEnded', why: null });
	}
	const dialled = await devices.dialling.reach(device, signal);
	if (!dialled.ok) return dialled.failure;
	const following = devices.links.follow(device.id, dialled.value.link, dialled.value.way);
	const ended = following.then((end): Met => endOf(end, status()?.ended ?? null));
	const stop = () => devices.links.cut(device.id, 0);
	signal.addEventListener('abort', stop, { once: true });
	const met = await until<Met>(joined, look, ended);
	signal.removeEventListener('abort', stop);
	const rooms = opened();
	if (met === 'level' && rooms.ok) {
		devices.noteLink(device.id);
		if (!devices.keepsLinks) {
			await rooms.value.sync.forget(device.id);
			await following;
		}
	}
	signal.throwIfAborted();
	return met === 'level' ? null : met;
}

/** Meets each device that was not removed, or `only` that one, all at once. */
export async function runSync(
	joined: Joined,
	only: DeviceId | null,
	signal: AbortSignal
): Promise<Result<readonly SyncedDevice[], LibraryFailure>> {
	const listed = joined.devices.list();
	if (!listed.ok) return err(listed.failure);
	const others = listed.value.filter(
		({ id, isThis, revokedMs, hasLostVoucher, publicKey }) =>
			!isThis && revokedMs === null && !hasLostVoucher && publicKey !== null && (only === null || only === id)
	);
	const isOut = listed.value.some(({ isThis, revokedMs }) => isThis && revokedMs !== null);
	return ok(
		await Promise.all(
			others.map(async (device) => ({
				device: device.id,
				name: device.name,
				failure: await meet(joined, device, isOut, signal)
			}))
		)
	);
}
