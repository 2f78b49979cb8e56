import type { Component } from 'svelte';
import Globe from '@lucide/svelte/icons/globe';
import Monitor from '@lucide/svelte/icons/monitor';
import Server from '@lucide/svelte/icons/server';

type Icon = Component<{ size?: number | string }>;

const icons: Readonly<Record<string, Icon>> = { browser: Globe, peer: Server };

/** The sign of a kind of device; of one that was only told of by others nothing more is known. */
export function deviceIcon(kind: string): Icon {
	return icons[kind] ?? Monitor;
}
