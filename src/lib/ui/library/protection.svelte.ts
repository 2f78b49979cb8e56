/** Whether the browser has promised to keep this app's storage, and how much of it is used. */
export class Protection {
	/** Null until the browser has answered. */
	persisted: boolean | null = $state(null);
	usedBytes: number = $state(0);
	quotaBytes: number = $state(0);

	/** Share of the browser's allowance that is used, 0 to 1. */
	get share(): number {
		return this.quotaBytes > 0 ? this.usedBytes / this.quotaBytes : 0;
	}

	async look(): Promise<void> {
		this.persisted = await navigator.storage.persisted();
		await this.measure();
	}

	async measure(): Promise<void> {
		const { usage = 0, quota = 0 } = await navigator.storage.estimate();
		this.usedBytes = usage;
		this.quotaBytes = quota;
	}

	/** Asks the browser for the promise; some browsers answer by themselves, some ask the person. */
	async ask(): Promise<void> {
		this.persisted = await navigator.storage.persist();
		await this.measure();
	}
}
