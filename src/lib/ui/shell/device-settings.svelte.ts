/**
 * What this device keeps of how a person likes the screen: keys, what was done last, widths. Ids and numbers only: it
 * lies outside of the library, in the clear.
 */
export type DeviceSettings = {
	/** Chords by the id of an ability, where a person wants others than it comes with. */
	readonly keys: Readonly<Record<string, readonly string[]>>;
	/** Whether single letters do something. */
	readonly letters: boolean;
	/** What was done last from the palette, the latest first. */
	readonly recent: readonly string[];
	readonly infoWidthPx: number;
};

const key = 'atoll:device';
const recentMax = 12;
export const infoWidthsPx = { least: 240, usual: 288, most: 560 } as const;

function strings(value: unknown): readonly string[] {
	return Array.isArray(value) ? value.filter((part) => typeof part === 'string') : [];
}

/** Settings out of what was kept; whatever of it cannot be used is as it comes with the app. */
export function parseDeviceSettings(text: string | null): DeviceSettings {
	let kept: unknown = null;
	try {
		kept = JSON.parse(text ?? 'null');
	} catch {
		// unreadable: as if nothing was kept
	}
	const { keys, letters, recent, infoWidthPx }: Record<string, unknown> = Object(kept);
	const chords = Object.entries(Object(keys)).map(([id, list]) => [id, strings(list)] as const);
	const { least, usual, most } = infoWidthsPx;
	const width = typeof infoWidthPx === 'number' && Number.isFinite(infoWidthPx) ? infoWidthPx : usual;
	return {
		keys: Object.fromEntries(chords),
		letters: letters === true,
		recent: strings(recent).slice(0, recentMax),
		infoWidthPx: Math.min(most, Math.max(least, Math.round(width)))
	};
}

function read(): string | null {
	try {
		return localStorage.getItem(key);
	} catch {
		return null;
	}
}

class Device {
	#value: DeviceSettings = $state.raw(parseDeviceSettings(typeof localStorage === 'undefined' ? null : read()));

	get value(): DeviceSettings {
		return this.#value;
	}

	/** Takes effect at once, and in tabs that open later. */
	change(changed: Partial<DeviceSettings>): void {
		const text = JSON.stringify({ ...this.#value, ...changed });
		this.#value = parseDeviceSettings(text);
		try {
			localStorage.setItem(key, text);
		} catch {
			// a browser that keeps nothing still has it until the page goes
		}
	}

	/** Notes what was done from the palette. */
	did(id: string): void {
		this.change({ recent: [id, ...this.#value.recent.filter((other) => other !== id)].slice(0, recentMax) });
	}
}

export const device = new Device();
