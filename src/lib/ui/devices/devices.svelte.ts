import { goto } from '$app/navigation';
import { LiveQuery } from '#client/mod.ts';
import type { SyncedPeer } from '#core';
import type { DeviceRow } from '#core/devices';
import type { DeviceId, LocationId, VolumeId } from '#core/kernel';
import type { Location } from '#core/volumes';
import type { App } from '#ui/shell/app.svelte.ts';
import type { PlaceBadge } from '#ui/files/row-source.ts';
import { deviceName, elsewhereWords, ownerWords } from '#ui/words/devices.ts';
import { takeNew } from './known-devices.ts';
import { frameState, type FrameState } from '#ui/words/waiting.ts';
import type { AnyFailure } from '#ui/words/failures.ts';

export type Elsewhere = { readonly words: string; readonly isConnected: boolean };

/** The devices of the library, and how far each is in step. Nothing is asked before `watch`: most libraries have one. */
export class Devices {
	readonly #app: App;
	readonly #letIn = new Set<DeviceId>();
	#list: LiveQuery<'devices.list'> | null = $state.raw(null);
	#status: LiveQuery<'sync.status'> | null = $state.raw(null);

	constructor(app: App) {
		this.#app = app;
	}

	/** Keeps what is known of devices true from now on. */
	watch(): void {
		this.#list ??= new LiveQuery(this.#app.client, 'devices.list', {});
		this.watchStatus();
	}

	/** Keeps it true whether there are others, and what waits to be told to them. */
	watchStatus(): void {
		this.#status ??= new LiveQuery(this.#app.client, 'sync.status', {});
	}

	/** Whether another device is a member of the library. */
	get hasOthers(): boolean {
		return this.#status?.value?.some(({ waiting }) => waiting !== null) ?? false;
	}

	/** What the frame of the app says of other devices; null where there is nothing to be said. */
	get frame(): FrameState | null {
		const all = this.all ?? [];
		const others = (this.#status?.value ?? []).flatMap(({ device, link, waiting }) => {
			const row = all.find(({ id }) => id === device);
			return waiting === null || row === undefined
				? []
				: [{ name: deviceName(row), seenMs: row.seenMs, isConnected: link === 'open', waiting }];
		});
		return frameState(others, this.#app.nowMs);
	}

	/** Null before the first answer and after a failure. */
	get all(): readonly DeviceRow[] | null {
		return this.#list?.value ?? null;
	}

	get failure(): AnyFailure | null {
		return this.#list?.failure ?? null;
	}

	statusOf(device: DeviceId): SyncedPeer | null {
		return this.#status?.value?.find((one) => one.device === device) ?? null;
	}

	isConnected(device: DeviceId | undefined): boolean {
		return device !== undefined && this.statusOf(device)?.link === 'open';
	}

	/** Tells of each device that was let in since a person last looked, wherever that was. */
	tellNew(library: string): void {
		for (const { id, name, isThis } of takeNew(localStorage, library, this.all ?? [])) {
			if (this.#letIn.has(id)) continue;
			this.#app.notices.show({
				tone: 'calm',
				title: `“${deviceName({ name, isThis })}” is a device of this library now.`,
				text: 'If nobody of yours let it in, remove it.',
				action: { title: 'Show devices', run: () => void goto('/devices') }
			});
		}
	}

	/** The person on this page has let it in: nobody needs to be told. */
	noteLetIn(device: DeviceId): void {
		this.#letIn.add(device);
	}

	/** The other device that a folder is on; null for this one's, and while that is not known. */
	ownerOf(location: LocationId): DeviceRow | null {
		return this.all?.find((one) => !one.isThis && one.locations.includes(location)) ?? null;
	}

	/** The other device that a disk is on. */
	ownerOfDisk(volume: VolumeId): DeviceRow | null {
		return this.all?.find((one) => !one.isThis && one.volumes.includes(volume)) ?? null;
	}

	/** Where a folder is that is on another device, and whether that is there now; null for this one's. */
	placeOf({ id, problem, hasMoved }: Location): Elsewhere | null {
		if (problem?.type !== 'NotOnThisDevice') return null;
		const owner = this.ownerOf(id);
		const isConnected = this.isConnected(owner?.id);
		return { words: elsewhereWords(owner, problem.device, isConnected, hasMoved), isConnected };
	}

	/** The same, as short as a row has room for. */
	badgeOf({ id, problem, hasMoved }: Location): PlaceBadge | null {
		if (problem?.type !== 'NotOnThisDevice') return null;
		const owner = this.ownerOf(id);
		const isConnected = this.isConnected(owner?.id);
		const where = ownerWords(owner === null ? problem.device : deviceName(owner), hasMoved);
		return { words: isConnected ? where : `${where}, off`, isAway: !isConnected };
	}

	async rename(device: DeviceId, name: string): Promise<void> {
		await this.#app.do('devices.rename', { device, name });
	}

	/** Cuts a device off, once the person has seen what that means. */
	async remove({ id, name }: DeviceRow): Promise<boolean> {
		const removed = await this.#app.do('devices.revoke', { device: id });
		if (removed.ok) this.#app.notices.tell(`“${name}” is removed.`);
		return removed.ok;
	}

	/** A person is back, or the network: whoever is not linked is called at once, where there are others. */
	meetAgain(): void {
		if (this.#app.phase === 'open' && this.#list !== null && document.visibilityState === 'visible')
			void this.#app.ask('sync.run', {});
	}

	/** Meets a device now; why that came to nothing, else null. */
	async meet(device: DeviceId): Promise<AnyFailure | null> {
		const met = await this.#app.ask('sync.run', {});
		if (!met.ok) return met.failure;
		return met.value.find((one) => one.device === device)?.failure ?? null;
	}

	/** Has what a device has deleted, and is held here, go or stay. */
	async answerDeletions(device: DeviceId, accepts: boolean): Promise<void> {
		await this.#app.do('sync.accept-deletions', { device, accepts });
	}

	/** Asks a device again for what was refused. */
	async askAgain(device: DeviceId, domain: string): Promise<void> {
		await this.#app.do('sync.retry', { device, domain });
	}
}
